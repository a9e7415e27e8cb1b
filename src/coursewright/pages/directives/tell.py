"""```` ```{tell} GRAMMAR ````: a text for each row of a table, or of the SQL inside, by a grammar of `grammars/`.

Without GRAMMAR the grammar stands inside: a text, or rules as YAML or JSON.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from coursewright.errors import CoursewrightError, Place
from coursewright.markup import escape_anywhere
from coursewright.pages.blocks.block import Flow, Sentences
from coursewright.pages.executing.run import Materials
from coursewright.pages.text.body import Directive
from coursewright.pages.text.told_html import refuse_in_tags
from coursewright.tables import Sql
from coursewright.tables.statements import known_dialect
from coursewright.words import Grammar, tell
from coursewright.words.language import grammar_file, missing_in_groups, remarks, rules_in, symbols

if TYPE_CHECKING:
    import pyarrow as pa


class TellOptions(msgspec.Struct, frozen=True):
    """`rows` is a table's name; `rule` begins each text; `key` names the columns that the choices of words hang on.

    With `by` there is one text for each group of rows that share these columns. Several columns stand apart by spaces.
    `dialect` is that of the SQL inside. With `markdown` the rules of the grammar are Markdown; values stay text.
    """

    rows: str = ""
    rule: str = "origin"
    seed: str = "0"
    key: str = ""
    by: str = ""
    form: Flow = "paragraph"
    markdown: bool = False
    dialect: str = ""


Options = TellOptions


def run(directive: Directive, options: TellOptions, materials: Materials) -> Sentences:
    """The texts, in the order of the rows."""
    if not directive.argument and not (options.rows and directive.content):
        hint = "write the name of a file of grammars/ after {tell}, or the grammar inside and a table in :rows:"
        raise CoursewrightError("which grammar?", directive.place(), hint)
    if directive.argument and bool(options.rows) == bool(directive.content):
        hint = "name a table in :rows:, or write SQL inside"
        raise CoursewrightError("rows come from one place: a table or SQL", directive.place(), hint)
    database = materials.database
    dialect = known_dialect(options.dialect, directive.place("{tell} :dialect:")) if options.dialect else ""
    sql = Sql(directive.content, directive.file, directive.content_line, dialect)
    sql = database.select(options.rows) if options.rows else sql
    grammar = grammar_of(directive, options, materials)
    rows = materials.query(sql)
    key, by = options.key.split() or None, options.by.split() or None
    materials.remarks.extend(_remarks(grammar, rows, options.rule, by))
    try:
        texts = tell(grammar, rows, options.rule, seed=options.seed, key=key, by=by)
    except CoursewrightError as error:
        problem = error.problem
        if problem.where and problem.where.file == "tell":  # an argument of tell: here it is an option, or the rows
            part = "{tell}" + (f" :{problem.where.part}:" if problem.where.part in directive.options else "")
            raise CoursewrightError(problem.message, directive.place(part), problem.hint) from None
        raise
    return Sentences(tuple(texts.to_pylist()), options.form, options.markdown)


def grammar_of(directive: Directive, options: TellOptions, materials: Materials) -> Grammar:
    """The grammar that is named, or the one that stands in the directive."""
    return (_filed if directive.argument else _inside)(directive, options, materials)


def _filed(directive: Directive, options: TellOptions, materials: Materials) -> Grammar:
    """The grammar that is named."""
    file = grammar_file(materials.root / "grammars", directive.argument)
    materials.used.add(file)
    content = file.read_bytes() if file.is_file() else b""
    return _grammar(file, content, materials.language, options.markdown)


def _inside(directive: Directive, options: TellOptions, materials: Materials) -> Grammar:
    """The grammar that stands in the directive, whose lines are those of its page."""
    source = "\n" * (directive.content_line - 1) + directive.content
    rules, place = rules_in(source, directive.file), Place(directive.file, directive.content_line)
    escape = escape_anywhere if options.markdown else None
    grammar = Grammar(rules, place=place, source=source, strict=True, language=materials.language, escape=escape)
    if options.markdown:
        refuse_in_tags(grammar)
    return grammar


@lru_cache(maxsize=64)  # hundreds of pages may tell by one grammar, which is checked once
def _grammar(file: Path, _content: bytes, language: str, markdown: bool) -> Grammar:
    """The grammar in `file`, which has that content now."""
    grammar = Grammar.read(file, strict=True, language=language, escape=escape_anywhere if markdown else None)
    if markdown:
        refuse_in_tags(grammar)
    return grammar


def _remarks(grammar: Grammar, rows: pa.Table, rule: str, by: list[str] | None) -> list[str]:
    import pyarrow.compute as pc
    import pyarrow.types as kinds

    columns = dict(zip(rows.column_names, rows.columns, strict=True))
    missing = {name for name, column in columns.items() if column.null_count}
    texts = {name: column for name, column in columns.items() if kinds.is_string(column.type)}
    empty = {name for name, column in texts.items() if pc.any(pc.equal(column, "")).as_py()}
    if not (missing or empty) or not set(by or ()) <= columns.keys():
        return []
    in_groups = missing_in_groups(rows, by, missing & _symbols(grammar)) if by else missing
    return list(_of_rules(grammar, rule, frozenset(in_groups), frozenset(missing), frozenset(empty)))


@lru_cache(maxsize=64)
def _symbols(grammar: Grammar) -> frozenset[str]:
    return frozenset(symbols(grammar))


@lru_cache(maxsize=1024)  # rows of hundreds of pages have values missing in the same columns
def _of_rules(
    grammar: Grammar, rule: str, in_groups: frozenset[str], missing: frozenset[str], empty: frozenset[str]
) -> tuple[str, ...]:
    return tuple(remarks(grammar, sorted(in_groups), [rule], sorted(missing), empty=sorted(empty)))
