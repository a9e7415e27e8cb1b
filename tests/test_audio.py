"""Sound: what is in the file, and what is told of it."""

from __future__ import annotations

import io
import wave

import numpy as np
import pytest

from coursewright.errors import CoursewrightError
from coursewright.figures.audio import Audio, samples, tones


def heard(audio: Audio) -> tuple[int, np.ndarray]:
    with wave.open(io.BytesIO(audio.data)) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        return file.getframerate(), np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")


@pytest.mark.parametrize("frequency", [110.0, 440.0, 8000.0])
def test_a_tone_has_its_frequency_and_its_length(frequency: float) -> None:
    rate, values = heard(tones([(frequency, 0.5)]))
    assert len(values) == rate // 2
    loudest = np.argmax(np.abs(np.fft.rfft(values))) * rate / len(values)
    assert loudest == pytest.approx(frequency, abs=2)


def test_notes_begin_and_end_in_silence() -> None:
    _, values = heard(tones([(440, 0.1), (0, 0.1), (660, 0.1)]))
    assert [values[0], values[4409], values[4410], values[-1]] == [0, 0, 0, 0]
    assert not values[4410:8820].any()
    assert np.abs(np.diff(values.astype(int))).max() < 3000


def test_a_sound_is_the_same_bytes_each_time_and_tells_its_notes() -> None:
    assert tones([(440, 0.1)]) == tones([(440, 0.1)])
    assert tones([(440, 0.5), (0, 1)]).alt == "2 tones: 440 Hz for 0.5 s, a pause for 1 s"
    assert tones([(440, 0.5)], alt="An A").alt == "An A"


def test_samples_are_what_was_given() -> None:
    rate, values = heard(samples([0.5] * 1000, 8000, alt="A steady level"))
    assert rate == 8000
    assert set(values[40:960]) == {round(0.5 * 32767)}


def test_a_sound_without_words_is_refused() -> None:
    with pytest.raises(CoursewrightError) as caught:
        samples([0.0], 8000, alt=" ")
    assert str(caught.value) == (
        'error: this sound has no alternative text\nhint: say what is heard: Audio(..., alt="…")'
    )


@pytest.mark.parametrize("values", [[], [2.0], [float("nan")], [[0.0]]])
def test_what_is_no_sound_is_refused(values: list[float]) -> None:
    with pytest.raises(CoursewrightError, match="a row of numbers from -1 to 1"):
        samples(values, 8000, alt="Noise")


@pytest.mark.parametrize("note", [(-1, 1), (30_000, 1), (440, 0), (440, float("nan")), (440, 1e9)])
def test_what_is_no_note_is_refused(note: tuple[float, float]) -> None:
    with pytest.raises(CoursewrightError, match="no note of"):
        tones([note])
