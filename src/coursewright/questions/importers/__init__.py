"""Banks of questions that exist already, read into question files: one file each format."""
