"""The formats, a file each: what pages are written as."""
