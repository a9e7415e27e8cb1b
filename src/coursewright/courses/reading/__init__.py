"""`course.toml` and the folder around it: what they say, and what is wrong with them."""
