"""The parts of questions as Moodle's elements: for each kind its type, and what stands in the question for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from coursewright.errors import CoursewrightError
from coursewright.questions.exporters._moodle.fractions import (
    middle,
    need_distinct,
    need_full,
    number,
    percent,
    sum_to_all,
)
from coursewright.questions.exporters._moodle.text import MoodleWriter, cdata
from coursewright.questions.formulas.units import is_currency
from coursewright.questions.kinds import name_of
from coursewright.questions.kinds.choice import Choice, Option
from coursewright.questions.kinds.choices import Choices
from coursewright.questions.kinds.description import Description
from coursewright.questions.kinds.essay import Essay
from coursewright.questions.kinds.match import Match
from coursewright.questions.kinds.order import Order
from coursewright.questions.kinds.text import Text, TextAnswer
from coursewright.questions.part import Feedback, Number, NumberAnswer, Part
from coursewright.questions.writing.prose import MediaReference, Prose, Tex, plain

ONE_TRY = ("truefalse", "essay", "description")  # Moodle's types of which there is no second try
_COMBINED = "".join(
    f'<{which}feedback format="html"><text></text></{which}feedback>\n'
    for which in ("correct", "partiallycorrect", "incorrect")
)
_LINES = (2, 3, 5, 10, 15, 20, 25, 30, 35, 40)
_Answer = NumberAnswer | Option | TextAnswer


def body(part: Part, writer: MoodleWriter, notes: list[str]) -> tuple[str, str]:
    """Moodle's type for a part that is a question of its own, and its elements; `notes` gets what was mended."""
    truth = isinstance(part, Choice) and part.truth
    moodle, write = KINDS["truefalse" if truth else name_of(part)]
    return moodle, write(part, writer, notes)


def first(feedback: Feedback) -> Prose:
    """What is said the first time: Moodle says the same each time."""
    return feedback[0] if feedback else Prose("")


def fractions(answers: Sequence[_Answer], notes: list[str]) -> list[str]:
    """The fractions of answers in per cent, as Moodle lists them."""
    given = [percent(answer.fraction) for answer in answers]
    notes.extend(dict.fromkeys(note for _, note in given if note))
    return [each for each, _ in given]


def _answer(fraction: str, text: str, feedback: Feedback, writer: MoodleWriter, more: str = "") -> str:
    said = writer.field("feedback", first(feedback)) if feedback else ""
    return f'<answer fraction="{fraction}" format="moodle_auto_format"><text>{text}</text>\n{said}{more}</answer>\n'


def ranges(part: Number, notes: list[str]) -> list[tuple[str, str]]:
    """The answers of a number as value and tolerance."""
    need_full([answer.fraction for answer in part.answers])
    made = []
    for answer in part.answers:
        if answer.low > answer.high:
            raise CoursewrightError(f"nothing lies between {answer.low} and {answer.high}")
        value, tolerance = middle(answer.value, answer.low, answer.high)
        if value != number(answer.value):
            notes.append(f"Moodle gives the middle of the range as the answer: {value} for {answer.shown}")
        made.append((value, tolerance))
    return made


def _number(part: Number, writer: MoodleWriter, notes: list[str]) -> str:
    given = zip(part.answers, fractions(part.answers, notes), ranges(part, notes), strict=True)
    answers = "".join(
        _answer(fraction, value, answer.feedback, writer, f"<tolerance>{tolerance}</tolerance>\n")
        for answer, fraction, (value, tolerance) in given
    )
    return answers + units(part)


