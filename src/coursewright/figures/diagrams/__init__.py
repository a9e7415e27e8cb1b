"""Diagrams computed from what they show: logic circuits, automata, graphs, number lines, circuits, sets, maps."""
