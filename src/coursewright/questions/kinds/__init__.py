"""What can be asked: one file a kind, with all that the kind is; see `coursewright.questions.kind`.

    KINDS                      # the names of all
    kind_called("number")      # the kind of that name
    kind_of(part)              # the kind of a part
    AnyPart                    # a part of any kind, for decoders

A kind is loaded when it is first asked for.
"""

from __future__ import annotations

from functools import cache, reduce
from importlib import import_module
from operator import or_
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

from coursewright.questions.kind import Kind
from coursewright.questions.part import Part

if TYPE_CHECKING:
    AnyPart = Part

KINDS = tuple(sorted(each.name for each in iter_modules(__path__) if not each.name.startswith("_")))
"""The names of all kinds of questions."""


@cache
def kind_called(name: str) -> Kind[Any]:
    """The kind called `name`, which is one of `KINDS`."""
    kind: Kind[Any] = import_module(f"{__name__}.{name}").KIND
    return kind


def kind_of(part: Part) -> Kind[Any]:
    """The kind of a part."""
    return kind_called(name_of(part))


def name_of(part: Part | type[Part]) -> str:
    """The name of the kind of a part; that of true or false is a choice."""
    return str(part.__struct_config__.tag)


@cache
def gap_kinds() -> tuple[str, ...]:
    """The names of the kinds that a gap may be of."""
    return tuple(name for name in KINDS if kind_called(name).gap)


@cache
def _any_part() -> Any:
    return reduce(or_, dict.fromkeys(kind_called(name).part for name in KINDS if kind_called(name).part is not Part))


def __getattr__(name: str) -> Any:
    # The parts are known when all kinds are loaded, which happens where variants are read and nowhere else.
    if name == "AnyPart":
        return _any_part()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
