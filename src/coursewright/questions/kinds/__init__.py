"""What can be asked: one file a kind, each with its settings, how it is built, marked and checked."""
