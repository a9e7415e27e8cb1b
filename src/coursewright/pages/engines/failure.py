"""What went wrong in a cell, and on which of its lines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_ANSI = re.compile(r"\x1b\[[0-9;:?]*[A-JL-Za-z]|\x1b\].*?(?:\x07|\x1b\\)|\x1b[()][A-Z0-9]|\x1b[=>78]", re.DOTALL)
_MOVES = re.compile(r"(\r|\x08|\x1b\[[012]?K)")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_CELL_FILE = re.compile(r"(?<![^\s\"'])[^\s\"']*[/\\]ipykernel_\d+[/\\]\d+\.py")
_ADDRESS = re.compile(r"\bat 0x[0-9a-f]{6,16}\b")
_IN_PYTHON = re.compile(r"(?:Cell|Input) In ?\[(\d+)\], (?:line|in <cell line:) (\d+)")
_OURS = re.compile(
    r"(?:CoursewrightError|UsageError|MissingPart): error: ([^\n]*)(?:\n  --> ([^\n]*))?(?:\nhint: ([^\n]*))?$"
)
_TOLD_BY_R = re.compile(r"(?:Error(?: in [^\n]*?)?: )?([^\n]*)(?:\n  --> ([^\n]*))?\nhint: ([^\n]*)$")
_CAUSE = re.compile(r"\n\n((?:The above exception was|During handling of)[^\n]+:)\n\n")
_FRAME = re.compile(r'^ *File "?(?P<file>[^\n]+?)"?(?::|, line )\d+[^\n]*\n(?:[^\n]+\n)*\n?', re.MULTILINE)
_INSTALLED = re.compile(
    r"[/\\](?:site-packages|dist-packages|lib(?:64)?[/\\]python3[^/\\]*)[/\\]|^<(?!string>)|\.p(?:yx|xi|xd)$"
)
_OURS_IN_R = re.compile(r"^\d+\. (?:ask_python|ask_with_parameters|stopped)\(.*", re.MULTILINE | re.DOTALL)
_PLACED = re.compile(r"^ *(?:Cell|Input|File) ", re.MULTILINE)
_OWN_FILES = str(Path(__file__).parents[2])
_UNREAD_BY_R = re.compile(r"<text>:(\d+):\d+:")
_CALL_OF_R = re.compile(r"^1\. (.*?)(?:\s+# at line (\d+) of file <text>)?$", re.MULTILINE)


@dataclass(frozen=True)
class Failure:
    """An error in a cell: what it says, and the line of the cell, counted from 1, if that is known.

    `traceback` has the author's cells and files alone. `hint` says what helps, of an error that is ours.
    """

    message: str
    line: int | None
    traceback: str
    hint: str = ""


def clean(text: str) -> str:
    """Text as a terminal shows it in the end, without colours, and without names of files and places in memory that
    are new in each run."""
    plain = _ANSI.sub("", text).replace("\r\n", "\n")
    if _MOVES.search(plain):
        plain = "\n".join(map(_as_terminal, plain.split("\n")))
    return settled(_CONTROLS.sub("", plain))


def settled(text: str) -> str:
    """Text without names of files and places in memory that are new in each run."""
    return _ADDRESS.sub("at 0x…", _CELL_FILE.sub("<cell>", text))


def _as_terminal(line: str) -> str:
    """A line over which something was written again: after it went back, or was taken away."""
    shown: list[str] = []
    at = 0
    for part in _MOVES.split(line):
        if part == "\r":
            at = 0
        elif part == "\x08":
            at = max(0, at - 1)
        elif part in ("\x1b[K", "\x1b[0K"):
            del shown[at:]
        elif part.startswith("\x1b["):
            shown = [" "] * at if part == "\x1b[2K" else [" "] * at + shown[at:]
        else:
            shown[at : at + len(part)] = part
            at += len(part)
    return "".join(shown).rstrip() if "\x1b[" in line else "".join(shown)


def failure_of(content: dict[str, Any], code: str, folder: Path = Path()) -> Failure:
    """What the message of an error from a kernel says of `code`, which runs in `folder`."""
    traceback = clean("\n".join(content.get("traceback", [])))
    line, traceback = _line(traceback, code), _of_author(traceback, folder)
    name, value = content.get("ename", ""), clean(content.get("evalue", "")).strip()
    value = re.sub(r" \((?:\d+|<[^>]*>)(?:\.py)?, line \d+\)$", "", value)
    first = value.split("\n")[0]
    if ours := _OURS.match(f"{name}: {value}") or (name == "ERROR" and _TOLD_BY_R.match(value)):
        message = f"{ours[1]} ({ours[2]})" if ours[2] else ours[1]
        return Failure(message, line, traceback, ours[3] or "")
    message = first if name == "ERROR" else f"{name}: {first}".rstrip(": ")
    return Failure(message, line, traceback)


def _of_author(traceback: str, folder: Path) -> str:
    """A traceback without what is installed, whose places are each machine's; the author's files as from `folder`.

    Of errors that came of others, those alone that have a line of the author's, or the last.
    """

    def kept(found: re.Match[str]) -> str:
        file = Path(found["file"]).expanduser()
        if _INSTALLED.search(found["file"]) or file.is_relative_to(_OWN_FILES):
            return ""
        own = str(file.relative_to(folder)) if file.is_relative_to(folder) else file.name
        return found[0].replace(found["file"], own, 1)

    *causes, last = _CAUSE.split(_FRAME.sub(kept, _OURS_IN_R.sub("", traceback).rstrip()))
    told = zip(causes[::2], causes[1::2], strict=True)
    return "".join(f"{cause}\n\n{link}\n\n" for cause, link in told if _PLACED.search(cause)) + last


def _line(traceback: str, code: str) -> int | None:
    """The line of this cell: what it calls may stand in a cell before it."""
    if found := _IN_PYTHON.findall(traceback):
        return [int(line) for number, line in found if number == found[0][0]][-1]
    if unread := _UNREAD_BY_R.search(traceback):
        return min(int(unread[1]), code.count("\n") + 1)
    call = _CALL_OF_R.search(traceback)
    if call is None:
        return None
    lines = [number for number, line in enumerate(code.split("\n"), start=1) if _words(call[1]) in _words(line)]
    if lines:
        return lines[0]
    return int(call[2]) if call[2] else None


def _words(code: str) -> str:
    """Code without what is written in several ways: R says `"x"` for `'x'`, and spaces as it likes them."""
    return re.sub(r"\s+", "", code).replace("'", '"')
