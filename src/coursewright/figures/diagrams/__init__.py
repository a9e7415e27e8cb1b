"""Diagrams: pictures of things and how they hang together, each with alternative text made from the same data."""
