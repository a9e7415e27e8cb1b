"""A thing to look at or to listen to, in one or more media types, with what it is in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from coursewright.errors import CoursewrightError

TYPES: Mapping[str, str] = MappingProxyType(
    {
        ".svg": "image/svg+xml",
        ".png": "image/png",
        ".jpg": "image/jpeg",
        ".jpeg": "image/jpeg",
        ".gif": "image/gif",
        ".webp": "image/webp",
        ".wav": "audio/wav",
        ".mp3": "audio/mpeg",
        ".ogg": "audio/ogg",
    }
)  # how the name of a file ends, and its media type


@dataclass(frozen=True, slots=True)
class Bundle:
    """The bytes of one thing by media type, the best for a reader first; `alt` says in words what it is.

    Raises CoursewrightError for one without bytes or without words.
    """

    data: Mapping[str, bytes]
    alt: str
    caption: str = ""

    def __post_init__(self) -> None:
        if not self.data:
            raise CoursewrightError("this picture or sound has no data", hint='Bundle({"image/png": …}, alt="…")')
        if not self.alt.strip():
            raise CoursewrightError("this picture or sound has no alternative text", hint="say what it shows: alt=…")
        object.__setattr__(self, "data", MappingProxyType(dict(self.data)))

    def best(self, *accepted: str) -> str | None:
        """The first media type of the bundle that is one of those `accepted`, of which none stands for all."""
        return next((media_type for media_type in self.data if not accepted or media_type in accepted), None)


def ending(media_type: str) -> str:
    """How the name of a file of `media_type` ends, with its dot; "" for one that we do not know."""
    return next((end for end, each in TYPES.items() if each == media_type), "")
