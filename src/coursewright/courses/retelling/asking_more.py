"""Further variants of the questions in pages that can be run: what the site carries so that readers get them."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import islice

import msgspec

from coursewright.courses.building.writing import Writing
from coursewright.courses.plan import PlannedPage, materials
from coursewright.errors import CoursewrightError
from coursewright.pages import Materials
from coursewright.pages.blocks import QuestionBlock
from coursewright.pages.directives import ready
from coursewright.questions import DrawMaterials, Question, Variant, draw
from coursewright.questions.checking import SEEDS, sound
from coursewright.questions.drawing import ARROW, UNSET_PICTURE, DrawResult, key, set_pictures, shown, task_of
from coursewright.sites.runtimes import NotPlain, Ours, can_ask, more_file, more_scripts, ours, packages_of_python

KEPT = 12
"""Variants of a question, at the most, that the site has as they are, for browsers in which its code cannot run."""

_LARGEST = 5_000_000  # letters of what a question is drawn from
_ROOMS = ("words", "figures", "questions")
OWNER = "what every site has"


class More(msgspec.Struct, frozen=True):
    """The further variants of a question: for whom each is drawn, and the digest of what is then shown.

    `task` is what they are drawn from by `python`, if their code can run in browsers; `kept` are some of them as they
    are, or their address as seen from here.
    """

    variants: tuple[tuple[str, str], ...]
    kept: str | list[tuple[str, str]]
    task: str = ""
    python: Ours | None = None


def write_more(writing: Writing, planned: Sequence[PlannedPage]) -> None:
    """Write into the site what its questions need to be drawn again, where `[runtimes]` has pages run in themselves."""
    course, found = writing.course, list[tuple[str, More, list[tuple[str, str]]]]()
    if not course.site.runtimes.here:
        return
    for one in planned:
        if one.page.settings.for_each:  # hundreds of pages would each draw their own
            continue
        executed = writing.making.document(one).executed
        given = materials(course, writing.making.database, one)
        for number, directive in enumerate(executed.page.directives):
            block = executed.blocks[number]
            if isinstance(block, QuestionBlock):
                path = more_file(one.address, number)
                asked_of = ready(directive.argument, given)
                found.append((path, *more_of(*asked_of, block, given, course.site.runtimes.variants)))
    for path, more, kept in found:
        named = f"{path.removesuffix('.json')}.kept.json"
        about = msgspec.structs.replace(more, kept=named.rpartition("/")[2])
        writing.add("site", {path: msgspec.json.encode(about), named: msgspec.json.encode(kept)}, OWNER)
    if found:
        writing.add("site", more_scripts(), OWNER)
    if any(more.python for _, more, _ in found):
        writing.add("site", ours(_ROOMS, course.site.language)[1], OWNER)


def more_files(language: str) -> dict[str, str | bytes | Callable[[], bytes]]:
    """What draws another variant in the browser, by its path in the site, as far as it was fetched."""
    return {**more_scripts(), **(ours(_ROOMS, language)[1] if can_ask() else {})}


def more_of(
    question: Question, drawn_from: DrawMaterials, asked: QuestionBlock, given: Materials, most: int
) -> tuple[More, list[tuple[str, str]]]:
    """What a question has further, and some of its variants as they are, each with for whom it was drawn."""
    seen = {key(variant, {}) for variant in asked.variants}
    drawn = list(islice(sound(_further(question, drawn_from, seen)), most))
    made = {each.who: shown(each) for each in _with_pictures(drawn)}
    kept = [(who, made[who].html) for who in list(made)[:KEPT]]
    more = More(tuple((who, each.digest) for who, each in made.items()), "")
    unset = any(medium.media_type == UNSET_PICTURE for each in drawn for medium in each.media)
    if unset or not made or not can_ask():
        return more, kept
    return _with_python(more, question, drawn_from, given.language), kept


def _further(question: Question, drawn_from: DrawMaterials, seen: set[bytes]) -> Iterator[Variant]:
    """The variants that `check` looks at, of its own seed: each that was not `seen`, and is not there yet."""
    who = [str(number) for number in range(1, SEEDS + 1)]
    with suppress(CoursewrightError):  # of a variant beyond those of the page, which `check` says
        for each in draw(question, who, distinct=False, materials=drawn_from):
            if each.variant and each.key not in seen:
                seen.add(each.key)
                yield each.variant


def _with_pictures(variants: Sequence[Variant]) -> Iterator[Variant]:
    """The variants with the pictures that TeX sets."""
    draws = (DrawResult(who=each.who, attempt=0, key=b"", variant=each) for each in variants)
    return (each.variant for each in set_pictures(draws, {}) if each.variant)


def _with_python(more: More, question: Question, drawn_from: DrawMaterials, language: str) -> More:
    """The same with what they are drawn from, where their code may run in browsers: it imports nothing."""
    try:
        packages = packages_of_python(question.code.text)
    except NotPlain:
        return more
    task = msgspec.structs.replace(task_of(question, "0", drawn_from), file=question.file.name)
    packed = b64encode(msgspec.msgpack.encode(task)).decode()
    by_arrow = any(rows.startswith(ARROW) for rows in task.tables.values())
    if packages or by_arrow or len(packed) > _LARGEST:
        return more
    return msgspec.structs.replace(more, task=packed, python=ours(_ROOMS, language)[0])
