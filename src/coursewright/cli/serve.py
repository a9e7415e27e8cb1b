"""`coursewright serve`."""

from __future__ import annotations

import contextlib
import sys
import webbrowser
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from coursewright.cli.options import CoursePath, Set, overrides
from coursewright.cli.output import say, write
from coursewright.cli.progress import bar
from coursewright.courses.serving import Rebuild
from coursewright.courses.serving import serve as serve_course
from coursewright.errors import shown

_NAMED = 3  # files that were saved, by their names; more are a number


def serve(
    course: CoursePath = Path(),
    *,
    set_: Set = (),
    open_: Annotated[bool, Parameter(name="--open", negative="")] = False,
    port: int = 0,
) -> None:
    """Show the course in the browser while you write it: each save is seen at once, and so is what is wrong.

    The address is of this machine alone. Ctrl-C ends it; build/site stays, as `coursewright build` makes it.

    Parameters
    ----------
    open_
        Open the browser.
    port
        The port to serve on; a free one by default.
    """

    def ready(address: str) -> None:
        write(address)
        sys.stdout.flush()
        say("Press Ctrl-C to stop.")
        if open_:
            webbrowser.open(address)

    serve_course(course, overrides(set_), port=port, ready=ready, done=_report, working=_working)


@contextlib.contextmanager
def _working() -> Iterator[Callable[[str, int, int], None]]:
    with bar() as progress:
        yield progress.show


def _report(rebuilt: Rebuild) -> None:
    """Say on one line what a build gave, below all problems."""
    for problem in rebuilt.problems:
        say(problem)
    after = f" after {_listed(rebuilt.saved)}" if rebuilt.saved else ""
    if rebuilt.built:
        number = f"{len(rebuilt.built.pages)} page{'s' * (len(rebuilt.built.pages) != 1)}"
        say(f"built{after}: {number}, {rebuilt.built.executed} of them executed, {rebuilt.seconds:.1f} s")
    else:
        say(f"not built{after}: the pages are as they were")


def _listed(files: frozenset[Path]) -> str:
    names = sorted(map(shown, files))
    more = f" and {len(names) - _NAMED} more files" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
