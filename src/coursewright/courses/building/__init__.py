"""From the plan of a build to its pages in every format, and what is kept of it for the next."""
