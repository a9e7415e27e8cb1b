"""What the exporter to Canvas is made of: the parts of items, and the package."""
