"""The formats, a file each: what pages are written as, one by one, and what the whole has besides."""
