"""Diagrams computed from what they show: logic circuits, automata, graphs, number lines, circuits, sets, maps."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.figures.diagrams.automata import automaton
    from coursewright.figures.diagrams.circuits import circuit, read_parts
    from coursewright.figures.diagrams.gates import evaluate, logic, truth_table
    from coursewright.figures.diagrams.graphs import graph, tree
    from coursewright.figures.diagrams.map import points_map
    from coursewright.figures.diagrams.number_lines import (
        Interval,
        check_ends,
        number_in,
        number_line,
        read_interval,
        read_point,
    )
    from coursewright.figures.diagrams.tikz_pictures import PictureError, tex_escape, tikz, tikz_batch
    from coursewright.figures.diagrams.venn_diagrams import Show, venn
else:
    __getattr__ = on_first_use(__name__, __file__)
