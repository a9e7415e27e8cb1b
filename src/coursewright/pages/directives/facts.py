"""```` ```{facts} FINDER … ````: the facts of the present moment, best first; without a name, those of all finders."""

from __future__ import annotations

import msgspec

from coursewright.pages.blocks.block import Flow, Sentences
from coursewright.pages.executing.run import Materials
from coursewright.pages.text.body import Directive
from coursewright.settings import Count


class FactsOptions(msgspec.Struct, frozen=True):
    """How many facts at the most, whether as a list or a paragraph, and the least score worth telling."""

    limit: Count = 10
    form: Flow = "list"
    least: float = 0


Options = FactsOptions


def run(directive: Directive, options: FactsOptions, materials: Materials) -> Sentences:
    """The sentences of the best facts."""
    finders = materials.finders(tuple(directive.argument.split()))
    facts = materials.facts(finders)
    told = [fact.sentence for fact in facts if fact.score >= options.least][: options.limit]
    if options.form != "list":
        told = [sentence if sentence.endswith((".", "!", "?", "…")) else f"{sentence}." for sentence in told]
    return Sentences(tuple(told), options.form)
