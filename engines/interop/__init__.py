"""Bridges to other programs and their formats."""
