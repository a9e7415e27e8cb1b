"""Moodle's gaps in texts, as gaps of a cloze question: {1:SHORTANSWER:=Paris#Yes~%50%Lyon}, and [[2]] of a list."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING

from coursewright.questions.importers._drafting import kinds
from coursewright.questions.importers._drafting.asked import ImportedAnswer, ImportedPart, NotTaken
from coursewright.questions.importers._drafting.markdown import from_html, from_plain
from coursewright.questions.importers._drafting.moodle_fields import Fields, own_text

if TYPE_CHECKING:
    from lxml.etree import _Element

Say = Callable[[str], str]  # HTML as Markdown

_KINDS = {
    "number": ("NUMERICAL", "NM"),
    "choice": ("MULTICHOICE", "MC", "MULTICHOICE_V", "MCV", "MULTICHOICE_H", "MCH"),
    "shuffled choice": ("MULTICHOICE_S", "MCS", "MULTICHOICE_VS", "MCVS", "MULTICHOICE_HS", "MCHS"),
    "choices": ("MULTIRESPONSE", "MR", "MULTIRESPONSE_H", "MRH"),
    "shuffled choices": ("MULTIRESPONSE_S", "MRS", "MULTIRESPONSE_HS", "MRHS"),
    "text": ("SHORTANSWER", "SA", "MW"),
    "text with case": ("SHORTANSWER_C", "SAC", "MWC"),
}
_KIND = {name: kind for kind, names in _KINDS.items() for name in names}
_GAP = re.compile(r"\{(\d*):(" + "|".join(sorted(_KIND, key=len, reverse=True)) + r"):((?:\\.|[^}\\])*)\}", re.DOTALL)
# The start of each further answer, and of the feedback to one: signs that no backslash or reference hides.
_NEXT = re.compile(r"(?<!\\)~")
_SAID = re.compile(r"(?<!\\)(?<!&)(?<!&amp;)#")
_MARK = re.compile(r"\s*(?:(=)|%(-?\d+(?:[.,]\d*)?)%)")
_PLACE = re.compile("\ue010(\\d+)\ue011")  # stands for a gap while the text around it becomes Markdown


def embedded(html: str, say: Say, lost: list[str]) -> tuple[str, dict[str, ImportedPart]]:
    """The text, which `say` makes Markdown of, with `[[gap1]]` … in it, and the gaps. Raises NotTaken without any."""
    gaps: dict[str, ImportedPart] = {}

    def gap(found: re.Match[str]) -> str:
        gaps[f"gap{len(gaps) + 1}"] = _gap(found[1], _KIND[found[2]], found[3], say, lost)
        return f"\ue010{len(gaps)}\ue011"

    held = _GAP.sub(gap, _held(html))
    if not gaps:
        raise NotTaken("it has no gaps")
    return _PLACE.sub(r"[[gap\1]]", say(held)), gaps


def numbered(fields: Fields) -> tuple[str, dict[str, ImportedPart]]:
    """The same for a text with `[[2]]` in it, and a list of words of which the second belongs there.

    Each gap is a menu of the words in the same group. Raises NotTaken without gaps, and for a number beyond the list.
    """
    words = [_word(each, fields) for each in (*fields.each("selectoption"), *fields.each("dragbox"))]
    gaps: dict[str, ImportedPart] = {}

    def gap(found: re.Match[str]) -> str:
        right = int(found[1]) - 1
        if not 0 <= right < len(words):
            raise NotTaken(f"the gap {found[0]} has no word")
        group = [(text, at) for at, (text, belongs) in enumerate(words) if belongs == words[right][1]]
        given = {text: float(at == right) for text, at in group if text != words[right][0] or at == right}
        options = [ImportedAnswer(text, mark) for text, mark in given.items()]
        gaps[f"gap{len(gaps) + 1}"] = kinds.choice(options, single=True, shuffle=fields.true("shuffleanswers"))
        return f"\ue010{len(gaps)}\ue011"

    held = re.sub(r"\[\[(\d{1,4})\]\]", gap, _held(fields.text("questiontext")))
    if not gaps:
        raise NotTaken("it has no gaps")
    show = fields.show(fields.element.find("questiontext"))
    return _PLACE.sub(r"[[gap\1]]", from_html(held, show)), gaps


def _word(element: _Element, fields: Fields) -> tuple[str, str]:
    """A word to choose, and the group that it belongs to."""
    text = fields.markdown(".", element) if element.tag == "dragbox" else from_plain(own_text(element, "."))
    return text, (element.findtext("group") or "1").strip()


def _held(html: str) -> str:
    return re.sub("[\ue010\ue011]", "\ufffd", html)


def _gap(points: str, kind: str, answers: str, say: Say, lost: list[str]) -> ImportedPart:
    given = [_given(each, say) for each in _NEXT.split(answers) if each.strip()]
    weight: dict[str, object] = {"points": int(points)} if points and int(points) > 1 else {}
    shuffle = kind.startswith("shuffled")
    match kind.removeprefix("shuffled "):
        case "number":
            part = kinds.number([_number(each) for each in given], lost)
        case "choice":
            part = kinds.choice([_shown(each, say) for each in given], single=True, shuffle=shuffle)
        case "choices":
            part = kinds.choice([_shown(each, say) for each in _shared(given)], single=False, shuffle=shuffle)
        case _:
            part = kinds.short(given, case=kind.endswith("case"), lost=lost)
    return replace(part, settings={**weight, **part.settings})


def _given(text: str, say: Say) -> ImportedAnswer:
    """An answer, decoded as Moodle decodes it."""
    mark = _MARK.match(text)
    fraction = (1.0 if mark[1] else float(mark[2].replace(",", ".")) / 100) if mark else 0.0
    answer, *said = _SAID.split(text[mark.end() if mark else 0 :], maxsplit=1)
    return ImportedAnswer(_decoded(answer).strip(), round(fraction, 7), say(_decoded(said[0])) if said else "")


def _decoded(text: str) -> str:
    return re.sub(r"\\([}#])", r"\1", unescape(text))


def _shown(given: ImportedAnswer, say: Say) -> ImportedAnswer:
    return ImportedAnswer(say(given.text), given.mark, given.feedback)


def _shared(given: list[ImportedAnswer]) -> list[ImportedAnswer]:
    """Fractions of options as Moodle has them: right ones share the points, wrong ones cost a share without a mark."""
    total = sum(each.mark or 0 for each in given if (each.mark or 0) > 0)
    if not total:
        return given
    cost = None if any(each.mark not in (0.0, 1.0) for each in given) else -1 / total

    def share(mark: float) -> float:
        return mark / total if mark > 0 else mark if cost is None else cost

    return [ImportedAnswer(each.text, share(each.mark or 0), each.feedback) for each in given]


def _number(given: ImportedAnswer) -> tuple[ImportedAnswer, float]:
    """A number and its tolerance, which stands behind a colon."""
    value, _, spread = given.text.replace(",", ".").partition(":")
    try:
        tolerance = float(spread or 0)
    except ValueError:
        raise NotTaken(f'the tolerance "{spread}" of a gap is no number') from None
    return ImportedAnswer(value.strip(), given.mark, given.feedback), tolerance
