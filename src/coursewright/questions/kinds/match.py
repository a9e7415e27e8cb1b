"""Prompts, and to each the choice that belongs to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from coursewright.questions.checking.alike import refuse_alike
from coursewright.questions.drawing.draft import DraftAnswer, PartDraft
from coursewright.questions.kind import Feature, Kind, Said, as_it_is
from coursewright.questions.marking.verdict import BLANK, Verdict, said, verdict, whole
from coursewright.questions.part import Feedback, Part, Response, Struct
from coursewright.questions.writing.prose import Prose, plain


class Pair(Struct, frozen=True):
    """A prompt and the number (from 0) of the choice that belongs to it."""

    prompt: Prose
    choice: int
    feedback: Feedback = ()


class Match(Part, frozen=True, tag="match", kw_only=True):
    """To every prompt its choice; choices may be more than prompts, and serve more than one. Each pair counts alike."""

    pairs: tuple[Pair, ...]
    choices: tuple[Prose, ...]


_Line = tuple[Prose, Prose, Feedback, bool]  # a prompt (none for an extra choice), its choice, and whether it is fixed


class MatchSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`shuffle` says whether the order of the prompts is drawn; that of the choices always is.

    The answers are lines `- prompt -> choice`, and `- -> choice` for one that belongs to nothing; or `pairs` and
    `extra` in the code.
    """

    shuffle: bool = True


def build(draft: PartDraft) -> Match:
    """The part. Raises CoursewrightError for fewer than two pairs, or an answer without an arrow.

    Several prompts may have one choice. Raises Alike for two prompts that are the same, and for a choice of no prompt
    that is also another's.
    """
    given = [*_written(draft), *_coded(draft)]
    pairs = [(prompt, choice, feedback) for prompt, choice, feedback, _ in given if prompt]
    extra = [choice for prompt, choice, _, _ in given if not prompt]
    if len(pairs) < 2:
        raise draft.error("a match needs two pairs at least", "write them as: - prompt -> choice", "answer")
    refuse_alike(
        [DraftAnswer(None, prompt, 1.0, (), fixed=fixed) for prompt, _, _, fixed in given if prompt], draft.point
    )
    right = {plain(choice): choice for _, choice, _ in pairs}
    refuse_alike(list(_options(given)), draft.point)
    choices = right | {plain(choice): choice for choice in extra}
    names = sorted(choices)
    draft.stream.shuffle(names)
    if draft.own.shuffle:
        draft.stream.shuffle(pairs)
    return Match(
        name=draft.name,
        points=draft.points,
        pairs=tuple(Pair(prompt, names.index(plain(choice)), said) for prompt, choice, said in pairs),
        choices=tuple(choices[name] for name in names),
    )


def _options(given: Sequence[_Line]) -> Iterator[DraftAnswer]:
    """Every choice of a prompt once, and those of none, which are wrong."""
    known = set()
    for prompt, choice, _, fixed in given:
        if not prompt or plain(choice) not in known:
            yield DraftAnswer(None, choice, 1.0 if prompt else None, (), fixed=fixed)
        if prompt:
            known.add(plain(choice))


def _written(draft: PartDraft) -> Iterator[_Line]:
    for given, written in zip(draft.given, draft.templates, strict=False):
        halves = written.split("->")
        if halves is None:
            raise draft.error("this pair has no arrow", "write it as: - prompt -> choice", line=given.line)
        prompt, choice = (draft.fill(half)[0] for half in halves)
        if not choice:
            raise draft.error("this prompt has no choice", "write it as: - prompt -> choice", line=given.line)
        yield prompt, choice, given.feedback, given.fixed


def _coded(draft: PartDraft) -> Iterator[_Line]:
    pairs = draft.values.get("pairs", ())
    for prompt, choice in pairs.items() if isinstance(pairs, Mapping) else pairs:
        yield draft.show(prompt), draft.show(choice), (), False
    for choice in draft.values.get("extra", ()):
        yield Prose(""), draft.show(choice), (), False


def _offered(part: Match, said: Said) -> Iterator[str]:
    yield from (f"- {said(pair.prompt)}" for pair in part.pairs)
    yield "\n" + ", ".join(map(said, part.choices))


def _answers(part: Match, said: Said) -> Iterator[str]:
    used = {pair.choice for pair in part.pairs}
    yield from (f"- {said(pair.prompt)} -> {said(part.choices[pair.choice])}" for pair in part.pairs)
    yield from (f"- -> {said(choice)}" for at, choice in enumerate(part.choices) if at not in used)


def mark(part: Match, response: Response, attempt: int) -> Verdict:
    """The share of pairs that are right, with the feedback of those that are wrong."""
    if not isinstance(response, list) or len(response) > len(part.pairs):
        return verdict(0, note="not a match")
    given = [whole(choice) for choice in response] + [-1] * (len(part.pairs) - len(response))
    if all(choice == -1 for choice in given):
        return BLANK
    wrong = [pair for pair, choice in zip(part.pairs, given, strict=True) if pair.choice != choice]
    fraction = 1 - len(wrong) / len(part.pairs)
    return verdict(fraction, [words for pair in wrong for words in said(pair.feedback, attempt)])


def model(part: Match) -> Response:
    """Every choice where it belongs."""
    return [pair.choice for pair in part.pairs]


def declared(part: Match) -> Iterator[tuple[Response, float]]:
    """For each prompt, one wrong choice there alone, and none there."""
    right = [pair.choice for pair in part.pairs]
    for number, choice in enumerate(right):
        for other in ((choice + 1) % len(part.choices), -1):
            given = [*right[:number], other, *right[number + 1 :]]
            if given != right:
                yield given, (len(right) - 1) / len(right)


def nonsense(part: Match) -> Iterator[Response]:
    """Choices that do not exist."""
    yield from ([len(part.choices)] * len(part.pairs), [-1] * len(part.pairs), [0] * (len(part.pairs) + 1), 0)


KIND: Kind[Match] = Kind(
    settings=MatchSettings,
    part=Match,
    build=build,
    mark=mark,
    model=model,
    declared=declared,
    nonsense=nonsense,
    lists=lambda part: ([pair.prompt for pair in part.pairs], part.choices),
    offered=_offered,
    answers=_answers,
    features=(
        Feature(
            "extra choices",
            "choices that belong to no prompt",
            lambda part: len(part.choices) > len({pair.choice for pair in part.pairs}),
        ),
    ),
    chosen="several",
    page=as_it_is,
)
