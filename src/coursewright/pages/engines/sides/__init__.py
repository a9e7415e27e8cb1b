"""What is said to the kernel of each language that we know: to Python and R. Others have code, and no more."""

from __future__ import annotations

import datetime
import decimal
import json
import keyword
import math
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.pages.engines.sides import side
else:
    __getattr__ = on_first_use(__name__, __file__)


def _source(name: str) -> str:
    return resources.files("coursewright.pages.engines.sides").joinpath(name).read_text(encoding="utf-8")


@dataclass(frozen=True)
class Python:
    """What is said to a Python kernel."""

    name: str = "Python"

    def begin(self) -> str:
        """Load our side."""
        return f"exec(compile({_source('side.py')!r}, '<coursewright>', 'exec'), {{'__name__': '_coursewright'}})"

    def take(self, name: str, file: Path) -> str:
        """Make the variable `name` of a file."""
        return f"__import__('_coursewright').take({name!r}, {str(file)!r})"

    def give(self, name: str, file: Path) -> str:
        """Write the variable `name` to a file."""
        return f"__import__('_coursewright').give({name!r}, {str(file)!r})"

    def report(self, file: Path) -> str:
        """Write what was read to a file."""
        return f"__import__('_coursewright').report({str(file)!r})"

    def is_name(self, text: str) -> bool:
        """Whether a variable can be called so."""
        return text.isidentifier() and not keyword.iskeyword(text)

    def assign(self, values: Mapping[str, Any]) -> str:
        """Give variables their values."""
        return "\n".join(f"{name} = {self.literal(value)}" for name, value in values.items())

    def literal(self, value: Any) -> str:
        """A value in Python. Raises TypeError for one that has no place there."""
        if isinstance(value, datetime.datetime) and value.tzinfo:
            value = value.astimezone(datetime.UTC)
        if isinstance(value, datetime.datetime | datetime.date | datetime.time | datetime.timedelta):
            return f"__import__('datetime').{repr(value).removeprefix('datetime.').replace('datetime.', _DATETIME)}"
        if isinstance(value, decimal.Decimal):
            return f"__import__('decimal').{value!r}"
        if isinstance(value, float) and not math.isfinite(value):
            return f"float('{value}')"
        if isinstance(value, list | tuple):
            return f"[{', '.join(map(self.literal, value))}]"
        if isinstance(value, dict):
            return f"{{{', '.join(f'{key!r}: {self.literal(each)}' for key, each in value.items())}}}"
        if value is None or type(value) in (bool, int, float, str, bytes):
            return repr(value)
        raise TypeError(type(value).__name__)


_DATETIME = "__import__('datetime')."


@dataclass(frozen=True)
class R:
    """What is said to a kernel of R."""

    name: str = "R"

    def begin(self) -> str:
        """Load our side."""
        return _source("side.R")

    def take(self, name: str, file: Path) -> str:
        """Make the variable `name` of a file."""
        return f".coursewright$take({self.literal(name)}, {self.literal(str(file))})"

    def give(self, name: str, file: Path) -> str:
        """Write the variable `name` to a file."""
        return f".coursewright$give({self.literal(name)}, {self.literal(str(file))})"

    def report(self, file: Path) -> str:
        """Write what was read to a file."""
        return f".coursewright$report({self.literal(str(file))})"

    def is_name(self, text: str) -> bool:
        """Whether a variable can be called so: anything, between backticks."""
        return bool(text)

    def assign(self, values: Mapping[str, Any]) -> str:
        """Give variables their values."""
        return "\n".join(
            f"assign({self.literal(name)}, {self.literal(value)}, envir = globalenv())"
            for name, value in values.items()
        )

    def literal(self, value: Any) -> str:
        """A value in R. Raises TypeError for one that has no place there."""
        if isinstance(value, bool) or value is None:
            return {None: "NA", True: "TRUE", False: "FALSE"}[value]
        if isinstance(value, int | float | decimal.Decimal):
            return self._number(value)
        if isinstance(value, str):
            return json.dumps(value, ensure_ascii=False)
        if isinstance(value, datetime.datetime):
            aware = value if value.tzinfo else value.replace(tzinfo=datetime.UTC)
            return f'as.POSIXct({aware.timestamp()!r}, origin = "1970-01-01", tz = "UTC")'
        if isinstance(value, datetime.date):
            return f'as.Date("{value.isoformat()}")'
        if isinstance(value, list | tuple):
            return f"c({', '.join(map(self.literal, value))})"
        raise TypeError(type(value).__name__)

    def _number(self, value: float | decimal.Decimal) -> str:
        if isinstance(value, int):
            if abs(value) >= 2**53:
                raise TypeError("a whole number that R has no room for")
            return f"{value}L" if abs(value) < 2**31 else str(value)
        number = float(value)
        if math.isnan(number):
            return "NaN"
        return number.hex() if math.isfinite(number) else "Inf" if number > 0 else "-Inf"


Side = Python | R

SIDES: Mapping[str, Side] = {"python": Python(), "r": R()}
"""The sides by language."""
