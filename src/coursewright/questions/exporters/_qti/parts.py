"""What becomes of a part: the variable of its response, what a learner acts on, and the rules that score it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape
from math import isfinite

from coursewright.questions.exporters._markup import number, tag
from coursewright.questions.exporters._qti.frame import PartFrame, QtiPart
from coursewright.questions.exporters._qti.patterns import fits
from coursewright.questions.exporters._qti.rules import assign, score, value, variable, when
from coursewright.questions.kinds import name_of
from coursewright.questions.kinds.choice import Choice
from coursewright.questions.kinds.choices import Choices
from coursewright.questions.kinds.essay import Essay
from coursewright.questions.kinds.match import Match
from coursewright.questions.kinds.order import Order
from coursewright.questions.kinds.text import Text
from coursewright.questions.part import Feedback, Number, NumberAnswer, Part
from coursewright.questions.writing.markup import html
from coursewright.questions.writing.prose import Prose, plain

_PLACES = "PLACES"  # how many items of an order are in their right places


def write_part(part: Part, frame: PartFrame) -> QtiPart:
    """The part in QTI, whose feedback and notes are added to `frame`."""
    return WRITERS[name_of(part)](part, frame)


def _first_that_fits(conditions: Iterator[tuple[str, float, Feedback]], frame: PartFrame) -> str:
    given = tag("qti-not", tag("qti-is-null", variable(frame.response)))
    cases = [
        (tag("qti-and", given, condition), frame.scores(fraction) + frame.says(feedback))
        for condition, fraction, feedback in conditions
    ]
    return when(*cases)


def _entry(frame: PartFrame, length: int, after: str = "") -> str:
    entry = tag("qti-text-entry-interaction", response_identifier=frame.response, expected_length=str(length))
    return entry + after if frame.gap else tag("p", entry + after)


def _between(response: str, answer: NumberAnswer) -> str:
    """The condition that a number is one that the answer takes.

    Some players take a response of spaces for 0 where they compare it, but not where they multiply it.
    """
    ends = [("qti-gte", answer.low), ("qti-lte", answer.high)]
    bounds = [tag(name, variable(response), score(end)) for name, end in ends if isfinite(end)]
    if answer.low <= 0 <= answer.high:
        product = tag("qti-product", variable(response))
        bounds += [tag(name, product, score(end)) for name, end in ends if isfinite(end)]
    return tag("qti-and", *bounds)


def _number(part: Number, frame: PartFrame) -> QtiPart:
    conditions = ((_between(frame.response, answer), answer.fraction, answer.feedback) for answer in part.answers)
    unit = f" {escape(part.unit, quote=False)}" if part.unit else ""
    if len(part.units) > 1 or part.unit_required:
        frame.notes.append(f'the unit "{part.unit}" is shown, and the response is a number in it')
    return QtiPart(
        frame.declares("float", [number(part.answers[0].value)]),
        _entry(frame, 10, unit),
        _first_that_fits(conditions, frame),
    )


def _text(part: Text, frame: PartFrame) -> QtiPart:
    conditions = ((fits(frame.response, answer, part), answer.fraction, answer.feedback) for answer in part.answers)
    length = max(10, min(80, 5 + max(len(answer.shown) for answer in part.answers)))
    return QtiPart(
        frame.declares("string", [part.answers[0].shown]),
        _entry(frame, length),
        _first_that_fits(conditions, frame),
    )


def _simple(identifier: str, text: Prose, frame: PartFrame) -> str:
    return tag("qti-simple-choice", html(text, frame.dialect, inline=True), identifier=identifier)


def _choice(part: Choice, frame: PartFrame) -> QtiPart:
    chosen = (
        (
            tag("qti-match", variable(frame.response), value("identifier", f"option_{index}")),
            option.fraction,
            option.feedback,
        )
        for index, option in enumerate(part.options)
    )
    right = [f"option_{index}" for index, option in enumerate(part.options) if option.right]
    if frame.gap:
        interaction = _menu(part, frame)
    else:
        options = (_simple(f"option_{index}", option.text, frame) for index, option in enumerate(part.options))
        interaction = tag(
            "qti-choice-interaction",
            *options,
            response_identifier=frame.response,
            shuffle="false",
            max_choices="1",
        )
    return QtiPart(frame.declares("identifier", right[:1]), interaction, _first_that_fits(chosen, frame))


def _menu(part: Choice, frame: PartFrame) -> str:
    if any("$" in option.text.markdown or option.text.values for option in part.options):
        frame.notes.append("a menu in a text holds no markup: its options are shown as text")
    options = (
        tag("qti-inline-choice", escape(plain(option.text), quote=False), identifier=f"option_{index}")
        for index, option in enumerate(part.options)
    )
    return tag("qti-inline-choice-interaction", *options, response_identifier=frame.response, shuffle="false")


def _choices(part: Choices, frame: PartFrame) -> QtiPart:
    right = [f"option_{index}" for index, option in enumerate(part.options) if option.right]
    entries = [(f"option_{index}", option.fraction) for index, option in enumerate(part.options)]
    mapping = "" if part.whole else _mapping(entries, frame, lower_bound="0", upper_bound=number(frame.points))
    options = (_simple(f"option_{index}", option.text, frame) for index, option in enumerate(part.options))
    said = (
        when((_includes(frame, "identifier", f"option_{index}"), rule))
        for index, option in enumerate(part.options)
        if (rule := frame.says(option.feedback))
    )
    interaction = tag(
        "qti-choice-interaction", *options, response_identifier=frame.response, shuffle="false", max_choices="0"
    )
    return QtiPart(
        frame.declares("identifier", right, "multiple", mapping),
        interaction,
        _right_or_mapped(frame, mapped=not part.whole, right=right) + "".join(said),
    )


def _mapping(entries: list[tuple[str, float]], frame: PartFrame, **bounds: str) -> str:
    written = (
        tag("qti-map-entry", map_key=key, mapped_value=number(fraction * frame.points)) for key, fraction in entries
    )
    return tag("qti-mapping", *written, default_value="0", **bounds)


def _right_or_mapped(frame: PartFrame, *, mapped: bool, right: list[str]) -> str:
    """All the points for the right response, whatever the mapped ones add up to in binary; else what these give."""
    cases = []
    if right:
        correct = tag("qti-correct", identifier=frame.response)
        cases.append((tag("qti-match", variable(frame.response), correct), frame.scores(1.0)))
    if mapped:
        given = tag("qti-not", tag("qti-is-null", variable(frame.response)))
        cases.append((given, assign(frame.outcome, tag("qti-map-response", identifier=frame.response))))
    return when(*cases)


def _includes(frame: PartFrame, kind: str, identifier: str) -> str:
    return tag("qti-member", value(kind, identifier), variable(frame.response))


def _match(part: Match, frame: PartFrame) -> QtiPart:
    right = [f"prompt_{index} choice_{pair.choice}" for index, pair in enumerate(part.pairs)]
    said = []
    for index, pair in enumerate(part.pairs):
        if rule := frame.says(pair.feedback):
            given = tag("qti-not", tag("qti-is-null", variable(frame.response)))
            missing = tag("qti-not", _includes(frame, "directedPair", right[index]))
            said.append(when((tag("qti-and", given, missing), rule)))
    prompts = _associable("prompt", [pair.prompt for pair in part.pairs], 1, frame)
    choices = _associable("choice", list(part.choices), 0, frame)
    mapping = _mapping([(key, 1 / len(right)) for key in right], frame)
    return QtiPart(
        frame.declares("directedPair", right, "multiple", mapping),
        tag(
            "qti-match-interaction",
            prompts + choices,
            response_identifier=frame.response,
            **{"class": "qti-match-tabular"},
            shuffle="false",
            max_associations="0",
        ),
        _right_or_mapped(frame, mapped=True, right=right) + "".join(said),
    )


def _associable(name: str, texts: list[Prose], most: int, frame: PartFrame) -> str:
    choices = (
        tag(
            "qti-simple-associable-choice",
            html(text, frame.dialect, inline=True),
            identifier=f"{name}_{index}",
            match_max=str(most),
        )
        for index, text in enumerate(texts)
    )
    return tag("qti-simple-match-set", *choices)


def _order(part: Order, frame: PartFrame) -> QtiPart:
    right = [f"item_{index}" for index in part.right]
    rules = _right_or_mapped(frame, mapped=False, right=right)
    if not part.whole:
        rules = "".join(_counts(frame, place, item) for place, item in enumerate(right, start=1))
        share = tag("qti-product", variable(_PLACES), score(frame.points / len(right)))
        rules += assign(frame.outcome, share)
        frame.counted.append(_PLACES)
    items = (_simple(f"item_{index}", text, frame) for index, text in enumerate(part.items))
    return QtiPart(
        frame.declares("identifier", right, "ordered"),
        tag("qti-order-interaction", *items, response_identifier=frame.response, shuffle="false"),
        rules,
    )


def _counts(frame: PartFrame, place: int, item: str) -> str:
    """The rule that counts an item in its right place."""
    there = tag("qti-match", tag("qti-index", variable(frame.response), n=str(place)), value("identifier", item))
    return when((there, assign(_PLACES, tag("qti-sum", variable(_PLACES), value("float", "1")))))


def _essay(part: Essay, frame: PartFrame) -> QtiPart:
    guide = ""
    if part.guide:
        guide = tag(
            "qti-rubric-block",
            tag("qti-content-body", html(part.guide, frame.dialect)),
            use="scoring",
            view="scorer",
        )
    if part.least or part.most:
        frame.notes.append("the number of words is not limited: say it in the text")
    interaction = tag(
        "qti-extended-text-interaction", response_identifier=frame.response, expected_lines=str(part.lines)
    )
    return QtiPart(frame.declares("string", []), interaction + guide, "")


WRITERS: dict[str, Callable[..., QtiPart]] = {
    "number": _number,
    "text": _text,
    "choice": _choice,
    "choices": _choices,
    "match": _match,
    "order": _order,
    "essay": _essay,
    "description": lambda _part, _frame: QtiPart("", "", ""),
}
"""What writes a part of each kind, given the part and its frame."""
