"""What reading a spreadsheet is made of: the readers of books, a second look at their parts, cells into columns."""
