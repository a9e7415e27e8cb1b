"""`coursewright demo`."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from coursewright.cli.build import build
from coursewright.cli.output import say, write
from coursewright.courses import examples
from coursewright.sites.serving import SiteServer

EXAMPLE = "formula-one"
SLICE = "since=2026"  # of the book, so that it is there in a minute


def demo(
    folder: Path = Path("coursewright-demo"),
    *,
    serve: Annotated[bool, Parameter(negative="--no-serve")] = True,
    port: int = 0,
) -> None:
    """Build the example course and show it in the browser: a book of Formula One races told by their data.

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
        examples.copy_example(EXAMPLE, folder)
    drawn = importlib.util.find_spec("plotnine") is not None
    if not drawn:
        say('The charts are left out: they need plotnine (pip install "coursewright[charts]").')
    say(f"The demo is a part of the book ({SLICE}); all of it is: coursewright build {folder}")
    build(folder, set_=(SLICE,), figures=drawn, jobs=os.cpu_count() or 1 if drawn else 1)
    if serve:
        _serve(folder / "build" / "site", port)


def _serve(folder: Path, port: int) -> None:
    with SiteServer(folder, port) as server:
        write(server.address)
        sys.stdout.flush()
        say("Press Ctrl-C to stop.")
        server.serve_forever()
