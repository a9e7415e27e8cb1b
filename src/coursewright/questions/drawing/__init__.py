"""From a question to a variant: its code is run behind the wall, its templates are filled."""
