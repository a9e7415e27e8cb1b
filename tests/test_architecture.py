"""The page that says where things are: every file that it names is there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "coursewright"
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def test_where_would_i_change() -> None:
    lines = PAGE.partition("## Where would I change")[2].splitlines()
    rows = [line.split("|")[1:3] for line in lines if line.startswith("|")]
    files = {what.strip(): re.findall(r"`([\w./-]+)`", where) for what, where in rows[2:]}
    assert len(files) >= 30
    assert [what for what, found in files.items() if not found] == []
    assert [name for found in files.values() for name in found if not (SOURCE / name).exists()] == []


def test_every_folder_of_a_room_is_told_of() -> None:
    rooms = re.findall(r"^\| `(\w+)` \| (.*) \|$", PAGE, re.MULTILINE)
    told = {room: set(re.findall(r"`(\w+)`", text)) for room, text in rooms}
    for room, folders in told.items():
        there = {path.parent.name for path in (SOURCE / room).glob("[a-z]*/__init__.py")}
        assert there <= folders, room
