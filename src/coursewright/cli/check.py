"""`coursewright check`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from coursewright.cli.options import CoursePath, Refresh, Set, Untrusted, changing, files_of, overrides, trusted
from coursewright.cli.output import say
from coursewright.courses import check as check_course
from coursewright.errors import SeveralProblems
from coursewright.questions.checking import SEEDS


def check(
    course: CoursePath = Path(),
    *,
    question: Annotated[tuple[str, ...], Parameter(negative="")] = (),
    seeds: Annotated[int, Parameter(validator=Number(gte=1))] = SEEDS,
    set_: Set = (),
    refresh: Refresh = False,
    untrusted: Untrusted = False,
) -> None:
    """Find every problem of the course, each with its file, its line and what to do about it.

    Parameters
    ----------
    question
        Look at this question alone: its name, or its file. Can be repeated.
    seeds
        How many variants of each question are drawn.
    """
    trust = trusted(untrusted=untrusted, course=course, changed=changing(course), read=files_of(question))
    problems = check_course(course, overrides(set_), say, refresh=refresh, seeds=seeds, questions=question, trust=trust)
    if problems:
        raise SeveralProblems(problems)
    say("no problems")
