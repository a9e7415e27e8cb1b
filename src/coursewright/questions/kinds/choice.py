"""One of several options."""

from __future__ import annotations

import msgspec

from coursewright.questions.checking.alike import refuse_alike
from coursewright.questions.drawing.draft import DraftAnswer, PartDraft, marked
from coursewright.questions.part import Choice, Option


class ChoiceSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`options` is how many are shown (all, by default), `shuffle` whether their order is drawn.

    With `any_right` there may be several right options, and choosing any one of them brings all the points.
    """

    answer: str | int | float | bool | None = None
    options: int | None = None
    shuffle: bool = True
    any_right: bool = False


Settings = ChoiceSettings


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
