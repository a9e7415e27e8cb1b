"""Files of responses: CSV, TSV, JSON or JSON Lines, a row for each response, held against the variants of a key.

People write options as letters or count them from 1; programs write JSON and count from 0. A text (every cell of a CSV
file is one) is read as people write, unless it begins with a bracket: then it is JSON.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coursewright.errors import CoursewrightError, Place, Problem, SeveralProblems, did_you_mean
from coursewright.questions.kinds import kind_of
from coursewright.questions.part import Part, Response
from coursewright.questions.variant import Variant

_MOST = 20  # problems
_NEEDED = ("question", "who", "response")
_FORMATS = (".csv", ".tsv", ".json", ".jsonl", ".ndjson")


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was given for `variant` at its `attempt` (from 1)."""

    variant: Variant
    attempt: int
    response: Response


@dataclass(frozen=True, slots=True)
class _Row:
    place: Place
    cells: Mapping[str, Any]

    def text(self, column: str) -> str:
        cell = self.cells.get(column)
        return "" if cell is None else str(cell).strip()


_Taken = dict[tuple[str, str, int], dict[str, _Row]]  # the rows by what they answer, and by gap


def read_responses(file: Path, variants: Sequence[Variant]) -> tuple[Attempt, ...]:
    """The responses in `file`, in its order. Raises SeveralProblems with the first rows that cannot be understood.

    A row has `question`, `who` and `response`, `gap` for one of a cloze question's, and `try` if not the first.
    """
    known = {(variant.question, variant.who): variant for variant in variants}
    problems: list[Problem] = []
    taken: _Taken = {}
    found: dict[tuple[str, str, int], Response] = {}
    for row in _rows(file):
        try:
            variant, attempt, gap = _variant(row, known), _attempt(row), row.text("gap")
            part = _part(row, variant, gap)
            _only_once(row, (variant.question, variant.who, attempt), gap, taken)
        except CoursewrightError as error:
            problems.extend(error.problems)
            if len(problems) == _MOST:  # the wrong key, probably: every other row would say the same
                break
            continue
        key = (variant.question, variant.who, attempt)
        response = _response(row.cells.get("response"), part)
        found[key] = {**_gaps(found.get(key)), gap: response} if gap else response
    if problems:
        raise SeveralProblems(problems)
    return tuple(Attempt(known[key[:2]], key[2], response) for key, response in found.items())


def _gaps(before: Response) -> dict[str, object]:
    return {**before} if isinstance(before, dict) else {}


def _variant(row: _Row, known: Mapping[tuple[str, str], Variant]) -> Variant:
    question, who = row.text("question"), row.text("who")
    if (question, who) in known:
        return known[question, who]
    whose = [each for name, each in known if name == question]
    if not whose:
        hint = did_you_mean(question, (name for name, _ in known))
        raise CoursewrightError(f'no question called "{question}" in the key', row.place, hint)
    raise CoursewrightError(f'the key has no variant of "{question}" for "{who}"', row.place, did_you_mean(who, whose))


def _attempt(row: _Row) -> int:
    text = row.text("try") or "1"
    if not re.fullmatch("[1-9][0-9]{0,5}", text):
        raise CoursewrightError(f'the try "{text}" is no number from 1', row.place)
    return int(text)


def _part(row: _Row, variant: Variant, gap: str) -> Part | None:
    """The part that the row is for; None for all the gaps of a cloze question together."""
    if variant.kind != "cloze":
        if gap:
            raise CoursewrightError(f'"{variant.question}" has no gaps', row.place, f'leave "{gap}" out')
        return variant.part
    if not gap:
        return None
    names = [part.name for part in variant.parts]
    if gap not in names:
        raise CoursewrightError(f'"{variant.question}" has no gap "{gap}"', row.place, did_you_mean(gap, names))
    return variant.parts[names.index(gap)]


def _only_once(row: _Row, key: tuple[str, str, int], gap: str, taken: _Taken) -> None:
    """Take the row's place; nothing goes with a response to all the gaps together."""
    others = taken.setdefault(key, {})
    clashing = [other for name, other in others.items() if name == gap or "" in (name, gap)]
    if clashing:
        question, who, attempt = key
        what = f'the gap "{gap}" of "{question}"' if gap else f'"{question}"'
        hint = f'{clashing[0].place} has it too; a column "try" tells several tries apart'
        raise CoursewrightError(f'{what} has a second response of "{who}" for try {attempt}', row.place, hint)
    others[gap] = row


