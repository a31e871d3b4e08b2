"""Networks that engines share, one family a file."""
