"""Formulas and units: expressions as responses and as TeX and MathML."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.questions.formulas.tex import mathml
else:
    __getattr__ = on_first_use(__name__, __file__)
