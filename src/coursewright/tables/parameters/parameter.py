"""The noun: a parameter, one value that the course, a page, a command or a reader chooses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal

import msgspec

from coursewright.errors import CoursewrightError, Place, UsageError, did_you_mean
from coursewright.errors import shown as shown_path
from coursewright.tables.statements.sql import Sql

Scalar = str | int | float | bool
Kind = Literal["text", "whole", "number", "truth"]

_KINDS: dict[type, Kind] = {str: "text", int: "whole", float: "number", bool: "truth"}
_WORDS: dict[Kind, str] = {"text": "text", "whole": "a whole number", "number": "a number", "truth": "true or false"}
_LISTED = 8


class Parameter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a parameter may be: its `default`, whose type is that of all its values, and more where that is said.

    `choices` are the values that it can have: a list, a map from values to what readers see, or a SELECT, whose first
    column has the values and whose second, if there is one, what readers see; it may name other parameters. `range` is
    from where to where a number goes, both included. `label` is what readers see in place of its name.
    """

    default: Scalar
    choices: tuple[Scalar, ...] | dict[str, str] | str | None = None
    range: tuple[int | float, int | float] | None = None
    label: str = ""


class ParameterChoice(msgspec.Struct, frozen=True):
    """One value that a parameter can have, and what readers see of it."""

    value: Scalar
    label: str


def declare(name: str, said: Scalar | Parameter, place: Callable[..., Place]) -> Declaration:
    """The parameter that settings declare by a value alone, or by more."""
    return Declaration(name, said if isinstance(said, Parameter) else Parameter(said), place)


