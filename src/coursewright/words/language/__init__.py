"""The language of grammars: how rules are read, and what is wrong with them."""
