"""The kinds of parameters in front matter: a number or a truth value that stands without quotes is one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from coursewright import as_written
from coursewright.tables import Parameter
from coursewright.tables.parameters import Scalar

_WHOLE = re.compile(r"[-+]?(0|[1-9]\d*)")
_NUMBER = re.compile(r"[-+]?(0|[1-9]\d*)\.\d+")


def as_typed(front_matter: str, parameters: Mapping[str, Scalar | Parameter]) -> dict[str, Scalar | Parameter]:
    """The parameters that `front_matter` has, their values as what they look like; "2018" in quotes stays a text."""
    written = as_written.read(front_matter, bare=True)["parameters"]
    return {name: _typed(own, written[name]) for name, own in parameters.items()}


def _typed(own: Scalar | Parameter, written: Any) -> Scalar | Parameter:
    if not isinstance(own, Parameter):
        return _value(written)
    choices = own.choices
    if isinstance(choices, tuple):
        choices = tuple(map(_value, written.get("choices") or ()))
    return msgspec.structs.replace(own, default=_value(written["default"]), choices=choices)


def _value(written: Any) -> Scalar:
    if isinstance(written, as_written.Bare):
        if _WHOLE.fullmatch(written):
            return int(written)
        if _NUMBER.fullmatch(written):
            return float(written)
        if written in ("true", "false"):
            return written == "true"
    return str(written)
