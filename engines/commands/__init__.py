"""What the command line can do; engines.cli puts it together."""
