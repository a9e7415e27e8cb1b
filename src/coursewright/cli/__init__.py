"""The command line: one file per command, imported when that command is called."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence

import cyclopts

from coursewright import __version__
from coursewright.cli.output import say
from coursewright.errors import CoursewrightError

_HELP = "Executable courses and data stories from one folder of plain text and data."
_COMMANDS = {
    "demo": "Build the example course and show it in the browser.",
    "new": "Make a new course.",
    "build": "Build a course: every page as Markdown and as a web site. Building a course is running it.",
    "serve": "Show a course in the browser while you write it.",
    "check": "Find every problem of a course, with file, line and remedy.",
    "table": "Show a table of a course, or any file or address that holds one.",
    "tell": "Write a text for each row of a file, by a grammar.",
    "ask": "Draw variants of questions, and write them for a learning platform.",
    "import": "Turn a bank of questions from another program into question files.",
    "mark": "Mark a file of responses to exported questions.",
    "facts": "Print the facts of the present moment, best first.",
    "up": "Start the course's environment on this machine.",
    "down": "Stop it; its work is kept.",
    "status": "Show how its services are.",
    "restart": "Start services anew, while the others go on.",
    "logs": "Print what its services say.",
    "services": "List the services that the tiers make together, and explain their settings.",
    "image": "Write and build the images of the course's environment.",
    "publish": "Publish a course: its site on a branch, or its notebooks for the reader's browser.",
    "runtimes": "Fetch what pages need to run in the reader's browser.",
}

# Plain text: the help of a command is shown as it is written, and the parser of another format need not be imported.
app = cyclopts.App(name="coursewright", help=_HELP, version=__version__, help_format="plaintext")
# A word of Python's, and those with commands below them.
_ELSEWHERE = {
    "import": "import_:import_",
    "table": "tables:app",
    "image": "image:app",
    "publish": "publish:app",
    "runtimes": "runtimes:app",
}
for _name, _help in _COMMANDS.items():
    app.command(f"coursewright.cli.{_ELSEWHERE.get(_name, f'{_name}:{_name}')}", name=_name, help=_help)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Exit status 0 done, 1 problems in the user's work, 2 wrong usage."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that knows no é shows a ?, and the work goes on
            stream.reconfigure(errors="replace")
    try:
        app(arguments, exit_on_error=False, print_error=False, result_action="return_value")
    except CoursewrightError as error:
        for problem in error.problems:
            say(problem)
        return error.exit_status
    except cyclopts.CycloptsError as error:
        say(f"error: {error}\nhint: see coursewright --help")
        return 2
    except OSError as error:
        if isinstance(error, BrokenPipeError):  # the reader, such as `head`, has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        say(f"error: {error.strerror or error}" + (f": {error.filename}" if error.filename else ""))
        return 1
    except KeyboardInterrupt:
        return 130
    return 0
