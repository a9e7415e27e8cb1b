"""How a table of an HTML page is read, a file for each question."""
