"""Formulas and units: expressions as responses and as TeX and MathML."""
