"""What a course expects of a table, and what breaks it."""
