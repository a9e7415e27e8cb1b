"""Which kind of sound a file holds, by what is in it: the name of a file says what somebody hoped for."""

from __future__ import annotations

import re

from coursewright.errors import CoursewrightError, Place

KINDS = "WAV, MP3, OGG or FLAC"
_OGG = (b"\x01vorbis", b"OpusHead", b"\x7fFLAC", b"Speex   ")  # what a sound in Ogg begins with
_BITRATES = 15  # the index that no frame of MPEG has


def sound_type(content: bytes, place: Place) -> str:
    """The media type of the sound that `content`, the bytes of a file, is.

    Raises CoursewrightError for an empty file, for what is no sound that browsers play, and for one that stops before
    its first sample.
    """
    if not content:
        raise CoursewrightError("this sound is empty: 0 bytes", place, f"give a file in {KINDS}")
    if content[:4] == b"RIFF" and content[8:12] == b"WAVE":
        return _checked("audio/wav", _wav(content), "it has no samples", place)
    if content[:4] == b"fLaC":
        return _checked("audio/flac", len(content) > 42, "it has no samples", place)
    if content[:4] == b"OggS":
        sound = any(sign in content[:512] for sign in _OGG)
        return _checked("audio/ogg", sound, "its first stream is no sound", place)
    start = _after_tags(content)
    if start:
        return _checked("audio/mpeg", _frame(content, start), "no frame of MPEG follows its tags", place)
    if _frame(content, 0):
        return "audio/mpeg"
    raise CoursewrightError("this is no sound that browsers play", place, f"give a file in {KINDS}")


def _checked(media_type: str, plays: bool, why: str, place: Place) -> str:
    if not plays:
        kind = {"audio/mpeg": "MP3"}.get(media_type, media_type.partition("/")[2].upper())
        raise CoursewrightError(f"this {kind} cannot be played: {why}", place, "make it anew: it may be cut off")
    return media_type


def _wav(content: bytes) -> bool:
    """Whether there is a format, and then at least one sample."""
    at, known = 12, False
    while at + 8 <= len(content):
        name, size = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "little")
        known = known or (name == b"fmt " and size >= 16 and at + 24 <= len(content))
        if name == b"data":
            return known and size > 0 and len(content) > at + 8
        at += 8 + size + size % 2
    return False


def _after_tags(content: bytes) -> int:
    """Where the tags of an MP3 end; 0 where there are none. The size is written in four times seven bits."""
    at = 0
    while content[at : at + 3] == b"ID3" and len(content) >= at + 10:
        size = 0
        for byte in content[at + 6 : at + 10]:
            size = size << 7 | byte & 127
        at += 10 + size
    return at


def _frame(content: bytes, start: int) -> bool:
    """Whether a frame of MPEG audio begins at `start`, or behind zeros there, and has what a frame has."""
    found = re.compile(rb"\0{0,4096}").match(content, start)
    head = content[found.end() if found else start :][:4]
    if len(head) < 4 or head[0] != 255 or head[1] & 224 != 224:
        return False
    version, layer, rate = head[1] >> 3 & 3, head[1] >> 1 & 3, head[2] >> 2 & 3
    return version != 1 and layer != 0 and rate != 3 and head[2] >> 4 != _BITRATES
