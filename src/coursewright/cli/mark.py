"""`coursewright mark`."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from statistics import fmean
from typing import Annotated, Literal

from cyclopts import Parameter

from coursewright.cli.output import as_json, harmless, say, write
from coursewright.errors import UsageError
from coursewright.outputs import refuse, whole
from coursewright.questions import kind_of
from coursewright.questions.marking import Attempt, Mark, behind_wall, behind_what_there_is, read_key, read_responses
from coursewright.questions.marking import mark as mark_response
from coursewright.questions.writing import plain
from coursewright.sandbox import NoWall
from coursewright.sandbox.walls import lacking

Format = Literal["text", "csv", "json"]
_PERSON = "for a person"


def mark(
    key: Path,
    responses: Path,
    *,
    format: Format | None = None,  # noqa: A002 - the option is called --format
    output: Path | None = None,
    fence_only: Annotated[bool, Parameter(negative="")] = False,
) -> None:
    """Mark a file of responses to exported questions.

    Parameters
    ----------
    key
        The file that the exporter json has written: the variants with their answers.
    responses
        A .csv, .tsv, .json or .jsonl file with the columns question, who and response. Several tries have a column
        try, and gaps a column gap. Options are letters or numbers from 1; JSON counts from 0.
    format
        text shows a table; csv and json have all there is. By default what --output ends in, or else text.
    output
        Write the marks to this file instead of printing them.
    fence_only
        Run students' code even where this system has no wall for it, with the fence alone. Only for code of people
        whom you trust.
    """
    for file in (key, responses):
        if not file.is_file():
            raise UsageError(f'no file "{file}"')
    if output is not None:
        refuse(output, (key, responses))
    marked = _marked(read_responses(responses, read_key(key)), fence_only=fence_only)
    text = _FORMATS[format or _format_of(output)](marked)
    if output is None:
        write(text)
    else:
        with whole(output, (key, responses)) as to:
            to.write(f"{text}\n".encode())
    _tell(marked)


def _marked(all_: Sequence[Attempt], *, fence_only: bool) -> list[_MarkRow]:
    run = behind_what_there_is if fence_only else behind_wall

    def marked(given: Attempt) -> _MarkRow:
        return _MarkRow(given, mark_response(given.variant, given.response, given.attempt, run))

    if not any(kind_of(part).runs_code for given in all_ for part in given.variant.parts):
        return list(map(marked, all_))
    if not fence_only and (missing := lacking()):
        raise NoWall(missing, "mark where there is one, or add --fence-only if you trust everybody whose code it is")
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # each response of code waits for a process of its own
        return list(pool.map(marked, all_))


def _format_of(output: Path | None) -> Format:
    suffixes: dict[str, Format] = {".csv": "csv", ".json": "json"}
    return suffixes.get(output.suffix.lower(), "text") if output else "text"


@dataclass(frozen=True)
class _MarkRow:
    """A response and its mark, as a row of the output."""

    given: Attempt
    mark: Mark

    def row(self) -> dict[str, str | int | float | None]:
        """The columns by name; without points, a person is to mark."""
        variant, points = self.given.variant, self.mark.points
        verdicts = self.mark.verdicts.items()
        notes = [f"{gap}: {verdict.note}" if gap else verdict.note for gap, verdict in verdicts if verdict.note]
        return {
            "question": variant.question,
            "who": variant.who,
            "try": self.given.attempt,
            "points": None if points is None else round(points, 6),
            "out of": variant.points,
            "feedback": " ".join(plain(words) for _, verdict in verdicts for words in verdict.feedback),
            "note": "; ".join([_PERSON] * (points is None) + notes),
        }

    def cells(self) -> tuple[str, ...]:
        """The columns as text."""
        return tuple(
            "" if cell is None else f"{cell:g}" if isinstance(cell, float) else str(cell)
            for cell in self.row().values()
        )


_FORMULA = re.compile(r"\s*[=+@\-\u2212\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")  # also as wide as Chinese letters
_COLUMNS = ("question", "who", "try", "points", "out of", "feedback", "note")


def _csv(marked: Sequence[_MarkRow]) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows(map(_inert, each.cells()) for each in marked)
    return file.getvalue().rstrip("\n")


def _inert(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula, whoever has written it: an apostrophe before it makes it text."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _json(marked: Sequence[_MarkRow]) -> str:
    return as_json([each.row() for each in marked])


def _text(marked: Sequence[_MarkRow]) -> str:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE)
    for column in _COLUMNS:
        table.add_column(column, justify="right" if column in ("try", "points", "out of") else "left")
    for each in marked:
        table.add_row(*(Text(harmless(cell)) for cell in each.cells()))  # not str: Rich would take [red] for markup
    file = io.StringIO()
    Console(file=file, width=Console().width).print(table)
    return file.getvalue().rstrip()


_FORMATS = {"text": _text, "csv": _csv, "json": _json}


def _tell(marked: Sequence[_MarkRow]) -> None:
    """A line for each question: how many responses, their mean, and what share of the points that is.

    Of several tries the last counts.
    """
    last = {(each.given.variant.question, each.given.variant.who): each for each in _by_try(marked)}
    for question, group in groupby(sorted(last.items()), lambda item: item[0][0]):
        marks = [each for _, each in group]
        points = [each.mark.points for each in marks if each.mark.points is not None]
        fractions = [each.mark.fraction for each in marks if each.mark.fraction is not None]
        said = [f"{len(marks)} response{'s' * (len(marks) != 1)}"]
        if points:
            out_of = fmean(each.given.variant.points for each in marks)
            said.append(f"mean {fmean(points):.2f} of {out_of:g}, facility {fmean(fractions):.0%}")
        if waiting := len(marks) - len(points):
            said.append(f"{waiting} {_PERSON}")
        say(f"{question}: {', '.join(said)}")


def _by_try(marked: Sequence[_MarkRow]) -> list[_MarkRow]:
    return sorted(marked, key=lambda each: each.given.attempt)
