"""`coursewright import`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from coursewright.cli.output import say
from coursewright.errors import SeveralProblems, UsageError
from coursewright.questions.bank import Bank, read_bank


def import_(
    bank: Path,
    *,
    output: Path = Path("questions"),
    format: str | None = None,  # noqa: A002 - the option is called --format
    force: Annotated[bool, Parameter(negative="")] = False,
) -> None:
    """Turn a bank of questions that another program wrote into question files.

    Parameters
    ----------
    bank
        A file of questions in Moodle XML, GIFT or Aiken.
    output
        The folder for the question files; by default questions/ here.
    format
        moodle, gift or aiken; by default what the file looks like.
    force
        Write over question files that are there already.
    """
    read = read_bank(bank, format)
    there = [draft.name for draft in read.questions if (output / f"{draft.name}.md").exists()]
    if there and not force:
        raise UsageError(f'"{output / there[0]}.md" is there already', None, "name another folder, or add --force")
    _write(read, output)
    number = len(read.questions)
    say(f"{number} question{'s' * (number != 1)} in {output}. Next:\n    coursewright check")
    if read.problems:
        raise SeveralProblems(read.problems)


def _write(bank: Bank, folder: Path) -> None:
    for draft in bank.questions:
        files: dict[str, bytes] = {file.path: file.data for file in draft.files}
        for path, data in {**files, f"{draft.name}.md": draft.text.encode()}.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
