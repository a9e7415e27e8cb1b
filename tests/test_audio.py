"""Sound: what is in the file, and what is told of it."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import wave
from pathlib import Path
from typing import Any

import feedparser
import numpy as np
import pytest

from conftest import COURSE
from coursewright.courses import build, check, open_course
from coursewright.errors import CoursewrightError, Place, SeveralProblems
from coursewright.figures import sound as made_audio
from coursewright.figures.sound import Audio, audio, samples, tones
from coursewright.figures.sound_files import sound_type
from test_browser import NODE, audited, chromium  # noqa: F401 - a fixture

SOUNDS = Path(__file__).parent / "cases" / "sounds"
FILES = {"half-a-second.flac": "audio/flac", "half-a-second.ogg": "audio/ogg", "opus.ogg": "audio/ogg"}


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


SILENCE = "leave them out, or make them silence: numpy.nan_to_num(samples)"
NO_SAMPLES: list[tuple[Any, str, str]] = [
    ([], "these are no samples", "give numbers from -1 to 1, or whole numbers of 16 bits"),
    (["a"], "these are no samples", "give numbers from -1 to 1, or whole numbers of 16 bits"),
    ([2.0], "samples go from -1 to 1, and one of these is 2 from 0",
     "divide them by the largest, or give whole numbers of 16 bits"),
    ([float("nan"), 0.0], "1 of these samples is missing or without end", SILENCE),
    ([None, float("inf")], "2 of these samples are missing or without end", SILENCE),
    ([[0.0, 0.0, 0.0]] * 2, "samples are one row or two columns, and these are 2 rows of 3", "turn them: samples.T"),
    ([[0.0, 0.0, 0.0]] * 4, "samples are one row or two columns, and these are 4 rows of 3", "take one channel or two"),
]  # fmt: skip


@pytest.mark.parametrize("values", [[], [2.0], [float("nan")], [[0.0]]])
def test_what_is_no_sound_is_refused(values: list[float]) -> None:
    with pytest.raises(CoursewrightError, match="samples"):
        samples(values, 8000, alt="Noise")


@pytest.mark.parametrize("note", [(-1, 1), (30_000, 1), (440, 0), (440, float("nan")), (440, 1e9)])
def test_what_is_no_note_is_refused(note: tuple[float, float]) -> None:
    with pytest.raises(CoursewrightError, match="no note of"):
        tones([note])


def sine(seconds: float = 0.5, rate: int = 44_100) -> np.ndarray:
    return 0.5 * np.sin(2 * np.pi * 440 * np.arange(round(seconds * rate)) / rate)


@pytest.mark.parametrize(("name", "media_type"), FILES.items())
def test_a_file_is_what_is_in_it_whatever_it_is_called(name: str, media_type: str, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.mp3"
    shutil.copy(SOUNDS / name, wrong)
    made = audio(wrong, alt="A tone")
    assert (made.media_type, made.data) == (media_type, (SOUNDS / name).read_bytes())


def test_samples_are_mp3_where_they_can_be_else_wav(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("lameenc", reason='pip install "coursewright[sounds]"')
    values = sine(10)
    made = audio(values, alt="A tone")
    assert made.media_type == sound_type(made.data, Place("mp3")) == "audio/mpeg"
    assert len(made.data) < 100_000
    assert made == audio(list(values), alt="A tone")
    assert audio(sine(rate=5000), 5000, alt="A tone").media_type == "audio/wav"
    monkeypatch.setitem(__import__("sys").modules, "lameenc", None)
    assert audio(values, alt="A tone").media_type == "audio/wav"


def test_two_columns_are_two_channels_and_whole_numbers_are_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(made_audio, "_mp3", lambda values, rate: b"")  # noqa: ARG005 - as where no encoder is
    both = np.stack([sine(), np.zeros(22_050)], axis=1)
    with wave.open(io.BytesIO(audio(both, alt="Left").data)) as file:
        assert (file.getnchannels(), file.getnframes()) == (2, 22_050)
    assert audio(np.round(sine() * 32_768).astype(np.int16), alt="A") == audio(
        np.round(sine() * 32_768) / 32_768, alt="A"
    )


def test_what_is_said_names_a_sound_that_has_no_other_name() -> None:
    long = "The quick brown fox jumps over the lazy dog " * 5
    assert audio(sine(), transcript="Hello there").alt == "Hello there"
    assert audio(sine(), transcript=long).alt == (long[:100].rsplit(" ", 1)[0] + " …")
    assert audio(sine(), caption="A call", transcript=long).alt == "A call"
    shown, _ = audio(sine(), alt="An <A>", transcript="La\nla")._repr_mimebundle_()
    assert 'aria-label="An &lt;A&gt;"' in shown["text/html"]
    assert '<p style="white-space:pre-line">La\nla</p>' in shown["text/html"]


WAV = tones([(440, 0.1)]).data


@pytest.mark.parametrize(
    ("content", "said", "hint"),
    [
        (b"", "this sound is empty: 0 bytes", "give a file in WAV, MP3, OGG or FLAC"),
        (b"<html>not found</html>", "this is no sound that browsers play", "give a file in WAV, MP3, OGG or FLAC"),
        (WAV[:44], "this WAV cannot be played: it has no samples", "make it anew: it may be cut off"),
        (WAV[:20], "this WAV cannot be played: it has no samples", "make it anew: it may be cut off"),
        (b"fLaC" + bytes(38), "this FLAC cannot be played: it has no samples", "make it anew: it may be cut off"),
        (
            b"OggS" + bytes(60) + b"\x80theora",
            "this OGG cannot be played: its first stream is no sound",
            "make it anew: it may be cut off",
        ),
        (
            b"ID3\4\0\0\0\0\0\2xxHello",
            "this MP3 cannot be played: no frame of MPEG follows its tags",
            "make it anew: it may be cut off",
        ),
    ],
)
def test_what_no_browser_plays_is_refused(content: bytes, said: str, hint: str, tmp_path: Path) -> None:
    file = tmp_path / "call.mp3"
    file.write_bytes(content)
    with pytest.raises(CoursewrightError) as caught:
        audio(file, alt="A call")
    assert str(caught.value) == f"error: {said}\n  --> {file}\nhint: {hint}"


def test_a_file_that_is_not_there_names_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "call.wav").write_bytes(WAV)
    with pytest.raises(CoursewrightError) as caught:
        audio(tmp_path / "cal.wav", alt="A call")
    assert str(caught.value) == (
        f"error: this sound cannot be read: there is no such file\n  --> {tmp_path}/cal.wav\n"
        'hint: did you mean "call.wav"? Available: call.wav'
    )


@pytest.mark.parametrize(("values", "said", "hint"), NO_SAMPLES)
def test_what_are_no_samples_is_refused(values: Any, said: str, hint: str) -> None:
    with pytest.raises(CoursewrightError) as caught:
        audio(values, alt="Noise")
    assert str(caught.value) == f"error: {said}\nhint: {hint}"


def test_a_sound_without_any_words_is_refused() -> None:
    with pytest.raises(CoursewrightError, match="this sound has no alternative text"):
        audio(sine())


PAGE = """\
---
date: 2026-01-01
---
# Sounds

