"""Questions: templates of which every student can have a variant of their own, for any learning platform."""
