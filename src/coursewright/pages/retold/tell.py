"""`{tell}` in SQL that stands alone: for an engine that holds the tables, and is told the present parameters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from coursewright.facts.retelling import check_key
from coursewright.pages.blocks.block import Flow
from coursewright.pages.directives import tell
from coursewright.pages.executing.run import Materials
from coursewright.pages.retold.rows import retold_rows
from coursewright.pages.text.body import Directive
from coursewright.tables import Sql
from coursewright.words import Grammar
from coursewright.words.in_sql import NotInSql, Over, in_sql, over
from coursewright.words.language import Phrases, Rule, scan, texts_of, unescape

_TARGET = re.compile(r"\]\([^\s()<>]+\)")
_UNREAD = re.compile(r"[&<>\\`_~$^@\n]|https?:|mailto:|www\.")  # in Markdown by sites/retelling/text.mjs
_LINKS = re.compile(r"\]\(([\w/-]+):(?!//)")


@dataclass(frozen=True)
class RetoldTexts:
    """The text of each row, in their order. `tables` are those that are read, with the columns that the SQL may name,
    or None for all. `links` are the files whose pages the Markdown of the texts names.
    """

    over: Over
    flow: Flow
    tables: Mapping[str, frozenset[str] | None]
    markdown: bool = False
    links: tuple[str, ...] = ()


def retold_texts(
    directive: Directive, options: tell.TellOptions, materials: Materials, live: frozenset[str]
) -> RetoldTexts:
    """The texts of a `{tell}` in SQL that stands alone; `live` are the parameters that a reader changes.

    Raises NotInSql with what it cannot tell so.
    """
    if options.by:
        raise NotInSql("texts of groups of rows")
    grammar = tell.grammar_of(directive, options, materials)
    if options.markdown:
        _check_markdown(grammar)
    found = retold_rows(rows_of(directive, options, materials), materials, live)
    columns = found.columns
    told = in_sql(grammar, columns, options.rule, seed=options.seed, given=[])
    if told.by_position:
        raise NotInSql("words that are dealt")
    key = tuple((name, columns[name]) for name in options.key.split())
    if told.by_key:
        check_key(key)
    table = f"_rows {directive.lines[0]}"  # of this block alone: several are asked at once
    asked = over([told.text], found.rows, key if told.by_key else None, told.places, table=table, in_order=True)
    links = tuple(dict.fromkeys(_LINKS.findall(told.text))) if options.markdown else ()
    return RetoldTexts(asked, options.form, found.tables, options.markdown, links)


def rows_of(directive: Directive, options: tell.TellOptions, materials: Materials) -> Sql:
    """The SQL of the rows that a `{tell}` is about."""
    if options.rows:
        return materials.database.select(options.rows)
    return Sql(directive.content, directive.file, directive.content_line, options.dialect)


def _check_markdown(grammar: Grammar) -> None:
    """Raise NotInSql for the first text of a grammar with Markdown that scripts do not read."""
    for name, rules in grammar.compiled.items():
        for text in texts_of(rules):
            if unread := _UNREAD.search(_TARGET.sub("]", _shown(scan.read(text)))):
                place = grammar.where(name, text)
                raise NotInSql(
                    f'the sign "{unread[0]}" in Markdown of {place}; links, **strong** and *emphatic* words are read'
                )


def _shown(rule: Rule) -> str:
    """What the author wrote in a rule, with a letter for what is filled in."""
    parts: list[str] = []
    for part in rule.parts:
        if isinstance(part, str):
            parts.append(unescape(part))
        elif isinstance(part, Phrases):
            parts += [*map(unescape, part.words), *(_shown(phrase.rule) for phrase in part.phrases)]
        else:
            parts.append("a")
    return "".join(parts)
