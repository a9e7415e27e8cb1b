"""```` ```{shout} ````: its text in capitals."""

from __future__ import annotations

import msgspec

from coursewright.pages import Directive, Materials, Sentences


class Options(msgspec.Struct, frozen=True):
    """It takes none."""


def run(directive: Directive, _options: Options, _materials: Materials) -> Sentences:
    """The sentence in capitals."""
    return Sentences((directive.content.strip().upper(),), "paragraph")
