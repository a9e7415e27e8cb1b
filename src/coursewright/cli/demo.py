"""`coursewright demo`."""

from __future__ import annotations

import functools
import http.server
import importlib.util
import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from coursewright.cli.build import build
from coursewright.cli.output import say, write
from coursewright.courses.examples import copy_example
from coursewright.errors import UsageError

EXAMPLE = "formula-one"


def demo(
    folder: Path = Path("coursewright-demo"),
    *,
    serve: Annotated[bool, Parameter(negative="--no-serve")] = True,
    port: int = 0,
) -> None:
    """Build the example course and show it in the browser: a Formula One race told by its data.

    Parameters
    ----------
    folder
        Where to copy the example; a demo that is there already is built again as it is.
    serve
        Serve the pages on this machine until Ctrl-C.
    port
        The port to serve on; a free one by default.
    """
    if not (folder / "course.toml").is_file():
        copy_example(EXAMPLE, folder)
    drawn = importlib.util.find_spec("plotnine") is not None
    if not drawn:
        say('The charts are left out: they need plotnine (pip install "coursewright[charts]").')
    build(folder, figures=drawn)
    if serve:
        _serve(folder / "build" / "site", port)


class _Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing: a line for each picture of a page is noise."""


def _serve(folder: Path, port: int) -> None:
    handler = functools.partial(_Handler, directory=str(folder))
    try:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError as error:
        raise UsageError(
            f"port {port} cannot be used: {error.strerror}", None, "leave out --port for a free one"
        ) from None
    with server:
        write(f"http://127.0.0.1:{server.server_port}/")
        sys.stdout.flush()
        say("Press Ctrl-C to stop.")
        server.serve_forever()
