"""The places in a page at which readers can have it told again."""

TOLD, CHOICE = "site.told", "site.choice"
"""The ids of what a page is told again by, and of what leads to another."""
