"""Sound: files, notes and samples, with what a listener who does not hear them is told."""

from __future__ import annotations

import io
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from coursewright.errors import CoursewrightError, Place, did_you_mean
from coursewright.figures.pictures.later import Later
from coursewright.figures.sound_files import sound_type
from coursewright.media import Bundle, JupyterDisplay

RATE = 44_100  # samples a second of what `tones` makes
_FADE = 0.005  # seconds: without a fade, a note begins and ends with a click
_LOUD = 0.8  # of the largest sample that there is
_LONGEST = 600  # seconds
_WAV, _MP3 = "audio/wav", "audio/mpeg"
_OF_MP3 = (8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)  # the rates that MPEG knows
_KILOBITS = 64  # a second, of one channel


@dataclass(frozen=True, slots=True)
class Audio(JupyterDisplay, Later):
    """A sound as the bytes of a file; `alt` tells who does not hear it what is heard, and is never empty.

    `transcript` has every word that is said, for who reads instead. Tones are made when `data` is first asked for.
    """

    LATER: ClassVar[str] = "data"
    data: bytes
    media_type: str
    alt: str
    caption: str = ""
    transcript: str = ""

    def __post_init__(self) -> None:
        if not self.alt.strip():
            raise CoursewrightError("this sound has no alternative text", hint='say what is heard: Audio(..., alt="…")')

    def bundle(self) -> Bundle:
        """The sound as the bytes of its file."""
        return Bundle({self.media_type: self.data}, self.alt, self.caption, transcript=self.transcript)


def audio(
    sound: str | Path | bytes | Sequence[Any],
    rate: int = RATE,
    *,
    alt: str = "",
    caption: str = "",
    transcript: str = "",
) -> Audio:
    """The sound in a file, or of samples: numbers from -1 to 1, or whole numbers of 16 bits, `rate` of them a second.

    Two columns of samples are two channels. Samples become MP3 where `lameenc` is installed and the rate is one of
    MP3's, else WAV. Without `alt` the caption tells what is heard, or the beginning of the transcript. Raises
    CoursewrightError for a file that is not there or that no browser plays, for what are no samples, and for a sound
    without any words.
    """
    told = alt.strip() or caption.strip() or _beginning(transcript)
    if isinstance(sound, str | Path):
        place = Place(sound)
        content = _content(Path(sound))
        return Audio(content, sound_type(content, place), told, caption, transcript)
    if isinstance(sound, bytes):
        return Audio(sound, sound_type(sound, Place("these bytes")), told, caption, transcript)
    Audio(b"", _WAV, told)  # without words nothing is made
    values = _checked(sound, rate)
    made = _mp3(values, rate)
    return Audio(made or _wav(values, rate), _MP3 if made else _WAV, told, caption, transcript)


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
    wanted = _checked(np.asarray(values, dtype=np.float64), rate, channels=1)
    return Audio(_wav(_faded(wanted, rate), rate), _WAV, alt)


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        there = [each.name for each in file.parent.glob("*")] if file.parent.is_dir() else []
        hint = did_you_mean(file.name, there) if isinstance(error, FileNotFoundError) else ""
        said = "there is no such file" if isinstance(error, FileNotFoundError) else error.strerror
        raise CoursewrightError(f"this sound cannot be read: {said}", Place(file), hint) from None


def _beginning(transcript: str) -> str:
    """The first words of what is said."""
    words = " ".join(transcript.split())
    return words if len(words) <= 100 else words[:100].rsplit(" ", 1)[0] + " …"


def _checked(values: Any, rate: int, *, channels: int = 2) -> Any:
    """`values` as numbers from -1 to 1: a row, or two columns."""
    try:
        wanted = np.asarray(values)
        wanted = wanted / 32_768 if wanted.dtype == np.int16 else wanted.astype(np.float64)
    except (TypeError, ValueError):
        wanted = np.empty(0)
    if not wanted.size:
        raise CoursewrightError("these are no samples", None, "give numbers from -1 to 1, or whole numbers of 16 bits")
    if wanted.ndim != 1 and not (channels == 2 and wanted.ndim == 2 and wanted.shape[1] == 2):
        rows = " rows of ".join(f"{length:,}" for length in wanted.shape)
        hint = "turn them: samples.T" if wanted.ndim == 2 and wanted.shape[0] in (1, 2) else "take one channel or two"
        raise CoursewrightError(f"samples are one row or two columns, and these are {rows}", None, hint)
    if wrong := int((~np.isfinite(wanted)).sum()):
        said = f"{wrong:,} of these samples {'is' if wrong == 1 else 'are'} missing or without end"
        raise CoursewrightError(said, None, "leave them out, or make them silence: numpy.nan_to_num(samples)")
    if (largest := np.abs(wanted).max()) > 1:
        said = f"samples go from -1 to 1, and one of these is {largest:g} from 0"
        raise CoursewrightError(said, None, "divide them by the largest, or give whole numbers of 16 bits")
    if not 1000 <= rate <= 192_000:
        raise CoursewrightError(f"no sound has {rate} samples a second", None, "1,000 to 192,000; 44,100 is usual")
    return wanted


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
        out.setnchannels(values.shape[1] if values.ndim == 2 else 1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(_in_16_bits(values))
    return file.getvalue()


def _mp3(values: Any, rate: int) -> bytes:
    """The samples as MP3; nothing where that cannot be made here."""
    if rate not in _OF_MP3:
        return b""
    try:
        import lameenc
    except ImportError:
        return b""
    encoder = lameenc.Encoder()
    encoder.set_bit_rate(_KILOBITS * (values.ndim))
    encoder.set_in_sample_rate(rate)
    encoder.set_channels(values.shape[1] if values.ndim == 2 else 1)
    encoder.set_quality(2)
    encoder.silence()
    return bytes(encoder.encode(_in_16_bits(values)) + encoder.flush())


def _in_16_bits(values: Any) -> bytes:
    return bytes(np.round(values * 32_767).astype("<i2").tobytes())
