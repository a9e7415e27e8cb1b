"""`{table}` in SQL that stands alone, and what is known while building of how its columns are written.

The engine gives exact texts of the values; the rules here say all that a language, a type and the author's options have
to do with how they are shown, so that scripts need neither CLDR nor our labels.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coursewright.labels import foreign, words
from coursewright.pages.columns.codes import told_by_name
from coursewright.pages.columns.looks import ColumnLook, looks
from coursewright.pages.columns.named import named_columns
from coursewright.pages.columns.rules import NotWritten, exact_text, is_number, is_whole, rule_of, signs_of
from coursewright.pages.columns.tools import tools
from coursewright.pages.directives import table
from coursewright.pages.executing.cells import filled_directive
from coursewright.pages.executing.run import Materials
from coursewright.pages.linking.cell_links import page_file
from coursewright.pages.reading.page import read_options, read_settings
from coursewright.pages.retold.rows import RetoldRows, retold_rows
from coursewright.pages.syntax.labels import label, marks, own_words, unmarked
from coursewright.pages.text.body import Directive
from coursewright.tables import Sql
from coursewright.words.in_sql import NotInSql

_PIECES = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_PASSED_OVER = re.compile(r"[`\\]")  # in what stands between these no parameter is filled in
_SAID = ("yes", "no", "cut", "total", "total_of_shown", "known", "spark")

Pieces = tuple[dict[str, str], ...]


@dataclass(frozen=True)
class RetoldTable:
    """The SELECT of the texts of a table's values, the rules of its columns, and what else stands in it.

    `caption` is text and names of parameters; what stands before it is the `number`. `language` is what it says by
    itself. `pages` are the files to whose pages its cells lead; `tables` are those that are read.
    """

    rows: str
    columns: tuple[dict[str, Any], ...]
    caption: Pieces
    limit: int
    says_cut: bool
    tools: tuple[str, ...] | None
    language: Mapping[str, Any]
    tables: Mapping[str, frozenset[str] | None]
    pages: tuple[str, ...] = ()
    number: str = ""


def retold_table(directive: Directive, materials: Materials, live: frozenset[str]) -> RetoldTable:
    """A `{table}` as scripts write it again; `live` are the parameters that a reader changes.

    Raises NotInSql with what they cannot write.
    """
    caption = said(directive, ("caption",), materials, live)["caption"]
    directive = filled_directive(directive, materials.parameters)
    options = read_options(directive, table.TableOptions)
    sql = Sql(directive.content, directive.file, directive.content_line, options.dialect)
    found = retold_rows(materials.database.select(directive.argument) if directive.argument else sql, materials, live)
    try:
        rules = tuple(_rules(found, directive, options, materials, live))
    except NotWritten as why:
        raise NotInSql(str(why)) from None
    texts = ", ".join(exact_text(name, kind) for name, kind in found.columns.items())
    return RetoldTable(
        f"SELECT {texts} FROM ({found.rows})",
        rules,
        caption,
        options.limit,
        "limit" not in directive.options,
        tools(options.tools, 0, directive.place_of("tools")) if options.tools else None,
        language_of(materials.language),
        found.tables,
        tuple(dict.fromkeys(rule["link"]["page"] for rule in rules if rule["link"])),
    )


def said(directive: Directive, names: Sequence[str], materials: Materials, live: frozenset[str]) -> dict[str, Pieces]:
    """What the options called `names` say, in which `live` parameters are filled in later.

    Raises NotInSql where another option hangs on one of them.
    """
    for name, text in directive.options.items():
        if live.intersection(_PIECES.findall(text)) and (name not in names or _PASSED_OVER.search(text)):
            raise NotInSql(f"the option {name}, which hangs on a parameter")
    return {name: pieces(directive.options.get(name, ""), materials.parameters, live) for name in names}


def _rules(
    found: RetoldRows, directive: Directive, options: table.TableOptions, materials: Materials, live: frozenset[str]
) -> Iterator[dict[str, Any]]:
    """Those of the columns, in the order of the SELECT."""
    names, language = list(found.columns), materials.language
    hidden = named_columns(options.hide, names, directive.place_of("hide"))
    shown = [name for name in names if name not in hidden]
    numbers = [name for name in shown if is_number(found.columns[name]) and told_by_name(name, language) == "amount"]
    wanted = looks(directive.options, shown, directive.place_of, numbers)
    links = named_columns(options.link, names, directive.place_of("link"))
    for at, (name, kind) in enumerate(found.columns.items()):
        rule = rule_of(name, kind, wanted.of(name), language) if name in shown else {"name": name, "hidden": True}
        by, page = wanted.of(name).sort, links.get(name)
        other = rule_of(by, found.columns[by], ColumnLook(), language) | {"at": names.index(by)} if by else None
        yield rule | {"at": at, "sort": other, "link": _link(page, found, materials, live) if page else None}


def language_of(language: str) -> dict[str, Any]:
    """What a block in a language says by itself, and with which signs."""
    return {
        "said": {name: words("tables", language)[name] for name in _SAID},
        "signs": signs_of(language),
        "called": label("table", {"language": language}),
        "marks": marks(language),
        "unmarked": unmarked(language),
        "own": own_words(),
        "spoken": "".join(f' {name}="{value}"' for name, value in foreign("tables", language).items()),
    }


def pieces(text: str, parameters: Mapping[str, Any], live: frozenset[str]) -> Pieces:
    """A text in which only the `live` parameters are still to be filled in."""
    parts = _PIECES.split(text)
    made: list[dict[str, str]] = []
    for number, part in enumerate(parts):
        if number % 2 and part in live:
            made.append({"name": part})
        elif part:
            value = parameters[part] if number % 2 else part
            made.append({"text": "" if value is None else str(value)})
    return tuple(made)


def _link(page: str, found: RetoldRows, materials: Materials, live: frozenset[str]) -> dict[str, Any]:
    """The file of the pages that a column leads to, and where the values are that name them."""
    keys = read_settings(page_file(page, materials)).key_names
    return {"page": page, "keys": [_key(key, found, materials, live) for key in keys]}


def _key(key: str, found: RetoldRows, materials: Materials, live: frozenset[str]) -> int | dict[str, str]:
    if kind := found.columns.get(key):
        if kind != "VARCHAR" and not is_whole(kind):
            raise NotInSql(f'links by the column "{key}", of the type {kind}')
        return list(found.columns).index(key)
    return {"name": key} if key in live else {"own": str(materials.parameters[key])}
