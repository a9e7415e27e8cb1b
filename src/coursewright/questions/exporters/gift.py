"""GIFT, Moodle's plain text for questions, which other platforms read too."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from coursewright.errors import CoursewrightError
from coursewright.questions.export import FormatLimits, Item, Limit, Quiz
from coursewright.questions.exporters import moodle
from coursewright.questions.exporters._moodle.names import NOT_XML, category, idnumber, name
from coursewright.questions.exporters._moodle.paragraphs import WRITERS, bracketed, escaped
from coursewright.questions.exporters._moodle.text import MoodleWriter
from coursewright.questions.marking.ways import WITH_UNIT
from coursewright.questions.variant import Variant

TITLE = "GIFT"
SPLITS = True
_NO_KIND = "GIFT has no questions of this kind"
_NO_FILES = "GIFT holds text only, no files"
_SAID = {
    "whole order": Limit(_NO_KIND, refused=True),
    "picture": Limit(_NO_FILES, refused=True),
    "sound": Limit(_NO_FILES, refused=True),
    "unit": Limit("GIFT has bare numbers only", refused=True),
    "units": Limit("GIFT has bare numbers only", refused=True),
    "significant": Limit("GIFT does not count significant figures", refused=True),
    "whole": Limit("GIFT adds up the fractions of the options chosen: it has no all or nothing", refused=True),
    "regex": Limit("GIFT has the wildcard * in texts, but no other patterns", refused=True),
    "case": Limit("GIFT never minds capitals", refused=True),
    "accents": Limit("GIFT always minds accents", refused=True),
    "distance": Limit("GIFT forgives no slips of spelling", refused=True),
    "form": Limit("GIFT has no formulas to answer with", refused=True),
    "hints": Limit("GIFT has no hints"),
    "tries": Limit("GIFT says nothing of tries"),
    "penalty": Limit("GIFT says nothing of penalties"),
    "feedback by try": Limit("GIFT says the same whenever an answer is given"),
}
LIMITS = FormatLimits(
    _SAID,
    kinds=WRITERS,
    no_kind=Limit(_NO_KIND, refused=True),
    gaps=(),
    no_gap=Limit("GIFT has no gaps that mark themselves", refused=True),
)

_UNIT = "GIFT has bare numbers only"
NOT_READ = moodle.NOT_READ | dict.fromkeys((*WITH_UNIT, "unit left out"), _UNIT)
"""Ways to type a number that Moodle, whose format it is, takes for another one, or for none."""


def item(variant: Variant) -> Item:
    """The variant as a paragraph of GIFT; CoursewrightError for what Moodle would take wrongly."""
    notes: list[str] = []
    write = WRITERS.get(variant.kind)
    if write is None:
        raise CoursewrightError(LIMITS[variant.kind].reason, hint="leave GIFT out for this question")
    writer = MoodleWriter(variant)
    after = escaped("".join(writer.html(prose) for prose in (variant.feedback, variant.solution) if prose))
    answers = write(variant.part, writer, notes) + (f"\n####[html]{after}" if after else "")
    if not variant.asks:
        answers = ""
        notes += ["GIFT has no feedback to a description: it is left out"] * bool(after)
    else:
        answers = f"{{{answers}}}"
    text = f"[html]{escaped(writer.html(variant.text))}"
    if writer.files():
        raise CoursewrightError(_NO_FILES, hint="write Moodle XML, which does")
    if variant.points not in (0, 1):
        notes.append(f"GIFT has no points: give the question {variant.points:g} in the quiz")
    about = f"// [id:{bracketed(idnumber(variant))}]" + "".join(f" [tag:{bracketed(tag)}]" for tag in variant.tags)
    return Item.of(
        variant, NOT_XML.sub("\ufffd", f"{about}\n::{escaped(name(variant))}::{text}{answers}\n\n"), notes=tuple(notes)
    )


def write(items: Iterable[Item], quiz: Quiz, folder: Path) -> None:
    """One file, `NAME.gift`, written as the items come."""
    folder.mkdir(parents=True, exist_ok=True)
    taken = quiz.categories()
    last = None
    with (folder / f"{quiz.name}.gift").open("w", encoding="utf-8", newline="\n") as file:
        for each in items:
            if each.question != last:
                path = category(each, quiz, taken).replace("\\", "\\\\")
                file.write(f"$CATEGORY: {path}\n\n")
                last = each.question
            file.write(each.body)
