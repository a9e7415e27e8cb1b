"""Markdown: one file to read, print or put anywhere, with the answers folded away beneath each question."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

from coursewright.markup import escape_markdown
from coursewright.names import Names, file_name, file_name_for
from coursewright.questions.export import File, Item, Limit, Quiz
from coursewright.questions.exporters._markdown import answers, question, said
from coursewright.questions.variant import Variant

TITLE = "Markdown"

_READ = Limit("text is read, and not marked: the right answer stands beneath the question")
_UNMARKED = ("hints", "tries", "penalty", "feedback", "feedback by try", "units", "significant", "weights", "any right")
_COMPARED = ("whole", "whole order", "wildcard", "regex", "case", "accents", "distance", "form")
LIMITS = dict.fromkeys((*_UNMARKED, *_COMPARED, "tags"), _READ)

_ADDRESS = re.compile(r"@@FILES@@/([^)\s]*)")


def item(variant: Variant) -> Item:
    """The variant as a section of Markdown, with its pictures and sounds as files."""
    names = {medium.name: file_name_for(f"{variant.ident}-{medium.name}", "picture") for medium in variant.media}
    say = said(variant, lambda medium: f"@@FILES@@/{quote(names[medium.name])}")
    marks = "mark" if variant.points == 1 else "marks"
    worth = f"*{variant.points:g} {marks}*\n\n" if variant.points else ""
    right = answers(variant, say)
    heading = "Answer" if variant.kind != "description" else "More"
    folded = f"\n\n<details><summary>{heading}</summary>\n\n{right}\n\n</details>" if right else ""
    return Item.of(
        variant,
        f"## {escape_markdown(variant.title)}\n\n{worth}{question(variant, say)}{folded}\n",
        files=tuple(File(names[medium.name], medium.data) for medium in variant.media),
    )


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
        name = names.distinct(file_name(file.path), f"{one.question}\n{file.path}")
        paths[quote(file.path)] = quote(name)
        beside.mkdir(exist_ok=True)
        (beside / name).write_bytes(file.data)
    return _ADDRESS.sub(lambda found: f"{quote(beside.name)}/{paths.get(found[1], found[1])}", one.body)
