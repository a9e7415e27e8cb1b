"""Rules of response processing, as QTI 3 names them."""

from __future__ import annotations

from html import escape

from coursewright.questions.exporters._markup import number, tag


def value(kind: str, text: str) -> str:
    """A constant of the base type `kind`."""
    return tag("qti-base-value", escape(text, quote=False), base_type=kind)


def variable(name: str) -> str:
    """The value of a variable of the item."""
    return tag("qti-variable", identifier=name)


def assign(outcome: str, expression: str) -> str:
    """The rule that gives an outcome its value."""
    return tag("qti-set-outcome-value", expression, identifier=outcome)


def when(*cases: tuple[str, str]) -> str:
    """The rule of the first condition that holds; nothing without conditions."""
    if not cases:
        return ""
    names = ["qti-response-if", *["qti-response-else-if"] * (len(cases) - 1)]
    return tag("qti-response-condition", *(tag(name, *case) for name, case in zip(names, cases, strict=True)))


def score(points: float) -> str:
    """A number of points as a constant."""
    return value("float", number(points))
