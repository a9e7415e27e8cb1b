"""What reading a dump is made of: opening the file, its statements, its tables, their values, the files written."""
