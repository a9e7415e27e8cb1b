"""Prose with values in it, as HTML and as Markdown."""
