"""Names of images, as registries allow them: HOST/PATH, with a tag that may move or a digest that cannot.

The grammar is that of the distribution project (https://github.com/distribution/reference).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from coursewright.errors import UsageError

_PART = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_HOST = rf"(?:{_LABEL}\.)+{_LABEL}(?::[0-9]+)?|localhost(?::[0-9]+)?|{_LABEL}:[0-9]+"
_NAME = re.compile(rf"(?:(?P<host>{_HOST})/)?(?P<path>{_PART}(?:/{_PART})*)")
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_LONGEST = 255
_HUB = "docker.io"


@dataclass(frozen=True)
class ImageReference:
    """An image: its name with the registry's, and what says which of that name is meant, a tag or a digest."""

    name: str
    tag: str = ""
    digest: str = ""

    @property
    def host(self) -> str:
        """The registry; without one in the name it is Docker's."""
        found = _NAME.fullmatch(self.name)
        return (found and found["host"]) or _HUB

    @property
    def pinned(self) -> str:
        """The image as nothing can move it."""
        return f"{self.name}@{self.digest}"


def read_reference(text: str) -> ImageReference:
    """An image by its name. Raises UsageError for one that no registry allows."""
    rest, at, digest = text.partition("@")
    name, colon, tag = rest.rpartition(":")
    if not colon or "/" in tag:  # no colon, or that of a port
        name, colon, tag = rest, "", ""
    if not _NAME.fullmatch(name) or len(name) > _LONGEST:
        hint = "small letters, digits, and . _ - between them, such as ghcr.io/ou/trees"
        raise UsageError(f'"{name}" is a name that registries do not allow', None, hint)
    if colon and not is_tag(tag):
        raise UsageError(f'"{tag}" cannot be the tag of an image', None, "letters, digits, and . _ -, 128 at the most")
    if at and not _DIGEST.fullmatch(digest):
        raise UsageError(f'"{digest}" is no digest of an image', None, "sha256: and 64 of 0-9 and a-f")
    return ImageReference(name, tag, digest)


def is_tag(text: str) -> bool:
    """Whether it can be a tag."""
    return _TAG.fullmatch(text) is not None
