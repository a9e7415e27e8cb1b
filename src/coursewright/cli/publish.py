"""`coursewright publish`."""

from __future__ import annotations

from pathlib import Path

import cyclopts

from coursewright.cli.options import CoursePath
from coursewright.cli.output import say
from coursewright.cli.progress import bar
from coursewright.courses import open_course
from coursewright.errors import shown

app = cyclopts.App(name="publish", help_format="plaintext")


@app.command
def lite(course: CoursePath = Path(), *, into: Path | None = None) -> None:
    """Publish the notebooks of a course as a JupyterLite: static files, in which Python runs in the reader's browser.

    Cells of tables, facts and texts show there what they showed when the course was built.

    Parameters
    ----------
    into
        The folder in which the folder lite is made; build/ of the course, unless it says.
    """
    from coursewright.notebooks.publish import publish_lite

    with bar() as progress:
        published = publish_lite(open_course(course), into, progress.show)
        number = f"{published.notebooks} notebook{'s' * (published.notebooks != 1)}"
        answered = f"{published.answered} cell{'s' * (published.answered != 1)}"
        progress.done(f"{number} in {shown(published.folder)}, with the answers of {answered}")
        for line in published.remarks:
            say(line)
