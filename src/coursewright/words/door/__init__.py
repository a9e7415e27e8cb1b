"""The way in: rows of any kind, their columns, fields and keys."""
