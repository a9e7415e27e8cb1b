"""A site served while its author writes."""
