"""Charts from tables: their kinds, how they look, and what they say in words."""
