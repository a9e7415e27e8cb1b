"""Question files: their sections, templates and parts."""
