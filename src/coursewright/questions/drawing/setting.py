"""Pictures that TeX sets: not behind the wall, where no program is started, but here, many in one run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from coursewright.errors import CoursewrightError
from coursewright.questions.checking.alike import Alike, refuse_same_pictures
from coursewright.questions.drawing.worker import UNSET_PICTURE, DrawResult, export
from coursewright.questions.variant import Media, Variant

_TOGETHER = 40  # pictures in one run of TeX


def set_pictures(draws: Iterable[DrawResult], exporters: Mapping[str, Any]) -> Iterator[DrawResult]:
    """The draws with the pictures that TeX sets in them as SVG, and with what the exporters make of those variants.

    Draws without such pictures pass at once, unless they wait behind one. Raises MissingPart without TeX, and
    CoursewrightError with TeX's message for a picture that it cannot set.
    """
    waiting: list[DrawResult] = []
    pictures = 0
    for drawn in draws:
        unset = _unset(drawn)
        if not unset and not waiting:
            yield drawn
            continue
        waiting.append(drawn)
        pictures += len(unset)
        if pictures >= _TOGETHER:
            yield from _set(waiting, exporters)
            waiting, pictures = [], 0
    yield from _set(waiting, exporters)


def _unset(drawn: DrawResult) -> list[Media]:
    media = drawn.variant.media if drawn.variant else ()
    return [medium for medium in media if medium.media_type == UNSET_PICTURE]


def _set(waiting: list[DrawResult], exporters: Mapping[str, Any]) -> Iterator[DrawResult]:
    """Set all pictures of the draws in one run, each different one once."""
    sources = list({medium.data: None for drawn in waiting for medium in _unset(drawn)})
    if sources:
        from coursewright.figures.diagrams import PictureError, tikz_batch

        try:
            pictures = dict(zip(sources, tikz_batch([source.decode() for source in sources]), strict=True))
        except PictureError as error:
            raise _named(error, waiting, sources[error.picture]) from None
    for drawn in waiting:
        if drawn.variant and _unset(drawn):
            variant = msgspec.structs.replace(
                drawn.variant, media=tuple(_as_svg(medium, pictures) for medium in drawn.variant.media)
            )
            _refuse_same(variant)
            yield export(msgspec.structs.replace(drawn, variant=variant), variant, exporters)
        else:
            yield drawn


def _named(error: CoursewrightError, waiting: list[DrawResult], source: bytes) -> CoursewrightError:
    """The error with the question and the variant that the picture is in."""
    for drawn in waiting:
        if drawn.variant and any(medium.data == source for medium in _unset(drawn)):
            problem = error.problem
            which = f'question "{drawn.variant.question}", variant {drawn.who}'
            return CoursewrightError(f"{which}: {problem.message}", problem.where, problem.hint)
    return error


def _refuse_same(variant: Variant) -> None:
    try:
        refuse_same_pictures(variant.parts, variant.media)
    except Alike as error:
        message = f'question "{variant.question}", variant {variant.who}: {error.message}'
        raise CoursewrightError(message, hint=error.hint) from None


def _as_svg(medium: Media, pictures: Mapping[bytes, str]) -> Media:
    if medium.media_type != UNSET_PICTURE:
        return medium
    return msgspec.structs.replace(medium, media_type="image/svg+xml", data=pictures[medium.data].encode())
