"""A page as a notebook: its text in cells of Markdown, its directives and its code in cells that run."""
