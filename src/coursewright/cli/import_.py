"""`coursewright import`."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from coursewright.cli.output import say
from coursewright.errors import SeveralProblems
from coursewright.questions.importers import keep_bank, read_bank


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
        The folder for the question files; by default questions/ here, where check and ask look for them by name.
    format
        moodle, gift or aiken; by default what the file looks like.
    force
        Write over question files that are there already; pictures are never written over.
    """
    read = read_bank(bank, format)
    keep_bank(read, output, force=force)
    number = len(read.questions)
    if number:
        elsewhere = output.resolve().name != "questions"  # which a course does not look into
        command = f"ask {shlex.quote(f'{output}/{read.questions[0].name}.md')}" if elsewhere else "check"
        say(f"{number} question{'s' * (number != 1)} in {output}. Next:\n    coursewright {command}")
    if read.problems:
        raise SeveralProblems(read.problems)