```{audio} calls/call.wav
:alt: A call "<b>"

Hello & *there*.

Bye.
```

```{audio} data/half-a-second.flac
:caption: Half a second
```

```{audio} data/half-a-second.ogg
:alt: The same in Ogg
:transcript: La
```

```{audio} data/opus.ogg
:alt: The same in Opus
```

```{audio} data/tone.mp3
:alt: The same in MP3
```
"""


@pytest.fixture
def sounding(make_course: Any) -> Any:
    """A course with a page of sounds."""
    pytest.importorskip("lameenc", reason='pip install "coursewright[sounds]"')

    def make(page: str = PAGE) -> Path:
        course = COURSE.replace('title = "Fruit"', 'title = "Fruit"\nurl = "https://example.org/"')
        root: Path = make_course({"pages/index.md": page, "course.toml": course})
        for name in FILES:
            shutil.copy(SOUNDS / name, root / "data" / name)
        (root / "data" / "tone.mp3").write_bytes(audio(sine(), alt="A tone").data)
        (root / "pages" / "calls").mkdir()
        (root / "pages" / "calls" / "call.wav").write_bytes(WAV)
        return root

    return make


def test_a_page_has_its_sounds_in_every_format(sounding: Any) -> None:
    root = sounding()
    build(open_course(root))
    site, markdown = root / "build" / "site", root / "build" / "markdown"
    html = (site / "index.html").read_text(encoding="utf-8")
    assert (
        'src="index/call.wav" aria-label="A call &quot;&lt;b&gt;&quot;"></audio>\n'
        "<figcaption>A call &quot;&lt;b&gt;&quot;</figcaption>\n<details>\n<summary>Transcript</summary>\n"
        "<p>Hello &amp; *there*.</p>\n<p>Bye.</p>\n</details>"
    ) in html
    names = {"call.wav", *FILES, "tone.mp3"}
    for folder in (site, markdown):
        assert {file.name for file in (folder / "index").iterdir()} >= names
        assert (folder / "index" / "call.wav").read_bytes() == WAV
    told = (markdown / "README.md").read_text(encoding="utf-8")
    assert (
        "[A call &quot;&lt;b&gt;&quot;](index/call.wav)\n\n<details>\n<summary>Transcript</summary>\n\n"
        "Hello &amp; \\*there\\*.\n\nBye.\n\n</details>"
    ) in told
    assert "[Half a second](index/half-a-second.flac)\n\n*Half a second*" in told
    (entry,) = feedparser.parse(str(site / "feed.xml")).entries
    assert {
        (each["href"], each["type"], int(each["length"])) for each in entry["links"] if each["rel"] == "enclosure"
    } == {
        (f"https://example.org/index/{file.name}", sound_type(file.read_bytes(), Place("")), file.stat().st_size)
        for file in (site / "index").iterdir()
        if file.name in names
    }
    assert "Hello &amp; *there*." in entry["content"][0]["value"]


def test_sounds_play_in_a_browser_with_their_names_and_lengths(chromium: str, sounding: Any) -> None:  # noqa: F811 - the fixture
    root = sounding()
    build(open_course(root))
    address = (root / "build" / "site" / "index.html").as_uri()
    done = subprocess.run(
        [str(shutil.which("node")), str(NODE / "media.js"), chromium, address],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    (found,) = json.loads(done.stdout)
    assert [each["name"] for each in found["sounds"]] == [
        'A call "<b>"',
        "Half a second",
        "The same in Ogg",
        "The same in Opus",
        "The same in MP3",
    ]
    assert [each["seconds"] for each in found["sounds"]] == [pytest.approx(s, abs=0.08) for s in (0.1, *[0.5] * 4)]
    assert (found["said"], found["outside"]) == ([], [])
    for audit in audited(chromium, [address], "360,1280"):
        assert (audit["violations"], audit["broken"]) == ([], [])


@pytest.mark.parametrize(
    ("block", "said"),
    [
        ("```{audio}\n```", "error: which sound?\n  --> pages/index.md:1, {audio}"),
        (
            "```{audio} data/half-a-second.fla\n:alt: A\n```",
            'error: no sound called "data/half-a-second.fla"\n  --> pages/index.md:1, {audio}\n'
            'hint: did you mean "half-a-second.flac"?',
        ),
        (
            "```{audio} data/salse\n:alt: A\n```",
            'error: no sound called "data/salse"\n  --> pages/index.md:1, {audio}\nhint: Available: ',
        ),
        ("```{audio} ../../x.wav\n:alt: A\n```", 'error: "../../x.wav" is not in the course\n  --> pages/index.md:1'),
        ("```{audio} data/sales.csv\n:alt: A\n```", "error: this is no sound that browsers play\n  --> data/sales.csv"),
        ("```{audio} data/opus.ogg\n```", "error: this sound has no alternative text\n  --> pages/index.md:1, {audio}"),
        (
            "```{audio} data/opus.ogg\n:transcript: A\n\nB\n```",
            "error: the transcript is there twice\n  --> pages/index.md:2, {audio} :transcript:",
        ),
        (
            "```{audio} data/opus.ogg\n:atl: A\n```",
            'error: no option called "atl"\n  --> pages/index.md:2, {audio} :atl:\nhint: did you mean "alt"?',
        ),
        (
            "```{audio} a/x.ogg\n:alt: A\n```\n\n```{audio} data/x.ogg\n:alt: B\n```",
            'error: two sounds of this page are called "x.ogg"\n  --> pages/index.md:5, {audio}',
        ),
    ],
)
def test_a_sound_that_cannot_stand_in_a_page_is_a_problem(block: str, said: str, sounding: Any) -> None:
    root = sounding(block + "\n")
    (root / "a").mkdir()
    shutil.copy(SOUNDS / "opus.ogg", root / "a" / "x.ogg")
    shutil.copy(SOUNDS / "half-a-second.ogg", root / "data" / "x.ogg")
    with pytest.raises(SeveralProblems) as caught:
        build(open_course(root))
    (problem,) = caught.value.problems
    assert str(problem).replace(f"{root}/", "").startswith(said)
    assert [str(each) for each in check(root)] == [str(problem)] or "two sounds" in said
