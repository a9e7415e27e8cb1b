"""Markdown: one file to read, print or put anywhere, with the answers folded away beneath each question."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.parse import quote

from coursewright.markup import escape_markdown
from coursewright.names import Names, file_name, file_name_for
from coursewright.questions.export import File, Item, Limit, Quiz
from coursewright.questions.exporters._markdown import answers, question, said
from coursewright.questions.variant import Media, Variant

TITLE = "Markdown"

_READ = Limit("text is read, and not marked: the right answer stands beneath the question")
_UNMARKED = ("hints", "tries", "penalty", "feedback", "feedback by try", "units", "significant", "weights", "any right")
_COMPARED = ("whole", "whole order", "wildcard", "regex", "case", "accents", "distance", "form")
LIMITS = dict.fromkeys((*_UNMARKED, *_COMPARED, "tags"), _READ)


def item(variant: Variant) -> Item:
    """The variant as a section of Markdown, with its pictures and sounds as files.

    Where they are is known when all is written. Until then they are in a folder whose name no text of the variant
    holds, as a boundary in mail is a line that none of its texts has.
    """
    names = {medium.name: file_name_for(f"{variant.ident}-{medium.name}", "picture") for medium in variant.media}
    folder, rest = "files", _section(variant, lambda _medium: "")
    while folder in rest:
        folder += "-"
    section = _section(variant, lambda medium: f"{folder}/{quote(names[medium.name])}")
    files = tuple(File(f"{folder}/{names[medium.name]}", medium.data) for medium in variant.media)
    return Item.of(variant, section, files=files)


def _section(variant: Variant, address: Callable[[Media], str]) -> str:
    say = said(variant, address)
    marks = "mark" if variant.points == 1 else "marks"
    worth = f"*{variant.points:g} {marks}*\n\n" if variant.points else ""
    right = answers(variant, say)
    heading = "Answer" if variant.asks else "More"
    folded = f"\n\n<details><summary>{heading}</summary>\n\n{right}\n\n</details>" if right else ""
    return f"## {escape_markdown(variant.title)}\n\n{worth}{question(variant, say)}{folded}\n"


def write(items: Iterable[Item], quiz: Quiz, folder: Path) -> None:
    """`NAME.md` in `folder`, and beside it `NAME-files` with pictures and sounds."""
    beside = folder / f"{quiz.name}-files"
    names = Names()
    with (folder / f"{quiz.name}.md").open("w", encoding="utf-8", newline="\n") as page:
        page.write(f"# {escape_markdown(quiz.title)}\n")
        for one in items:
            page.write("\n" + _with_files(one, beside, names))
        credit = " · ".join(filter(None, (", ".join(quiz.authors), quiz.licence)))
        page.write(f"\n---\n\n{escape_markdown(credit)}\n" if credit else "")


def _with_files(one: Item, beside: Path, names: Names) -> str:
    """The item's section, with its files written into the folder `beside`."""
    paths: dict[str, str] = {}
    for file in one.files:
        wanted = file_name(file.path.rpartition("/")[2])
        name = names.distinct(wanted, f"{one.question}\n{wanted}")
        paths[quote(file.path)] = quote(f"{beside.name}/{name}")
        beside.mkdir(exist_ok=True)
        (beside / name).write_bytes(file.data)
    if not paths:
        return one.body
    address = re.compile(rf"(?:{'|'.join(map(re.escape, paths))})(?=\))")
    return address.sub(lambda found: paths[found[0]], one.body)
