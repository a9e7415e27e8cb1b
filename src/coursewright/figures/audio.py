"""Sound: notes and samples as WAV, with what a listener who does not hear them is told."""

from __future__ import annotations

import io
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from coursewright.errors import CoursewrightError
from coursewright.figures.later import Later
from coursewright.media import Bundle, Shown

RATE = 44_100  # samples a second of what `tones` makes
_FADE = 0.005  # seconds: without a fade, a note begins and ends with a click
_LOUD = 0.8  # of the largest sample that there is
_LONGEST = 600  # seconds
_WAV = "audio/wav"


@dataclass(frozen=True, slots=True)
class Audio(Shown, Later):
    """A sound as the bytes of a file; `alt` tells who does not hear it what is heard, and is never empty.

    Tones are made when `data` is first asked for.
    """

    LATER: ClassVar[str] = "data"
    data: bytes
    media_type: str
    alt: str
    caption: str = ""

    def __post_init__(self) -> None:
        if not self.alt.strip():
            raise CoursewrightError("this sound has no alternative text", hint='say what is heard: Audio(..., alt="…")')

    def bundle(self) -> Bundle:
        """The sound as the bytes of its file."""
        return Bundle({self.media_type: self.data}, self.alt, self.caption)


def tones(notes: Sequence[tuple[float, float]], *, alt: str = "") -> Audio:
    """Pure tones one after the other, each a frequency in hertz and a time in seconds; 0 hertz is a pause.

    Without `alt` the notes themselves are told. Raises CoursewrightError for a frequency below 0 or at which 44,100
    samples a second hold no tone, and for notes that last no time, or more than ten minutes.
    """
    for frequency, seconds in notes:
        if not (0 <= frequency < RATE / 2 and 0 < seconds <= _LONGEST):
            hint = f"0 to {RATE // 2} hertz, and more than 0 to {_LONGEST} seconds"
            raise CoursewrightError(f"no note of {frequency} hertz and {seconds} seconds", None, hint)
    if not notes or sum(seconds for _, seconds in notes) > _LONGEST:
        raise CoursewrightError("a sound lasts more than 0 and at most 600 seconds", None, "other notes")
    heard = tuple((float(frequency), float(seconds)) for frequency, seconds in notes)
    return Audio.later(_played, heard, media_type=_WAV, alt=alt or _told(notes))


def samples(values: Sequence[float], rate: int, *, alt: str) -> Audio:
    """`values` from -1 to 1, `rate` of them a second, as a sound of one channel with 16 bits a sample.

    Raises CoursewrightError for values that are not finite or outside of that, for none, and for an empty `alt`.
    """
    wanted = np.asarray(values, dtype=np.float64)
    if wanted.ndim != 1 or not wanted.size or not np.isfinite(wanted).all() or np.abs(wanted).max() > 1:
        raise CoursewrightError("samples are a row of numbers from -1 to 1", None, "divide by the largest of them")
    if not 1000 <= rate <= 192_000:
        raise CoursewrightError(f"no sound has {rate} samples a second", None, "1,000 to 192,000; 44,100 is usual")
    return Audio(_wav(_faded(wanted, rate), rate), _WAV, alt)


def _played(notes: Sequence[tuple[float, float]]) -> bytes:
    parts = [np.sin(2 * np.pi * frequency * np.arange(round(seconds * RATE)) / RATE) for frequency, seconds in notes]
    return _wav(np.concatenate([_faded(part, RATE) for part in parts]) * _LOUD, RATE)


def _told(notes: Sequence[tuple[float, float]]) -> str:
    told = [f"{f'{frequency:g} Hz' if frequency else 'a pause'} for {seconds:g} s" for frequency, seconds in notes]
    return f"{len(notes)} tone{'s' * (len(notes) != 1)}: {', '.join(told)}"


def _faded(values: Any, rate: int) -> Any:
    """`values` that begin and end in silence."""
    length = min(round(_FADE * rate), len(values) // 2)
    ramp = (1 - np.cos(np.pi * np.arange(length) / max(length, 1))) / 2
    envelope = np.ones(len(values))
    envelope[:length] = ramp
    envelope[len(values) - length :] = ramp[::-1]
    return values * envelope


def _wav(values: Any, rate: int) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(np.round(values * 32_767).astype("<i2").tobytes())
    return file.getvalue()
