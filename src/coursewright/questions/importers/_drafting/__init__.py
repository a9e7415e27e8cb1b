"""What all importers share: a question as its bank has it, its text as Markdown, and its file."""
