"""True or false."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from coursewright.questions.drawing.draft import PartDraft
from coursewright.questions.kinds import choice
from coursewright.questions.kinds.choice import Choice, Option
from coursewright.questions.writing.prose import Prose

_TRUTHS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


class TrueFalseSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`answer` is true or false, here or in the code; the feedback stands under the items `- True` and `- False`."""

    answer: str | bool | None = None


def build(draft: PartDraft) -> Choice:
    """The part. Raises CoursewrightError when it does not say which is right."""
    said = {each.text.casefold(): each for each in draft.given}
    answer = draft.answer
    if isinstance(answer, str):
        answer = _TRUTHS.get(answer.casefold())
    if answer is None:
        ticked = [text for text, each in said.items() if each.mark == 1]
        answer = ticked[0] == "true" if len(ticked) == 1 and ticked[0] in ("true", "false") else None
    if not isinstance(answer, bool):
        raise draft.error("this question does not say whether it is true", "add a line: answer: true", "answer")
    options = tuple(
        Option(
            text=Prose(str(value)),
            right=value is answer,
            fraction=float(value is answer),
            feedback=said[str(value).casefold()].feedback if str(value).casefold() in said else (),
        )
        for value in (True, False)
    )
    return Choice(name=draft.name, points=draft.points, options=options, truth=True)


KIND = replace(choice.KIND, settings=TrueFalseSettings, build=build)
