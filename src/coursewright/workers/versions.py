"""Whether workers have the Python and the Coursewright that are here: with others, texts might be others."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING

from coursewright import __version__
from coursewright.errors import CoursewrightError, MissingPart
from coursewright.workers.work import last_line

if TYPE_CHECKING:
    from distributed import Client

# Asked with `eval`, which every Python has: what we define is not there where we are not, and no Python reads the
# compiled code of another.
_ASKED = (
    "(__import__('platform').python_version(), __import__('importlib.util').util.find_spec('coursewright')"
    " and __import__('coursewright').__version__)"
)


def refuse_others(client: Client, named: str) -> None:
    """Raises CoursewrightError that names a worker with another Python or Coursewright, and both versions."""
    here = platform.python_version()
    for worker, answer in sorted(client.run(eval, _ASKED, on_error="return").items()):
        where = f"the worker {worker} of {named}"
        if isinstance(answer, OSError):  # it ended meanwhile
            continue
        if isinstance(answer, BaseException):
            raise CoursewrightError(f"Coursewright cannot be loaded on {where}: {last_line(answer)}")
        python, coursewright = answer
        if coursewright is None:
            hint = f"there: pip install coursewright=={__version__}, with the extras that the course needs"
            raise MissingPart(f"Coursewright is not installed on {where}", None, hint)
        if _minor(python) != _minor(here):
            raise CoursewrightError(f"Python is {here} here, and {python} on {where}", None, "have the same on both")
        if coursewright != __version__:
            hint = f"have the same on both, there for instance: pip install coursewright=={__version__}"
            raise CoursewrightError(f"Coursewright is {__version__} here, and {coursewright} on {where}", None, hint)


def _minor(version: str) -> str:
    """3.11 of 3.11.2: what bytes of Python's own parts may hang on."""
    return version.rpartition(".")[0]
