"""Rows from an address on the web: fetched once, kept below the course's folder, read from there ever after."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import urllib.error
import urllib.request
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from coursewright.errors import CoursewrightError, Place

_SECONDS = 30


def is_address(text: str) -> bool:
    """Whether `text` is a web address rather than a path."""
    return urlsplit(text).scheme in ("http", "https")


def fetch(address: str, kept: Path, place: Place | None) -> Path:
    """The file at `address`, kept in the folder `kept`; it is fetched only when no copy is kept.

    Raises CoursewrightError when it cannot be had; then nothing is kept.
    """
    parts = urlsplit(address)
    name = hashlib.sha256(address.encode()).hexdigest()[:16] + PurePosixPath(parts.path).suffix
    copy = kept / name
    if copy.exists():
        return copy
    shown = f"{parts.scheme}://{parts.hostname}{parts.path}"  # never a password, never a token in the query
    try:
        with urllib.request.urlopen(address, timeout=_SECONDS) as answer:  # noqa: S310 - is_address() let http(s) through only
            kept.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=kept, delete=False) as file:
                shutil.copyfileobj(answer, file)
    except urllib.error.HTTPError as error:
        error.close()
        raise CoursewrightError(f"{shown} answered {error.code} {error.reason}", place, "check the address") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise CoursewrightError(
            f"{shown} cannot be fetched: {reason}", place, "check the address and the network"
        ) from None
    Path(file.name).replace(copy)
    return copy
