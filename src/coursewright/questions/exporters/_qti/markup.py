"""Writing elements: a tag per function call, every value escaped."""

from __future__ import annotations

from html import escape


def tag(name: str, *children: str, **attributes: str) -> str:
    """An element of QTI 3. Attributes are written with `_` for `-`; children are XML already."""
    given = "".join(f' {key.replace("_", "-")}="{_quoted(value)}"' for key, value in attributes.items())
    return f"<{name}{given}>{''.join(children)}</{name}>" if children else f"<{name}{given}/>"


def _quoted(text: str) -> str:
    return escape(text).replace("\n", "&#10;").replace("\t", "&#9;").replace("\r", "&#13;")


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
    """The rule of the first condition that holds."""
    names = ["qti-response-if", *["qti-response-else-if"] * (len(cases) - 1)]
    return tag("qti-response-condition", *(tag(name, *case) for name, case in zip(names, cases, strict=True)))


def score(points: float) -> str:
    """A number of points as a constant."""
    return value("float", number(points))


def number(size: float) -> str:
    """A number as briefly as it can be written without a loss."""
    return repr(float(size)).removesuffix(".0")
