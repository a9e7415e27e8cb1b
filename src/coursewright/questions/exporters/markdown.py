"""Markdown: one file to read, print or put anywhere, with the answers folded away beneath each question."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from coursewright.markup import escape_markdown
from coursewright.questions.export import File, Item, Limit, Quiz
from coursewright.questions.exporters._markdown import answers, question, said
from coursewright.questions.variant import Variant

TITLE = "Markdown"

_READ = Limit("text is read, and not marked: the right answer stands beneath the question")
_UNMARKED = ("hints", "tries", "penalty", "feedback", "feedback by try", "units", "significant", "weights", "any right")
_COMPARED = ("whole", "whole order", "wildcard", "regex", "case", "accents", "distance", "form")
LIMITS = dict.fromkeys((*_UNMARKED, *_COMPARED, "tags"), _READ)


def item(variant: Variant) -> Item:
    """The variant as a section of Markdown, with its pictures and sounds as files."""
    names = {medium.name: f"{variant.ident}-{medium.name}" for medium in variant.media}
    say = said(variant, lambda medium: f"@@FILES@@/{quote(names[medium.name])}")
    marks = "mark" if variant.points == 1 else "marks"
    worth = f"*{variant.points:g} {marks}*\n\n" if variant.points else ""
    right = answers(variant, say)
    heading = "Answer" if variant.kind != "description" else "More"
    folded = f"\n\n<details><summary>{heading}</summary>\n\n{right}\n\n</details>" if right else ""
    return Item(
        ident=variant.ident,
        question=variant.question,
        title=variant.title,
        category=variant.category,
        body=f"## {escape_markdown(variant.title)}\n\n{worth}{question(variant, say)}{folded}\n",
        files=tuple(File(names[medium.name], medium.data) for medium in variant.media),
    )


def write(items: Iterable[Item], quiz: Quiz, folder: Path) -> None:
    """`NAME.md` in `folder`, and beside it `NAME-files` with pictures and sounds."""
    beside = f"{quiz.name}-files"
    with (folder / f"{quiz.name}.md").open("w", encoding="utf-8", newline="\n") as page:
        page.write(f"# {escape_markdown(quiz.title)}\n")
        for one in items:
            page.write("\n" + one.body.replace("@@FILES@@/", f"{quote(beside)}/"))
            for file in one.files:
                (folder / beside).mkdir(exist_ok=True)
                (folder / beside / PurePosixPath(file.path).name).write_bytes(file.data)
        credit = " · ".join(filter(None, (", ".join(quiz.authors), quiz.licence)))
        page.write(f"\n---\n\n{escape_markdown(credit)}\n" if credit else "")
