"""Sample sets drawn by code, so that everything works without a download."""
