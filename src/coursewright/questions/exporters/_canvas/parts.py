"""What becomes of a part in Canvas's QTI 1.2, as its two importers read it.

Both take any condition that gives points for a right answer in full, so what is partly right is refused; and both take
the texts and ranges of all conditions for answers, so wrong ones are not mentioned at all.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape
from math import isclose

from coursewright.errors import CoursewrightError
from coursewright.questions.exporters._markup import number, tag
from coursewright.questions.kinds import name_of
from coursewright.questions.kinds.choice import Choice
from coursewright.questions.kinds.choices import Choices
from coursewright.questions.kinds.description import Description
from coursewright.questions.kinds.essay import Essay
from coursewright.questions.kinds.match import Match
from coursewright.questions.kinds.text import Text
from coursewright.questions.part import Feedback, Number, Part
from coursewright.questions.writing.markup import MarkupDialect, html
from coursewright.questions.writing.prose import Prose, plain

FAR = sys.float_info.max  # the end of a range that has none: Canvas wants both


@dataclass(slots=True)
class CanvasItem:
    """An item on its way: `kind` is Canvas's name, `shown` what is answered, `rules` what is right."""

    dialect: MarkupDialect
    kind: str = ""
    shown: str = ""
    rules: str = ""
    under_text: str = ""  # HTML that stands below the text of the question
    said: list[tuple[str, Prose]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def says(self, name: str, condition: str, feedback: Feedback) -> None:
        """Feedback called `name` where the condition holds."""
        if feedback and feedback[0]:
            self.said.append((f"{name}_fb", feedback[0]))
            show = tag("displayfeedback", feedbacktype="Response", linkrefid=f"{name}_fb")
            self.rules += when(condition, show, go_on=True)

    def text(self, prose: Prose) -> str:
        """Prose that Canvas may show with its markup."""
        return material(html(prose, self.dialect, inline=True))

    def bare(self, prose: Prose, what: str) -> str:
        """Prose where Canvas shows text alone."""
        if (prose.values and not all(isinstance(value, str) for value in prose.values)) or re.search(
            r"[$*_`\[]", prose.markdown
        ):
            self.notes.append(f"{what} hold no markup in Canvas: they are shown as text")
        return tag("material", tag("mattext", escape(plain(prose), quote=False)))


def material(written: str) -> str:
    """HTML as a material: escaped once more, since Canvas keeps it as text."""
    return tag("material", tag("mattext", escape(written, quote=False), texttype="text/html"))


def equal(response: str, answer: str) -> str:
    """The condition that a response is an answer."""
    return tag("varequal", escape(answer, quote=False), respident=response)


def when(condition: str, *consequences: str, go_on: bool = False) -> str:
    """The rule of a condition."""
    return tag("respcondition", tag("conditionvar", condition), *consequences, **{"continue": "Yes" if go_on else "No"})


def gives(share: float = 1.0, action: str = "Set") -> str:
    """The consequence of points, as a share of all."""
    return tag("setvar", number(round(100 * share, 6)), varname="SCORE", action=action)


def write_part(part: Part, draft: CanvasItem) -> None:
    """The only part of a question, in `draft`."""
    WRITERS[name_of(part)](part, draft)


def _choice(part: Choice, draft: CanvasItem) -> None:
    texts = [plain(option.text).lower() for option in part.options]
    draft.kind = "true_false_question" if part.truth and set(texts) == {"true", "false"} else "multiple_choice_question"
    right = _only_right(part)
    _options(part, draft, "Single")
    draft.rules += when(equal("response1", _name(right)), gives())


def _only_right(part: Choice) -> int:
    right = [index for index, option in enumerate(part.options) if option.fraction == 1]
    if len(right) != 1:
        raise CoursewrightError(
            f"Canvas takes one right option, and here are {len(right)}", hint="use the kind choices for several"
        )
    return right[0]


def _name(index: int) -> str:
    return str(1000 + index)  # Canvas wants numbers


def _options(part: Choice | Choices, draft: CanvasItem, cardinality: str) -> None:
    labels = (
        tag("response_label", draft.text(option.text), ident=_name(index)) for index, option in enumerate(part.options)
    )
    draft.shown = tag("response_lid", tag("render_choice", *labels), ident="response1", rcardinality=cardinality)
    for index, option in enumerate(part.options):
        draft.says(_name(index), equal("response1", _name(index)), option.feedback)


def _choices(part: Choices, draft: CanvasItem) -> None:
    draft.kind = "multiple_answers_question"
    right = [option for option in part.options if option.right]
    for option in part.options:
        if not right or not isclose(option.fraction, (1 if option.right else -1) / len(right), abs_tol=1e-4):
            raise CoursewrightError(
                f"Canvas gives each right option 1/{len(right)} of the points and takes as much for each wrong one, "
                f'and "{plain(option.text)}" has {number(option.fraction)}',
                hint="give the options these weights, or export the question to another platform",
            )
    _options(part, draft, "Multiple")
    draft.notes.append('in New Quizzes choose "partial credit with penalty"; Classic Quizzes always mark so')
    chosen = ((equal("response1", _name(index)), option.right) for index, option in enumerate(part.options))
    draft.rules += when(tag("and", *(one if right else tag("not", one) for one, right in chosen)), gives())


def _entry(**attributes: str) -> str:
    label = tag("response_label", ident="answer1", rshuffle="No")
    return tag("response_str", tag("render_fib", label, **attributes), ident="response1", rcardinality="Single")


def _number(part: Number, draft: CanvasItem) -> None:
    draft.kind, draft.shown = "numerical_question", _entry(fibtype="Decimal")
    for answer in part.answers:
        if answer.fraction == 1:
            low, high = number(max(answer.low, -FAR)), number(min(answer.high, FAR))
            within = tag("vargte", low, respident="response1") + tag("varlte", high, respident="response1")
            draft.rules += when(within, gives())
    if part.unit:
        draft.under_text = f"<p>____ {escape(part.unit)}</p>"


def _accepted(part: Text) -> list[str]:
    """The texts that are right, without accents too where these do not count."""
    texts = [" ".join(answer.text.split()) for answer in part.answers if answer.fraction == 1]
    if not part.accents:
        texts += [_bare(text) for text in texts]
    return list({text.lower(): text for text in reversed(texts)}.values())[::-1]


def _bare(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFD", text) if unicodedata.category(sign) != "Mn")


def _text(part: Text, draft: CanvasItem) -> None:
    draft.kind, draft.shown = "short_answer_question", _entry()
    draft.rules += when("".join(equal("response1", text) for text in _accepted(part)), gives())


def _match(part: Match, draft: CanvasItem) -> None:
    draft.kind = "matching_question"
    if len(part.pairs) < 2:
        raise CoursewrightError(
            "New Quizzes takes a matching question of one pair for a choice", hint="use the kind choice"
        )
    labels = "".join(
        tag("response_label", draft.bare(choice, "choices of a matching question"), ident=str(5000 + index))
        for index, choice in enumerate(part.choices)
    )
    for index, pair in enumerate(part.pairs):
        response, right = f"response_{_name(index)}", str(5000 + pair.choice)
        draft.shown += tag("response_lid", draft.text(pair.prompt), tag("render_choice", labels), ident=response)
        draft.rules += when(equal(response, right), gives(1 / len(part.pairs), "Add"), go_on=True)
        draft.says(_name(index), tag("not", equal(response, right)), pair.feedback)


def _essay(part: Essay, draft: CanvasItem) -> None:
    draft.kind, draft.shown = "essay_question", _entry()
    draft.rules += when(tag("other"))
    if part.guide:
        draft.notes.append("the guide for marking has no place in Canvas's import")
    if part.least or part.most:
        draft.notes.append("the number of words is not limited: say it in the text")


def _description(_part: Description, draft: CanvasItem) -> None:
    draft.kind = "text_only_question"


def write_gaps(parts: Sequence[Part], names: list[str], draft: CanvasItem) -> None:
    """The gaps of a cloze question, all of one kind and with the same points, in `draft`."""
    if len({part.points for part in parts}) > 1:
        raise CoursewrightError("Canvas gives all gaps the same points", hint="give the gaps the same points")
    if len({type(part) for part in parts}) > 1:
        raise CoursewrightError(
            "Canvas takes gaps that are all texts or all menus, not a mix", hint="make two questions of it"
        )
    draft.kind = "multiple_dropdowns_question" if isinstance(parts[0], Choice) else "fill_in_multiple_blanks_question"
    for place, (part, name) in enumerate(zip(parts, names, strict=True)):
        first, response = 100 * place, f"response_{name}"
        if isinstance(part, Choice):
            shown = [draft.bare(option.text, "menus") for option in part.options]
            right = [_only_right(part)]
        elif isinstance(part, Text):
            shown = [tag("material", tag("mattext", escape(text, quote=False))) for text in _accepted(part)]
            right = list(range(len(shown)))
        else:
            raise CoursewrightError("a gap in Canvas is a text or a menu", hint="make a question of its own of it")
        labels = (tag("response_label", text, ident=_name(first + index)) for index, text in enumerate(shown))
        named = tag("material", tag("mattext", name))
        draft.shown += tag("response_lid", named, tag("render_choice", *labels), ident=response)
        for index in right:
            draft.rules += when(equal(response, _name(first + index)), gives(1 / len(parts), "Add"), go_on=True)


WRITERS: dict[str, Callable[..., None]] = {
    "number": _number,
    "text": _text,
    "choice": _choice,
    "choices": _choices,
    "match": _match,
    "essay": _essay,
    "description": _description,
}
"""What writes a part of each kind, given the part and its draft."""
