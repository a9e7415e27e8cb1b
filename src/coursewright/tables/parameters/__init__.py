"""Parameters: the values that a course, a page or a reader chooses, and what they can be."""
