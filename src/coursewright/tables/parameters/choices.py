"""The verb: find what each parameter can be at the present values of the others."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from coursewright.errors import CoursewrightError
from coursewright.tables.parameters.parameter import Declaration, Kind, ParameterChoice, Scalar, shown

if TYPE_CHECKING:
    from coursewright.tables.database import Database
    from coursewright.tables.statements.sql import Sql

MOST = 2000
"""How many choices a parameter has at the most: nobody looks through more."""

_ORDERED = re.compile(r"\border\s+by\b", re.IGNORECASE)


class Field(msgspec.Struct, frozen=True):
    """A parameter as a form asks for it: its present `value`, and what it can be at the present values of the others.

    Its choices were found by `select`, if that is not empty, at the values of the parameters in `depends`; when one of
    those is changed, the choices are others.
    """

    name: str
    label: str
    kind: Kind
    value: Scalar
    choices: tuple[ParameterChoice, ...] = ()
    range: tuple[int | float, int | float] | None = None
    select: str = ""
    depends: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """What readers see of the present value."""
        return next((choice.label for choice in self.choices if choice.value == self.value), shown(self.value))


def read_field(declared: Declaration, values: Mapping[str, Any], database: Database) -> Field:
    """The field of one parameter at the present `values` of all. Raises CoursewrightError for a SELECT that fails."""
    own, select = declared.parameter, declared.select
    return Field(
        declared.name,
        own.label or declared.name,
        declared.kind,
        values[declared.name],
        choices_of(declared, values, database),
        own.range,
        select.text if select else "",
        depends(declared, database),
    )


def choices_of(declared: Declaration, values: Mapping[str, Any], database: Database) -> tuple[ParameterChoice, ...]:
    """What the parameter can be at the present `values` of the others; nothing where it can be anything.

    What a SELECT gives without ORDER BY is sorted. Raises CoursewrightError for a SELECT that fails, has no rows, or
    gives what are no choices.
    """
    select = declared.select
    if select is None:
        return declared.listed()
    select.check_parameters(values)
    bound = {name: values[name] for name in depends(declared, database)}
    found: dict[Any, tuple[ParameterChoice, ...]] = database.beside.setdefault("choices", {})
    key = (declared.name, select, repr(bound))
    if key not in found:
        found[key] = _selected(declared, select, bound, database)
    return found[key]


def is_ordered(select: Sql) -> bool:
    """Whether its author said in which order the choices are; else they are sorted."""
    return bool(_ORDERED.search(select.text))


def depends(declared: Declaration, database: Database) -> tuple[str, ...]:
    """The parameters at whose values its choices are found."""
    return tuple(sorted(database.parameters_behind(declared.select))) if declared.select else ()


def _selected(
    declared: Declaration, select: Sql, bound: Mapping[str, Any], database: Database
) -> tuple[ParameterChoice, ...]:
    rows = database.query(select, bound)
    refuse = partial(_refuse, declared, _given(bound))
    if not rows.num_rows:
        raise refuse("has no choices", "its SELECT finds no rows: let it find some, or choose other values")
    if rows.num_columns > 2:
        hint = "give the value, and what readers see of it if that is something else"
        raise refuse(f"has a SELECT with {rows.num_columns} columns", hint)
    if rows.num_rows > MOST:
        hint = f"let its SELECT find {MOST} at the most, for instance by naming another parameter"
        raise refuse(f"has {rows.num_rows} choices", hint)
    values = [declared.fit(value) for value in rows.column(0).to_pylist()]
    labels = rows.column(1).to_pylist() if rows.num_columns == 2 else [None] * len(values)
    found = [
        ParameterChoice(v, shown(v) if label is None else str(label)) for v, label in zip(values, labels, strict=True)
    ]
    if len(set(values)) < len(values):
        raise refuse("has the same choice twice", "write SELECT DISTINCT, or GROUP BY the value")
    if not is_ordered(select):
        found.sort(key=lambda choice: choice.value)
    return tuple(found)


def _refuse(declared: Declaration, given: str, what: str, hint: str) -> CoursewrightError:
    at = f" when {given}" if given else ""
    return CoursewrightError(f"{declared.name} {what}{at}", declared.place("choices"), hint)


def _given(bound: Mapping[str, Any]) -> str:
    return " and ".join(f"{name} = {shown(value)}" for name, value in bound.items())


def check_values(
    parameters: Mapping[str, Declaration], values: Mapping[str, Any], changed: Collection[str], database: Database
) -> None:
    """Raise CoursewrightError for the first value that is none of its parameter's choices; UsageError if the caller
    has `changed` it, or one of those that it hangs on.
    """
    for declared in in_order(parameters, database):
        hangs_on = depends(declared, database)
        bound = {name: values[name] for name in hangs_on if name in values}
        choices = choices_of(declared, values, database)
        ours = not {declared.name, *hangs_on}.isdisjoint(changed)
        declared.check_value(values[declared.name], choices, default=not ours, given=_given(bound))


def settled(parameters: Mapping[str, Declaration], values: Mapping[str, Any], database: Database) -> dict[str, Any]:
    """The `values`, where one that is no choice any more is the first that there is."""
    found = dict(values)
    for declared in in_order(parameters, database):
        choices = choices_of(declared, found, database)
        if choices and found[declared.name] not in [choice.value for choice in choices]:
            found[declared.name] = choices[0].value
    return found


def in_order(parameters: Mapping[str, Declaration], database: Database) -> Iterator[Declaration]:
    """The parameters, each after those on which its choices hang. Raises CoursewrightError for a circle of them."""
    done: dict[str, Literal["begun", "done"]] = {}

    def visit(declared: Declaration, asked: str) -> Iterator[Declaration]:
        state = done.get(declared.name)
        if state == "begun":
            said = f"those of {asked}" if asked != declared.name else "themselves"
            hint = "a parameter's SELECT can name those alone whose choices are known without it"
            raise CoursewrightError(f"the choices of {declared.name} hang on {said}", declared.place("choices"), hint)
        if state is None:
            done[declared.name] = "begun"
            for name in depends(declared, database):
                if name in parameters:
                    yield from visit(parameters[name], declared.name)
            done[declared.name] = "done"
            yield declared

    for each in parameters.values():
        yield from visit(each, "")
