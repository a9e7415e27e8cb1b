"""What a site carries for pages that are told again where they are read."""