def units(part: Number) -> str:
    """The units of a number. Moodle divides a response by the multiplier of its unit."""
    if not part.unit:
        return "<unitgradingtype>0</unitgradingtype>\n<unitpenalty>0</unitpenalty>\n<showunits>3</showunits>\n"
    if moved := [unit.name for unit in part.units if unit.offset]:
        raise CoursewrightError(
            f"Moodle converts units by a factor, and {', '.join(moved)} has another zero too",
            hint=f"accept one unit only: {part.unit}",
        )
    before = is_currency(part.unit)
    if other := next((unit.name for unit in part.units if is_currency(unit.name) != before), None):
        raise CoursewrightError(
            f"Moodle takes all units on one side of a number, and {part.unit} and {other} stand on two",
            hint=f"accept one unit only: {part.unit}",
        )
    others = [unit for unit in part.units if unit.name != part.unit]
    listed = [(part.unit, "1"), *((unit.name, number(float(f"{1 / unit.factor:.15g}"))) for unit in others)]
    need_distinct([name for name, _ in listed], "unit")
    each = "".join(
        f"<unit>\n<multiplier>{multiplier}</multiplier>\n<unit_name>{cdata(name)}</unit_name>\n</unit>\n"
        for name, multiplier in listed
    )
    # `unitsleft` of 1 is for units in front; with 0, £12.50 has no number in it.
    strict = 1 if part.unit_required else 0  # of the marks, taken away where the unit is wrong or missing
    return (
        f"<units>\n{each}</units>\n<unitgradingtype>{strict}</unitgradingtype>\n"
        f"<unitpenalty>{strict}</unitpenalty>\n<showunits>0</showunits>\n<unitsleft>{int(before)}</unitsleft>\n"
    )


def check_options(part: Choice | Choices, texts: Sequence[str]) -> None:
    """CoursewrightError for options that Moodle refuses or marks wrongly."""
    if len(texts) < 2:
        raise CoursewrightError("there is one option only", hint="give a second one")
    need_distinct(texts, "option")
    given = [option.fraction for option in part.options]
    if isinstance(part, Choice):
        need_full(given)
    elif not sum_to_all(given):
        raise CoursewrightError(
            "the options to choose are not 100 % together in Moodle, which knows the parts of 1 to 10 only",
            hint="have fewer right options, or none worth more than the others",
        )


def _choice(part: Choice | Choices, writer: MoodleWriter, notes: list[str]) -> str:
    texts = [writer.html(option.text, inline=True) for option in part.options]
    writer.files()  # noted once more where they are written
    check_options(part, texts)
    answers = "".join(
        writer.field(
            "answer",
            option.text,
            attributes=f' fraction="{fraction}"',
            inside=writer.field("feedback", first(option.feedback)) if option.feedback else "",
        )
        for option, fraction in zip(part.options, fractions(part.options, notes), strict=True)
    )
    single = "true" if isinstance(part, Choice) else "false"
    return (
        f"<single>{single}</single>\n<shuffleanswers>false</shuffleanswers>\n<answernumbering>none</answernumbering>\n"
        f"<showstandardinstruction>0</showstandardinstruction>\n{_COMBINED}<shownumcorrect/>\n{answers}"
    )


def truths(part: Choice) -> tuple[Option, Option]:
    """The options true and false: the first one is true, unless it says that it is false."""
    first_one, second = part.options
    need_full([option.fraction for option in part.options])
    return (second, first_one) if plain(first_one.text).casefold() == "false" else (first_one, second)


def _truth(part: Choice, writer: MoodleWriter, _notes: list[str]) -> str:
    pairs = zip(("true", "false"), truths(part), strict=True)
    return "".join(_answer("100" if it.right else "0", name, it.feedback, writer) for name, it in pairs)


def texts(part: Text, notes: list[str]) -> list[tuple[TextAnswer, str]]:
    """The answers of a short text, with Moodle's wildcard in them; those that nothing can reach are left out."""
    need_full([answer.fraction for answer in part.answers])
    kept: dict[str, tuple[TextAnswer, str]] = {}
    for answer in part.answers:
        text = " ".join((answer.wild or "").split())
        if not text:
            raise CoursewrightError("an answer is empty", hint="give it a text, or leave it out")
        key = text if part.case else text.casefold()
        if key in kept:
            notes.append(f'the answer "{text[:80]}" is left out: an earlier one is the same')
        else:
            kept[key] = (answer, text)
    return list(kept.values())


