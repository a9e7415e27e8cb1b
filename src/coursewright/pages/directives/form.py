"""```` ```{form} PARAMETER … ````: parameters for readers to choose; without names, all that offer a choice."""

from __future__ import annotations

import hashlib

import msgspec

from coursewright.errors import CoursewrightError, did_you_mean
from coursewright.pages.block import Form
from coursewright.pages.body import Directive
from coursewright.pages.execute import Materials


class Options(msgspec.Struct, frozen=True):
    """There are none: what a parameter can be, and its label, stand where it is declared."""


def run(directive: Directive, options: Options, materials: Materials) -> Form:  # noqa: ARG001 - the same for every directive
    """The parameters in the order in which they are named or declared, each with its present choices."""
    return Form(tuple(materials.field(name) for name in _names(directive, materials)))


def asked(directive: Directive, options: Options, materials: Materials) -> tuple[str, str]:  # noqa: ARG001 - the same
    """The fingerprint of what is declared of the parameters."""
    said = [(name, materials.declared[name].parameter) for name in _names(directive, materials)]
    return hashlib.sha256(repr((directive.name, said)).encode()).hexdigest(), ""


def _names(directive: Directive, materials: Materials) -> list[str]:
    declared = materials.declared
    names = directive.argument.replace(",", " ").split()
    for name in names:
        if name not in declared:
            raise CoursewrightError(f'no parameter called "{name}"', directive.place(), did_you_mean(name, declared))
    names = names or [name for name, own in declared.items() if own.offered]
    if not names:
        hint = "in [parameters], give one choices, a range or a label, or name one after {form}"
        raise CoursewrightError("there is no parameter to choose", directive.place(), hint)
    return names
