"""Files of the course that directives name."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from coursewright.errors import CoursewrightError, did_you_mean
from coursewright.pages.executing.run import Materials
from coursewright.pages.text.body import Directive

_KINDS = {"sound": "audio", "widget": "text/html"}


def file_in_course(directive: Directive, materials: Materials, word: str) -> Path:
    """The file that the directive names, beside its page or as seen from the course's folder; `word` says what it is.

    Raises CoursewrightError for one that is not in the course or not there.
    """
    root = materials.root.resolve()
    wanted = [(folder / directive.argument).resolve() for folder in (directive.file.parent, root)]
    inside = [file for file in wanted if file.is_relative_to(root)]
    if not inside:
        hint = "copy it into the course"
        raise CoursewrightError(f'"{directive.argument}" is not in the course', directive.place(), hint)
    found = next((file for file in inside if file.is_file()), None)
    if found is None:
        there = [each.name for file in inside if file.parent.is_dir() for each in file.parent.iterdir()]
        kind = _kind(inside[0].name) or _KINDS.get(word, "")
        near = [name for name in there if kind in ("", _kind(name))]
        hint = did_you_mean(inside[0].name, near) or "put it beside the page, or name it from the course's folder"
        raise CoursewrightError(f'no {word} called "{directive.argument}"', directive.place(), hint)
    return found


def _kind(name: str) -> str:
    """Whether it is a sound, a picture, a web page or another text, by its name; nothing where that does not say."""
    whole = mimetypes.guess_type(name)[0] or ""
    kind = whole.partition("/")[0]
    return whole if kind == "text" else kind if kind in ("audio", "image", "video") else ""
