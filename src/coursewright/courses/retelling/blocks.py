"""One block of a page as it is told again, by the directive that it is made by, or the reason why it stays."""

from __future__ import annotations

from coursewright.courses.retelling.asking_again import again
from coursewright.facts.retelling import Retelling, retold
from coursewright.pages import Directive, Materials
from coursewright.pages.directives import facts, tell
from coursewright.pages.executing import filled_directive
from coursewright.pages.reading import read_options
from coursewright.pages.retold import (
    RetoldElsewhere,
    RetoldFigure,
    RetoldTable,
    RetoldTexts,
    retold_elsewhere,
    retold_figure,
    retold_table,
    retold_texts,
)
from coursewright.sites.retelling import RetoldBlock, can_draw
from coursewright.sites.runtimes import FETCH, can_ask
from coursewright.words.in_sql import NotInSql

RetoldKind = Retelling | RetoldTexts | RetoldTable | RetoldFigure | RetoldElsewhere
_TOLD_THERE = f"Python in the page tells it: run: {FETCH}"


def told_again(number: int, directive: Directive, given: Materials, live: frozenset[str]) -> RetoldBlock:
    """One block told again, or the reason why it stays."""
    try:
        return _TOLD_BY[directive.name](number, directive, given, live)
    except NotInSql as why:
        return RetoldBlock(number, "", stays=str(why))


def _facts(number: int, directive: Directive, given: Materials, _live: frozenset[str]) -> RetoldBlock:
    options = read_options(filled_directive(directive, given.parameters), facts.FactsOptions)
    finders = given.finders(tuple(directive.argument.split()))
    made = retold(
        given.database,
        given.timeline,
        finders,
        given.parameters,
        overrides=given.overrides,
        language=given.language,
    )
    for name, why in made.untold.items():
        raise NotInSql(f"the finder {name}: {why}")
    by_python = [one for one in made.finders if one.telling]
    if by_python and not can_ask():
        raise NotInSql(f"the finder {by_python[0].finder}: {by_python[0].why}; {_TOLD_THERE}")
    return RetoldBlock(number, options.form, made, limit=options.limit, least=options.least, label=directive.label)


def _texts(number: int, directive: Directive, given: Materials, live: frozenset[str]) -> RetoldBlock:
    options = read_options(filled_directive(directive, given.parameters), tell.TellOptions)
    try:
        texts = retold_texts(directive, options, given, live)
    except NotInSql as why:
        told = retold_elsewhere(directive, options, given, live, str(why))
        if can_ask():
            return RetoldBlock(number, told.flow, python=told, label=directive.label)
        return RetoldBlock(number, "", stays=f"{why}; {_TOLD_THERE}")
    return RetoldBlock(number, texts.flow, texts=texts, label=directive.label)


def _table(number: int, directive: Directive, given: Materials, live: frozenset[str]) -> RetoldBlock:
    found = retold_table(directive, given, live)
    return RetoldBlock(number, "", table=found, label=directive.label)


def _figure(number: int, directive: Directive, given: Materials, live: frozenset[str]) -> RetoldBlock:
    found = retold_figure(directive, given, live)
    if can_draw():
        return RetoldBlock(number, "", figure=found, label=directive.label)
    return RetoldBlock(number, "", stays="what draws charts was not fetched; run: coursewright runtimes fetch plot d3")


def _question(number: int, directive: Directive, given: Materials, live: frozenset[str]) -> RetoldBlock:
    return RetoldBlock(number, "", question=again(directive, given, live), label=directive.label)


_TOLD_BY = {"facts": _facts, "tell": _texts, "table": _table, "figure": _figure, "question": _question}
