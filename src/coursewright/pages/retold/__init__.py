"""Blocks in SQL that stands alone: for an engine that is told the present parameters."""
