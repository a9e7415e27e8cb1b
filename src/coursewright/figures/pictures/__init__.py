"""Pictures in SVG on any paper, in any theme, as PNG, and kept."""
