"""```` ```{form} PARAMETER … ````: parameters for readers to choose; without names, all that offer a choice.

With `:own: TABLE …`, a file of the reader's can stand in the place of a table, where the page is told again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import msgspec

from coursewright.errors import CoursewrightError, did_you_mean
from coursewright.pages.blocks.block import Form
from coursewright.pages.executing.run import Materials
from coursewright.pages.text.body import Directive
from coursewright.tables.contracts import own_table


class FormOptions(msgspec.Struct, frozen=True):
    """`own` names tables. What a parameter can be, and its label, stand where it is declared."""

    own: str = ""


Options = FormOptions


def run(directive: Directive, options: FormOptions, materials: Materials) -> Form:
    """The parameters in the order in which they are named or declared, each with its present choices.

    Raises CoursewrightError for a table in whose place no file of a reader's can stand.
    """
    own = tuple(dict.fromkeys(options.own.replace(",", " ").split()))
    for name in own:
        own_table(materials.database, name, directive.place_of("own"))
        materials.used.update(materials.database.files(materials.database.select(name)))
    return Form(tuple(materials.field(name) for name in _names(directive, materials, own)), own)


def asked(directive: Directive, options: FormOptions, materials: Materials) -> tuple[str, str]:
    """The fingerprint of what is declared of the parameters, and of what the course says of the tables."""
    own = options.own.replace(",", " ").split()
    said = [(name, materials.declared[name].parameter) for name in _names(directive, materials, own)]
    tables = [(name, materials.database.tables.get(name)) for name in own]
    return hashlib.sha256(repr((directive.name, said, tables)).encode()).hexdigest(), ""


def _names(directive: Directive, materials: Materials, own: Sequence[str]) -> list[str]:
    declared = materials.declared
    names = directive.argument.replace(",", " ").split()
    for name in names:
        if name not in declared:
            raise CoursewrightError(f'no parameter called "{name}"', directive.place(), did_you_mean(name, declared))
    names = names or [name for name, own in declared.items() if own.offered]
    if not names and not own:
        hint = "in [parameters], give one choices, a range or a label, or name one after {form}"
        raise CoursewrightError("there is no parameter to choose", directive.place(), hint)
    return names
