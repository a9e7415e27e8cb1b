"""Rows for people and for programs: as text, in files, summed up."""
