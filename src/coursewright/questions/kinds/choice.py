"""One of several options."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from coursewright.questions.checking.alike import refuse_alike
from coursewright.questions.drawing.draft import DraftAnswer, PartDraft, marked
from coursewright.questions.kind import Feature, Kind, Said, as_it_is
from coursewright.questions.kinds._listing import WEIGHTS, listed
from coursewright.questions.marking.verdict import BLANK, Verdict, said, verdict, whole, within
from coursewright.questions.part import Feedback, Part, Response, Struct
from coursewright.questions.writing.prose import Prose, plain


class Option(Struct, frozen=True, kw_only=True):
    """One thing to choose; `right` says whether it belongs to the right answer, `fraction` what choosing it brings."""

    text: Prose
    right: bool
    fraction: float
    feedback: Feedback = ()


class PartWithOptions(Part, frozen=True, kw_only=True):
    """Options, in the order in which they are shown."""

    options: tuple[Option, ...]


class Choice(PartWithOptions, frozen=True, tag="choice", kw_only=True):
    """One option of several, in the order in which they are shown. `truth` marks a question of true or false."""

    truth: bool = False


class ChoiceSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`options` is how many are shown (all, by default), `shuffle` whether their order is drawn.

    With `any_right` there may be several right options, and choosing any one of them brings all the points.
    """

    answer: str | int | float | bool | None = None
    options: int | None = None
    shuffle: bool = True
    any_right: bool = False


def build(draft: PartDraft) -> Choice:
    """The part. Raises CoursewrightError without exactly one right answer, or with no wrong one."""
    given = marked(draft)
    right = [each for each in given if each.mark == 1]
    if len(right) != 1 and not (right and draft.own.any_right):
        message = f"a choice has one right answer; this one has {len(right)}"
        hint = "mark it with [x], and the others with [ ]; or make the kind: choices"
        hint += ", or add any_right: true where each of them is right" if right else ""
        raise draft.error(message, hint, "answer")
    wrong = [each for each in given if each.mark != 1]
    if not wrong:
        raise draft.error("a choice needs a wrong answer too", "add a line: - [ ] …", "answer")
    return Choice(name=draft.name, points=draft.points, options=tuple(map(option, arranged(draft, right, wrong))))


def arranged(draft: PartDraft, right: list[DraftAnswer], wrong: list[DraftAnswer]) -> list[DraftAnswer]:
    """As many of the answers as are shown, in the order in which they are. Raises Alike when two are the same."""
    number = draft.own.options
    if number is not None:
        if not len(right) < number <= len(right) + len(wrong):
            hint = f"there are {len(right) + len(wrong)}, and one of those shown is wrong"
            raise draft.error(f"{number} options cannot be shown", hint, "options")
        wrong = draft.stream.sample(wrong, number - len(right))
    shown = [*right, *wrong]
    if draft.own.shuffle:
        draft.stream.shuffle(shown)
    else:
        order = {each.text: at for at, each in enumerate(draft.given)}
        shown.sort(key=lambda each: order.get(each.text, -1))
    refuse_alike(shown, draft.point)
    return shown


def option(given: DraftAnswer) -> Option:
    """An answer as an option."""
    mark = given.mark or 0.0
    return Option(text=given.prose, right=mark == 1, fraction=mark, feedback=given.feedback)


def lists(part: PartWithOptions) -> Sequence[Sequence[Prose]]:
    """The options."""
    return ([each.text for each in part.options],)


def offered(part: PartWithOptions, said: Said) -> Iterator[str]:
    """The options as a list."""
    yield from (f"- {said(each.text)}" for each in part.options)


def answers(part: PartWithOptions, said: Said) -> Iterator[str]:
    """The options with what each brings."""
    return listed(((said(each.text), each.fraction, each.feedback) for each in part.options), said)


def right(part: PartWithOptions) -> list[int]:
    """The numbers of the right options."""
    return [number for number, each in enumerate(part.options) if each.right]


def _right(part: Choice) -> list[int]:
    return [] if part.truth else right(part)  # true stands first, whatever is right


def _words(part: Choice) -> Mapping[str, int]:
    return {"true": 0, "t": 0, "false": 1, "f": 1} if part.truth else {}


def _spelt(part: Choice) -> tuple[str, Sequence[str]]:
    if part.truth:
        return "", ()
    right = next(plain(option.text) for option in part.options if option.right)
    return (right if len(right) >= 4 else ""), [plain(option.text) for option in part.options if not option.right]


def mark(part: Choice, response: Response, attempt: int) -> Verdict:
    """The option's own fraction."""
    if part.truth and isinstance(response, bool):  # true is shown first
        response = 0 if response else 1
    chosen = whole(response)
    if chosen == -1:
        return BLANK
    if chosen is None or not 0 <= chosen < len(part.options):
        return verdict(0, note="not an option")
    option = part.options[chosen]
    return verdict(option.fraction, said(option.feedback, attempt), answer=chosen)


def model(part: Choice) -> Response:
    """The first right option."""
    return right(part)[0]


def declared(part: Choice) -> Iterator[tuple[Response, float]]:
    """Every option that is not right."""
    yield from ((at, within(each.fraction)) for at, each in enumerate(part.options) if not each.right)


def nonsense(part: PartWithOptions) -> Iterator[Response]:
    """Options that do not exist."""
    beyond = len(part.options)
    yield from (beyond, -1, [beyond], [0, beyond], [-1])


KIND: Kind[Choice] = Kind(
    settings=ChoiceSettings,
    part=Choice,
    build=build,
    mark=mark,
    model=model,
    declared=declared,
    nonsense=nonsense,
    lists=lists,
    right=_right,
    offered=offered,
    answers=answers,
    features=(
        WEIGHTS,
        Feature(
            "any right",
            "several right options, any one of which is enough",
            lambda part: sum(each.right for each in part.options) > 1,
        ),
    ),
    chosen="one",
    words=_words,
    spelt=_spelt,
    page=as_it_is,
)
