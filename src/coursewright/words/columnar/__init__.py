"""The path that tells all rows together, with NumPy and Polars."""