def _text(part: Text, writer: MoodleWriter, notes: list[str]) -> str:
    kept = texts(part, notes)
    given = zip(kept, fractions([answer for answer, _ in kept], notes), strict=True)
    answers = "".join(_answer(each, cdata(text), answer.feedback, writer) for (answer, text), each in given)
    return f"<usecase>{1 if part.case else 0}</usecase>\n{answers}"


def choices_of(part: Match) -> list[str]:
    """The choices of a matching question as one line of text each, which is all that Moodle's menus show."""
    for choice in part.choices:
        if "$" in choice.markdown or any(isinstance(value, Tex | MediaReference) for value in choice.values):
            raise CoursewrightError(
                "a choice to match has a formula or a picture, which menus do not show",
                hint="make it the prompt, and the words the choice",
            )
    lines = [plain(choice) for choice in part.choices]
    need_distinct(lines, "choice")
    if len(part.pairs) < 2 or len(lines) < 2:
        raise CoursewrightError("there is one pair to match only", hint="give a second one")
    return lines


def _match(part: Match, writer: MoodleWriter, notes: list[str]) -> str:
    lines = choices_of(part)
    if any(pair.feedback for pair in part.pairs):
        notes.append("Moodle has no feedback for single pairs: it is left out")
    answers = [f"<answer><text>{cdata(escape(line, quote=False))}</text></answer>\n" for line in lines]
    asked = "".join(writer.field("subquestion", pair.prompt, inside=answers[pair.choice]) for pair in part.pairs)
    used = {pair.choice for pair in part.pairs}
    extra = "".join(
        f'<subquestion format="html"><text></text>{answer}</subquestion>\n'
        for at, answer in enumerate(answers)
        if at not in used
    )
    return f"<shuffleanswers>false</shuffleanswers>\n{_COMBINED}<shownumcorrect/>\n{asked}{extra}"


def _order(part: Order, writer: MoodleWriter, _notes: list[str]) -> str:
    if len(part.items) < 2:
        raise CoursewrightError("there is one item to put in order only", hint="give a second one")
    need_distinct([writer.html(item, inline=True) for item in part.items], "item")
    writer.files()
    count = len(part.items)
    answers = "".join(
        writer.field("answer", part.items[at], attributes=f' fraction="{place}.0000000"', inline=True)
        for place, at in enumerate(part.right, 1)
    )
    grading = "ALL_OR_NOTHING" if part.whole else "ABSOLUTE_POSITION"
    return (
        f"<layouttype>VERTICAL</layouttype>\n<selecttype>ALL</selecttype>\n<selectcount>{count}</selectcount>\n"
        f"<gradingtype>{grading}</gradingtype>\n<showgrading>SHOW</showgrading>\n<numberingstyle>none</numberingstyle>\n"
        f"{_COMBINED}<shownumcorrect/>\n{answers}"
    )


def _essay(part: Essay, writer: MoodleWriter, _notes: list[str]) -> str:
    lines = next((each for each in _LINES if each >= part.lines), _LINES[-1])
    limits = "".join(
        f"<{name}wordlimit>{limit}</{name}wordlimit>\n"
        for name, limit in (("min", part.least), ("max", part.most))
        if limit is not None
    )
    return (
        "<responseformat>editor</responseformat>\n<responserequired>1</responserequired>\n"
        f"<responsefieldlines>{lines}</responsefieldlines>\n{limits}<attachments>0</attachments>\n"
        f"<attachmentsrequired>0</attachmentsrequired>\n{writer.field('graderinfo', part.guide)}"
        '<responsetemplate format="html"><text></text></responsetemplate>\n'
    )


def _description(_part: Description, _writer: MoodleWriter, _notes: list[str]) -> str:
    return ""


KINDS: dict[str, tuple[str, Callable[..., str]]] = {
    "number": ("numerical", _number),
    "choice": ("multichoice", _choice),
    "choices": ("multichoice", _choice),
    "truefalse": ("truefalse", _truth),
    "text": ("shortanswer", _text),
    "match": ("matching", _match),
    "order": ("ordering", _order),
    "essay": ("essay", _essay),
    "description": ("description", _description),
}
"""For each kind Moodle's type, and what writes the elements, given the part, its writer and a list for notes."""
