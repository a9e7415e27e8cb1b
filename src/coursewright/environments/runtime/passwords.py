"""The passwords of services: made at random when they are first asked for, and kept where nobody else can read them."""

from __future__ import annotations

import secrets
from pathlib import Path

from .supervisor import write_secret


def password(folder: Path, service: str) -> str:
    """The password of a service, from `folder`. Raises ValueError for a file that is empty or damaged."""
    file = folder / service
    if not file.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_secret(file, secrets.token_urlsafe(24))
    said = file.read_text(encoding="ascii", errors="replace").strip()
    if not said.isascii() or not said:
        raise ValueError(f"{file} is {'damaged' if said else 'empty'}")
    return said
