"""What the window costs, and how it answers; see README.md beside this folder."""
