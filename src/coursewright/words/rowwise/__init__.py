"""The path that tells one row at a time and can do everything."""
