"""The one training loop, its controls and its reports."""