def _response(cell: Any, part: Part | None) -> Response:
    """A cell as a response to the part; what cannot be understood stays as it is, and marking says so."""
    if not isinstance(cell, str):
        return cell if cell is None or isinstance(cell, int | list | dict) else _number(cell)
    chosen = part is not None and kind_of(part).chosen
    if part is None or (chosen and cell.lstrip().startswith("[")):
        return _json(cell)
    return _chosen(cell, part) if chosen else cell


def _chosen(text: str, part: Part) -> Response:
    """The options that a person has written down."""
    several = [_position(word, part) for word in re.split(r"[\s,;]+", text.strip()) if word]
    numbers = [number for number in several if number is not None]
    if len(numbers) < len(several) or not numbers:
        return text
    if kind_of(part).chosen == "one":
        return numbers[0] if len(numbers) == 1 else text
    return numbers


def _number(cell: Any) -> Response:
    return int(cell) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _json(text: str) -> Response:
    with suppress(ValueError, RecursionError):
        value: Response = json.loads(text)
        return value
    return text


def _position(word: str, part: Part) -> int | None:
    """The number from 0 that a letter or a number from 1 stands for; a dash stands for none, -1."""
    words = kind_of(part).words(part)
    if word.lower() in words:
        return words[word.lower()]
    if word in ("-", "\u2013", "\u2014"):
        return -1
    if re.fullmatch("[1-9][0-9]{0,3}", word):
        return int(word) - 1
    return ord(word.lower()) - ord("a") if re.fullmatch("[a-zA-Z]", word) else None


def _rows(file: Path) -> Iterator[_Row]:
    suffix = file.suffix.lower()
    if suffix not in _FORMATS:
        hint = f"the name of a file of responses ends in {', '.join(_FORMATS)}"
        raise CoursewrightError("no format for responses", Place(file), hint)
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise CoursewrightError("the file is not UTF-8", Place(file), "save it again as UTF-8") from None
    rows = list(_cells(text, file) if suffix in (".csv", ".tsv") else _objects(text, file))
    if not rows:
        raise CoursewrightError("the file has no responses", Place(file))
    for row in rows:
        if missing := [column for column in _NEEDED if column not in row.cells]:
            raise CoursewrightError(f'no column "{missing[0]}"', row.place, f"needed: {', '.join(_NEEDED)}")
        yield row


def _cells(text: str, file: Path) -> Iterator[_Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text, file))
    line = 1
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        if missing := [column for column in _NEEDED if column not in header]:
            raise CoursewrightError(f'no column "{missing[0]}"', Place(file, 1), f"needed: {', '.join(_NEEDED)}")
        line = reader.line_num + 1
        for cells in reader:
            if any(cells[len(header) :]):
                hint = "a response with a comma in it stands in quotation marks"
                raise CoursewrightError(f"{len(cells)} cells in {len(header)} columns", Place(file, line), hint)
            if any(cells):  # a spreadsheet may write empty rows and columns around what is in it
                padded = [*cells, *[""] * len(header)]
                yield _Row(Place(file, line), dict(zip(header, padded, strict=False)))
            line = reader.line_num + 1
    except csv.Error as error:
        raise CoursewrightError(f"the file cannot be read: {error}", Place(file, line)) from None


def _delimiter(text: str, file: Path) -> str:
    if file.suffix.lower() == ".tsv":
        return "\t"
    header = text.partition("\n")[0]  # where the comma is the point, spreadsheets write semicolons
    return ";" if ";" in header and "," not in header else ","


def _objects(text: str, file: Path) -> Iterator[_Row]:
    lines = file.suffix.lower() != ".json"
    for place, value in _by_line(text, file) if lines else _as_list(text, file):
        if not isinstance(value, dict):
            hint = 'a response is {"question": …, "who": …, "response": …}'
            raise CoursewrightError("not an object", place, hint)
        yield _Row(place, value)


def _by_line(text: str, file: Path) -> Iterator[tuple[Place, Any]]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield Place(file, number), _decode(line, file, number - 1)


def _as_list(text: str, file: Path) -> Iterable[tuple[Place, Any]]:
    values = _decode(text, file, 0)
    if not isinstance(values, list):
        raise CoursewrightError("not a list of responses", Place(file), "a file of JSON has [ … ] around all responses")
    return [(Place(file, None, f"response {number}"), value) for number, value in enumerate(values, 1)]


def _decode(text: str, file: Path, before: int) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise CoursewrightError(f"not JSON: {error.msg}", Place(file, before + error.lineno)) from None
    except (RecursionError, ValueError):
        raise CoursewrightError("not JSON that can be read", Place(file, before + 1)) from None
