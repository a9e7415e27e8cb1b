"""The noun: the sources that a page can cite, from files of BibTeX or CSL-JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from coursewright import settings
from coursewright.errors import CoursewrightError, MissingPart, Place, did_you_mean
from coursewright.pages.citing.csl_json import as_biblatex
from coursewright.pages.citing.dates import FIELD, is_date, with_stand_ins

STYLES = (
    "american-medical-association",
    "apa",
    "chicago-author-date",
    "harvard-cite-them-right",
    "ieee",
    "nature",
    "springer-basic",
)
HARVARD = "harvard-cite-them-right"

_ENTRY = re.compile(r"^[ \t]*@[ \t]*(\w+)[ \t]*\{\s*([^\s,{}]+)\s*,", re.MULTILINE)
_NAMES = re.compile(
    r"\b(?:author|editor|translator|commentator|annotator|introduction)\s*=\s*\{((?:[^{}]|\{[^{}]*\})*)\}", re.I
)
_YEAR = re.compile(r"-?\d{1,4}|\d{4}[a-h]")
_NO_SOURCES = frozenset({"comment", "preamble", "string"})
_AT = re.compile(r"failed to parse BibLaTeX \((.*) at (\d+):\d+\)")
_REMEDIES = (
    ("expected opening brace", "write the source between { and }"),
    ("expected comma", "a comma or a closing brace is missing above this line"),
    ("unexpected end", "a brace that opens here or above is not closed"),
    ("duplicate key", "give one of them another key"),
    ("unknown abbreviation", "write it in braces, {…}, or define it with @string"),
)


@dataclass(frozen=True)
class Bibliography:
    """The files with what is in each, as BibLaTeX, and the keys of all sources.

    In `texts`, years stand for dates that Typst cannot tell: `stand_ins` has each of these and what is meant.
    """

    files: tuple[Path, ...]
    texts: tuple[str, ...]
    keys: frozenset[str]
    stand_ins: tuple[tuple[str, str], ...] = ()


def read_bibliography(files: Iterable[Path]) -> Bibliography:
    """The sources in `files`. Raises CoursewrightError, with the line, for a file that is not understood."""
    return _read(tuple((file, _stamp(file)) for file in dict.fromkeys(files)))


def check_files(names: Iterable[str], root: Path, place: Place) -> tuple[Path, ...]:
    """The files called `names` in the course at `root`, as `place` names them.

    Raises CoursewrightError for one that is not there, is elsewhere or is of another kind.
    """
    found = []
    for name in names:
        file = root / name
        if not file.resolve().is_relative_to(root.resolve()):
            raise CoursewrightError(f'"{name}" is outside the course', place, "copy it into the course")
        if file.suffix not in (".bib", ".json"):
            hint = "name a file of BibTeX, references.bib, or of CSL-JSON, references.json"
            raise CoursewrightError(f'"{name}" is no bibliography', place, hint)
        if not file.is_file():
            near = [each.relative_to(root).as_posix() for each in _near(file.parent)]
            hint = did_you_mean(name, near) or "its path begins in the folder of the course"
            raise CoursewrightError(f'no bibliography "{name}"', place, hint)
        found.append(file)
    return tuple(found)


def check_style(style: str, root: Path, place: Place) -> str:
    """What Typst calls the style of citing, or the content of the course's own `.csl` file.

    Raises CoursewrightError for one that is not there, or that cites in footnotes.
    """
    if not style.endswith(".csl"):
        if style not in STYLES:
            raise CoursewrightError(f'no style of citing called "{style}"', place, did_you_mean(style, STYLES))
        return style
    file = root / style
    if not file.is_file() or not file.resolve().is_relative_to(root.resolve()):
        raise CoursewrightError(f'no file "{style}"', place, "its path begins in the folder of the course")
    content = settings.read_text(file)
    if re.search(r"<style\b[^>]*\bclass\s*=\s*[\"']note[\"']", content):
        hint = "take one that cites by author and date, or by number"
        raise CoursewrightError(f'"{style}" cites in footnotes', place, hint)
    return content


def _near(folder: Path) -> Sequence[Path]:
    return [*folder.glob("*.bib"), *folder.glob("*.json")] if folder.is_dir() else []


def _stamp(file: Path) -> tuple[int, int]:
    try:
        found = file.stat()
    except OSError:
        return 0, 0
    return found.st_size, found.st_mtime_ns


@lru_cache(maxsize=64)
def _read(stamped: tuple[tuple[Path, tuple[int, int]], ...]) -> Bibliography:
    texts, owners = [], dict[str, Path]()
    for file, _ in stamped:
        text = settings.read_text(file)
        text = as_biblatex(text, file) if file.suffix == ".json" else text
        check_biblatex(text, file)
        for found in _ENTRY.finditer(text):
            if found[1].lower() in _NO_SOURCES:
                continue
            other = owners.setdefault(found[2], file)
            if other != file:
                line = text.count("\n", 0, found.start(2)) + 1 if file.suffix == ".bib" else None
                message = f'two sources have the key "{found[2]}"; the other is in {other.name}'
                raise CoursewrightError(message, Place(file, line), "give one of them another key")
        texts.append(text)
    written, stand_ins = with_stand_ins(texts)
    return Bibliography(tuple(file for file, _ in stamped), written, frozenset(owners), stand_ins)


def check_biblatex(text: str, file: Path) -> None:
    """Raise CoursewrightError with the line of `file` for what is no BibTeX."""
    try:
        typst().compile(
            b"#bibliography(bytes(sys.inputs.bib), full: true)",
            format="html",
            ignore_system_fonts=True,
            sys_inputs={"bib": text},
        )
    except typst().TypstError as error:
        said = str(error.message)
        at = _AT.match(said)
        what, line = (at[1], int(at[2])) if at else (said, None)
        hint = next((remedy for words, remedy in _REMEDIES if what.startswith(words)), "look at what stands there")
        if file.suffix == ".json":
            line = None
        raise CoursewrightError(f"this is not BibTeX: {what}", Place(file, line), hint) from None
    if file.suffix == ".bib":
        _refuse_lost_names(text, file)
        _refuse_lost_dates(text, file)


def _refuse_lost_names(text: str, file: Path) -> None:
    """Raise CoursewrightError for a name with an equals sign, which BibLaTeX takes for `family=…` and leaves out."""
    for names in _NAMES.finditer(text):
        for name in re.split(r"\s+and\s+", names[1]):
            if "=" in name and not re.search(r"\bfamily\s*=", name):
                line = text.count("\n", 0, names.start(1) + names[1].index(name)) + 1
                hint = "write the source in a file of CSL-JSON, where names have no signs of their own"
                raise CoursewrightError(f'the name "{name.strip()}" has an equals sign', Place(file, line), hint)


def _refuse_lost_dates(text: str, file: Path) -> None:
    """Raise CoursewrightError for what is no date, which would be told as another one or as none."""
    for found in FIELD.finditer(text):
        value = re.sub(r"[{}]", "", found[2] or found[3] or "").strip()
        if value and not is_date(value) and not (found[1].lower() == "year" and _YEAR.fullmatch(value)):
            line = text.count("\n", 0, found.start()) + 1
            hint = (
                "write 2008, 2008-03 or 2008-03-16, 2008/2010 for a period, a ? behind it if it is uncertain, "
                "and all else in note = {…}"
            )
            raise CoursewrightError(f'"{value}" is no date', Place(file, line), hint)


def typst() -> Any:
    """The library that knows the styles. Raises MissingPart where it is not installed."""
    try:
        import typst
    except ImportError:
        hint = 'pip install "coursewright[citations]"'
        raise MissingPart("citations need Typst, which knows the styles", hint=hint) from None
    return typst
