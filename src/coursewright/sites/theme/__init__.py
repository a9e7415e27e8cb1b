"""What a site looks like: templates for its pages, and its style sheet."""
