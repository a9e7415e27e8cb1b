"""Moodle XML, as Moodle 4.5 imports it: a category for each question, with its variants in it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256
from html import escape
from pathlib import Path

from coursewright.errors import CoursewrightError
from coursewright.questions.export import Item, Limit, Quiz
from coursewright.questions.exporters._moodle.cloze import question_text
from coursewright.questions.exporters._moodle.fractions import number
from coursewright.questions.exporters._moodle.kinds import body
from coursewright.questions.exporters._moodle.text import Writer, cdata
from coursewright.questions.variant import Variant

TITLE = "Moodle XML"
_NO_GAP = "Moodle has no gap of this kind"
LIMITS = {
    "formula": Limit("Moodle itself compares no formulas (its plugin STACK does)", refused=True),
    "code": Limit("Moodle itself runs no code (its plugin CodeRunner does)", refused=True),
    **{f"cloze {kind}": Limit(_NO_GAP, refused=True) for kind in ("formula", "match", "order", "essay", "code")},
    "whole": Limit("Moodle adds up the fractions of the options chosen: it has no all or nothing", refused=True),
    "significant": Limit("Moodle does not count significant figures", refused=True),
    "regex": Limit("Moodle has the wildcard * in texts, but no patterns", refused=True),
    "accents": Limit("Moodle always minds accents", refused=True),
    "distance": Limit("Moodle forgives no slips of spelling", refused=True),
    "feedback by try": Limit("Moodle says the same whenever an answer is given"),
}
_NAME, _IDNUMBER, _TAG = 251, 100, 50  # signs that Moodle keeps
_IN_PARTS = ("multichoice", "matching", "ordering", "multianswer")  # hints can clear what is wrong in these
_ONE_TRY = ("truefalse", "essay")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def item(variant: Variant) -> Item:
    """The variant as one question element; CoursewrightError for what Moodle would take wrongly."""
    notes: list[str] = []
    if variant.kind == "cloze":
        kind, text, inside = "multianswer", question_text(variant, notes), ""
    else:
        if variant.kind in LIMITS:
            raise CoursewrightError(LIMITS[variant.kind].reason, hint="leave Moodle out for this question")
        writer = Writer(variant)
        text = writer.field("questiontext", variant.text)
        kind, inside = body(variant.part, writer, notes)
    written = (
        f'<question type="{kind}">\n<name><text>{cdata(_name(variant))}</text></name>\n{text}'
        f"{_after(variant)}<defaultgrade>{number(variant.points)}</defaultgrade>\n"
        f"<penalty>{number(round(variant.penalty, 7))}</penalty>\n<hidden>0</hidden>\n"
        f"<idnumber>{cdata(_idnumber(variant))}</idnumber>\n{inside}{_hints(variant, kind, notes)}"
        f"{_tags(variant, notes)}</question>\n"
    )
    if _NOT_XML.search(written):
        written = _NOT_XML.sub("\ufffd", written)
        notes.append("control characters are replaced: XML has none")
    return Item(
        ident=variant.ident,
        question=variant.question,
        title=variant.title,
        category=variant.category,
        body=written,
        notes=tuple(notes),
    )


def write(items: Iterable[Item], quiz: Quiz, folder: Path) -> None:
    """One file, `NAME.xml`, written as the items come."""
    folder.mkdir(parents=True, exist_ok=True)
    taken: dict[str, str] = {}
    last = None
    with (folder / f"{quiz.name}.xml").open("w", encoding="utf-8", newline="\n") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n')
        for each in items:
            if each.question != last:
                file.write(_category(each, quiz, taken))
                last = each.question
            file.write(each.body)
        file.write("</quiz>\n")


def _category(first: Item, quiz: Quiz, taken: dict[str, str]) -> str:
    """The element that puts the variants of a question into a category of their own, to draw from at random."""
    title = first.title.strip() or first.question
    if taken.setdefault(f"{first.category}\n{title}", first.question) != first.question:
        title = f"{title} [{first.question}]"
    steps = [
        step[:_NAME].replace("/", "//") for step in (quiz.title.strip() or quiz.name, first.category, title) if step
    ]
    path = _NOT_XML.sub("\ufffd", "/".join(("$course$", "top", *steps)))
    return f'<question type="category">\n<category><text>{cdata(path)}</text></category>\n</question>\n'


def _name(variant: Variant) -> str:
    """A name that is unique and not cut by Moodle: the title may be cut, the ident may not."""
    end = f" [{variant.ident[-100:]}]"
    return " ".join(variant.title.split())[: _NAME - len(end)] + end


def _idnumber(variant: Variant) -> str:
    """What tells this variant from all others: the seed is in it, so that another draw is not taken for the same."""
    ident = f"{variant.ident} {variant.seed}".strip()
    if len(ident) <= _IDNUMBER:
        return ident
    return f"{ident[:79]} {sha256(ident.encode('utf-8', 'replace')).hexdigest()[:20]}"


def _after(variant: Variant) -> str:
    return Writer(variant).field("generalfeedback", variant.feedback, variant.solution)


def _hints(variant: Variant, kind: str, notes: list[str]) -> str:
    """A hint for each try but the last: Moodle gives as many tries as there are hints, and one."""
    if kind in _ONE_TRY or variant.tries < 2:
        if kind == "truefalse" and variant.tries > 1:
            notes.append("Moodle gives one try to a question of true or false")
        return ""
    hints = list(variant.hints[: variant.tries - 1])
    if len(hints) < variant.tries - 1:
        notes.append("Moodle gives a try for each hint: those without one get the last hint again")
    writer = Writer(variant)
    flags = "<shownumcorrect/><clearwrong/>" if kind in _IN_PARTS else ""
    again = hints[-1:] or [variant.text]
    while len(hints) < variant.tries - 1:
        hints += again
    return "".join(writer.field("hint", hint, inside=flags) for hint in hints)


def _tags(variant: Variant, notes: list[str]) -> str:
    if not variant.tags:
        return ""
    if any(len(tag) > _TAG for tag in variant.tags):
        notes.append(f"tags are cut at {_TAG} signs")
    return "<tags>" + "".join(f"<tag><text>{escape(tag[:_TAG])}</text></tag>" for tag in variant.tags) + "</tags>\n"
