"""Rows from an address on the web: fetched once, kept below the course's folder, read from there ever after."""

from __future__ import annotations

import hashlib
import http.client
import shutil
import tempfile
import urllib.error
import urllib.request
from pathlib import Path, PurePosixPath

from coursewright.errors import CoursewrightError, Place

_SECONDS = 30


def is_address(text: str) -> bool:
    """Whether `text` is a web address rather than a path."""
    return text.startswith(("http://", "https://"))


def fetch(address: str, kept: Path, place: Place | None) -> Path:
    """The file at `address`, kept in the folder `kept`; it is fetched only when no copy is kept.

    Raises CoursewrightError when it cannot be had whole; then nothing is kept.
    """
    shown = _shown(address)
    copy = kept / (hashlib.sha256(address.encode()).hexdigest()[:16] + PurePosixPath(shown).suffix)
    if copy.exists():
        return copy
    try:
        with urllib.request.urlopen(address, timeout=_SECONDS) as answer:  # noqa: S310 - http(s) alone comes here
            _keep(answer, copy)
    except urllib.error.HTTPError as error:
        error.close()
        raise CoursewrightError(f"{shown} answered {error.code} {error.reason}", place, "check the address") from None
    except (OSError, ValueError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", None) or error
        message = f"{shown} cannot be fetched: {reason}".replace(address, shown)
        raise CoursewrightError(message, place, "check the address and the network") from None
    return copy


def _shown(address: str) -> str:
    """The address without what may be secret: no password, no token in the query."""
    before, _, rest = address.partition("://")
    host, slash, path = rest.partition("/")
    return f"{before}://{host.rpartition('@')[2]}{slash}{path.partition('?')[0].partition('#')[0]}"


def _keep(answer: http.client.HTTPResponse, copy: Path) -> None:
    """Write what comes beside the copy, and in its place when it is whole."""
    copy.parent.mkdir(parents=True, exist_ok=True)
    number, name = tempfile.mkstemp(dir=copy.parent)
    try:
        with open(number, "wb") as file:  # noqa: PTH123 - a file that is open already
            shutil.copyfileobj(answer, file)
            came, promised = file.tell(), answer.headers.get("Content-Length")
        if promised and came != int(promised):
            raise OSError(f"it broke off after {came:,} of {int(promised):,} bytes")
        Path(name).replace(copy)
    finally:
        Path(name).unlink(missing_ok=True)
