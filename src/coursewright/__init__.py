"""Coursewright: executable courses and data stories from one folder of plain text and data."""

__version__ = "0.1.0"
