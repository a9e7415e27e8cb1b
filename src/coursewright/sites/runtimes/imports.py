"""What code needs besides its language: the packages that it names, in Python by its syntax, in R by its words."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator

# Of the standard library: what the browser's Python has not, what it has and cannot do there, what is gone since 3.13.
_ABSENT = frozenset(
    re.findall(
        r"\w+",
        """
    curses dbm ensurepip grp idlelib msvcrt nt pwd pydoc_data readline resource syslog tkinter turtle turtledemo venv
    winreg winsound multiprocessing subprocess
    aifc asynchat asyncore audioop cgi cgitb chunk crypt distutils imghdr imp lib2to3 mailcap msilib nis nntplib
    ossaudiodev pipes smtpd sndhdr spwd sunau telnetlib uu xdrlib
    """,
    )
)
_STANDARD = frozenset(n for n in sys.stdlib_module_names if not n.startswith("_")) - _ABSENT | {"__future__"}
_OF_R = frozenset(
    re.findall(r"\w+", "base compiler datasets graphics grDevices grid methods splines stats stats4 tools utils")
)
_IN_R = re.compile(
    r"(?:\b(?:library|require|requireNamespace|loadNamespace)\s*\(\s*[\"']?([A-Za-z][\w.]*)|\b([A-Za-z][\w.]*):::?)"
)
_NAMED_IN_R = re.compile(r"(?<![\w.$@])([A-Za-z.][\w.]*)\s*(?:<-|=(?!=))|(?:->)\s*([A-Za-z.][\w.]*)")
_COMMENT_IN_R = re.compile(r"(\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*')|#[^\n]*")


class NotPlain(Exception):
    """The code is no plain Python: the line that is a command of IPython, or is no Python at all."""


def packages_of_python(code: str) -> tuple[str, ...]:
    """The modules that code imports, whose first names are no part of the browser's Python. Raises NotPlain."""
    found: dict[str, None] = {}
    for node in ast.walk(_parsed(code)):
        if isinstance(node, ast.Import):
            found |= dict.fromkeys(each.name.partition(".")[0] for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            found["." if node.level else str(node.module).partition(".")[0]] = None
    return tuple(name for name in found if name not in _STANDARD)


def packages_of_r(code: str) -> tuple[str, ...]:
    """The packages that code loads or names, which are not those that R brings."""
    found = dict.fromkeys(one or other for one, other in _IN_R.findall(_without_comments(code)))
    return tuple(name for name in found if name not in _OF_R)


def names_of_python(code: str) -> tuple[frozenset[str], frozenset[str]]:
    """The names that code gives, and those that it uses. Raises NotPlain."""
    given: set[str] = set()
    used: set[str] = set()
    for node in ast.walk(_parsed(code)):
        if isinstance(node, ast.Name):
            (used if isinstance(node.ctx, ast.Load) else given).add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            given.add(node.name)
        elif isinstance(node, ast.alias):
            given.add(node.asname or node.name.partition(".")[0])
    return frozenset(given), frozenset(used)


def names_of_r(code: str) -> tuple[frozenset[str], frozenset[str]]:
    """The names that code gives, and those that are in it."""
    text = _without_comments(code)
    given = (one or other for one, other in _NAMED_IN_R.findall(text))
    return frozenset(given), frozenset(re.findall(r"[A-Za-z.][\w.]*", text))


def _parsed(code: str) -> ast.Module:
    try:
        return ast.parse(code)
    except SyntaxError as error:
        command = next(_commands(code), "")
        raise NotPlain(command or (error.text or "").strip()) from None


def _commands(code: str) -> Iterator[str]:
    """The lines that IPython understands and Python does not."""
    return (line.strip() for line in code.split("\n") if re.match(r"\s*(%|!|\?|\w[\w.]*\?\s*$)", line))


def _without_comments(code: str) -> str:
    return _COMMENT_IN_R.sub(lambda found: found[1] or "", code)
