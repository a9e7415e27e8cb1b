"""Values in sentences: how they compare, and how they and the modifiers of tags are printed."""
