"""What the exporters to QTI have in common: one item, written with the names of QTI 3, and what a package is."""
