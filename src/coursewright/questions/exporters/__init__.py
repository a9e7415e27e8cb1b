"""Formats that platforms read: one file each, named as `--to` names it."""
