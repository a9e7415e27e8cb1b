"""How each kind of database is asked, a file for each."""
