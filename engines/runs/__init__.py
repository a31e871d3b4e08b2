"""The run folder on disk: the interface between window, command line and machines."""
