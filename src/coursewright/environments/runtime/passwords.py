"""The passwords of services: made at random when they are first asked for, and kept where nobody else can read them."""

from __future__ import annotations

import secrets
from pathlib import Path

from .supervisor import write_secret


def password(folder: Path, service: str) -> str:
    """The password of a service, from `folder`. Raises ValueError for one that is empty: that would be no password."""
    file = folder / service
    if not file.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_secret(file, secrets.token_urlsafe(24))
    said = file.read_text(encoding="ascii").strip()
    if not said:
        raise ValueError(f"{file} is empty")
    return said