@dataclass(frozen=True)
class Declaration:
    """A parameter where it is declared: `place` is that of the entry, or of a key of it."""

    name: str
    parameter: Parameter
    place: Callable[..., Place]

    @property
    def kind(self) -> Kind:
        """The kind of all its values, which is that of the default."""
        return _KINDS[type(self.parameter.default)]

    @property
    def select(self) -> Sql | None:
        """The SELECT that gives its choices, if one does."""
        text = self.parameter.choices
        if not isinstance(text, str):
            return None
        place = self.place("choices")
        return Sql(text, place.file, (place.line or 1) + ("\n" in text.rstrip("\n"))).one

    def with_default(self, value: Scalar, place: Place) -> Declaration:
        """The same with another default, which stands at `place`. Raises CoursewrightError for one of another kind."""
        try:
            own = self.read(shown(value))
        except UsageError as error:
            hint = f"its default in {shown_path(self.place().file)} is {_WORDS[self.kind]}"
            raise CoursewrightError(error.problem.message, place, hint) from None
        there = self.place
        return replace(
            self,
            parameter=msgspec.structs.replace(self.parameter, default=own),
            place=lambda *keys: place if keys in ((), ("default",)) else there(*keys),
        )

    @property
    def offered(self) -> bool:
        """Whether it says more than a value, so that a form has it."""
        return bool(self.parameter.choices or self.parameter.range or self.parameter.label)

    def listed(self) -> tuple[ParameterChoice, ...]:
        """The choices that stand where it is declared. Raises CoursewrightError for one of another kind."""
        choices = self.parameter.choices
        if isinstance(choices, dict):
            return tuple(ParameterChoice(self._named(key), label or key) for key, label in choices.items())
        if choices is None or isinstance(choices, str):
            return ()
        return tuple(ParameterChoice(value, shown(value)) for value in map(self.fit, choices))

    def _named(self, key: str) -> Scalar:
        try:
            return self.read(key)
        except UsageError:
            raise self._misfit(key) from None

    def read(self, value: Scalar) -> Scalar:
        """`value`, which may be text from the command line, as its kind. Raises UsageError for one of another."""
        if not isinstance(value, str) or self.kind == "text":
            return value
        try:
            found: Scalar = msgspec.convert(value, type(self.parameter.default), strict=False)
        except msgspec.ValidationError:
            hint = f"give one, such as {self.name}={shown(self.parameter.default)}"
            raise UsageError(f'{self.name} is {_WORDS[self.kind]}, not "{value}"', self.place(), hint) from None
        return found

    def fit(self, value: Any) -> Scalar:
        """A value of its choices, from a list or a database, as its kind. Raises CoursewrightError for another."""
        wanted = type(self.parameter.default)
        if type(value) is wanted:
            found: Scalar = value
            return found
        if (
            isinstance(value, int | float | Decimal)
            and not isinstance(value, bool)
            and self.kind in ("whole", "number")
        ):
            same: Scalar = wanted(value)
            if same == value:
                return same
        raise self._misfit(value)

    def as_whole(self, value: Any) -> Any:
        """A number as whole as the parameter is: R and readers do not tell 2 and 2.0 apart."""
        if self.kind == "number" and type(value) is int:
            return float(value)
        return int(value) if self.kind == "whole" and isinstance(value, float) and value.is_integer() else value

    def _misfit(self, value: Any) -> CoursewrightError:
        said, kind = "a missing value" if value is None else f'"{value}"', _WORDS[self.kind]
        hint = f"its default is {kind}: let its choices be of that kind"
        if value is None:
            hint = "leave it out: WHERE … IS NOT NULL"
        return CoursewrightError(f"{said} among the choices of {self.name} is not {kind}", self.place("choices"), hint)

    def check(self) -> None:
        """Raise CoursewrightError for what contradicts itself, whatever the tables have."""
        own, span = self.parameter, self.parameter.range
        if span and own.choices:
            hint = "keep the one that says what it can be"
            raise CoursewrightError(f"{self.name} has both choices and a range", self.place("range"), hint)
        if span and self.kind not in ("whole", "number"):
            hint = "write choices, or a default that is a number"
            message = f"{self.name} has a range, and its default is {_WORDS[self.kind]}"
            raise CoursewrightError(message, self.place("range"), hint)
        if span and span[0] >= span[1]:
            hint = f"write the smaller number first: range = [{span[1]}, {span[0]}]" if span[0] > span[1] else ""
            message = f"the range of {self.name} goes from {span[0]} to {span[1]}"
            raise CoursewrightError(message, self.place("range"), hint or "write two different numbers")
        if own.choices is not None and not own.choices:
            hint = "write some, or remove the key"
            raise CoursewrightError(f"{self.name} has no choices", self.place("choices"), hint)
        choices = self.listed()
        if twice := _twice(choice.value for choice in choices):
            raise CoursewrightError(
                f'"{twice}" is twice among the choices of {self.name}', self.place("choices"), "remove one"
            )
        if not isinstance(own.choices, str):
            self.check_value(own.default, choices, default=True)

    def check_value(
        self, value: Scalar, choices: tuple[ParameterChoice, ...], *, default: bool, given: str = ""
    ) -> None:
        """Raise for a value that is none of `choices` or outside the range: UsageError, or of a default
        CoursewrightError; `given` says at which values of other parameters these are the choices.
        """
        if not isinstance(value, str if self.kind == "text" else int | float | Decimal):
            raise UsageError(f"{self.name} is {_WORDS[self.kind]}, not {value!r}", self.place())
        hint, span = "", self.parameter.range
        if span and not span[0] <= value <= span[1]:  # type: ignore[operator]  # a range is of numbers alone
            end = span[0] if value < span[0] else span[1]  # type: ignore[operator]  # as above
            hint = f"did you mean {end}? It goes from {span[0]} to {span[1]}"
        values = [choice.value for choice in choices]
        if values and value not in values:
            hint = nearest(value, values)
        if not hint:
            return
        at = f" when {given}" if given else ""
        if default:
            message = f"the default of {self.name} cannot be {shown(value)}{at}"
            raise CoursewrightError(message, self.place("default"), hint)
        raise UsageError(f"{self.name} cannot be {shown(value)}{at}", self.place(), hint)


def nearest(value: Scalar, values: list[Scalar]) -> str:
    """The hint for a value that is none of `values`: the nearest one, then all of them (the first few)."""
    if isinstance(value, str):
        return did_you_mean(value, map(str, values))
    near = min(values, key=lambda each: abs(each - value))  # type: ignore[operator]  # they are of one kind
    more = f" and {len(values) - _LISTED} more" if len(values) > _LISTED else ""
    return f"did you mean {shown(near)}? Available: {', '.join(map(shown, values[:_LISTED]))}{more}"


def shown(value: Scalar) -> str:
    """A value as people write it in settings and on the command line."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def assigned(values: Mapping[str, object]) -> str:
    """Parameters with their values, as a message says them: a text in quotation marks, a date as it is written."""
    said = {name: repr(value) if isinstance(value, str) else str(value) for name, value in values.items()}
    return ", ".join(f"{name} = {value}" for name, value in said.items())


def _twice(values: Iterable[Scalar]) -> str:
    seen: set[Scalar] = set()
    for value in values:
        if value in seen:
            return shown(value)
        seen.add(value)
    return ""
