"""`coursewright runtimes`."""

from __future__ import annotations

import cyclopts

from coursewright.cli.output import write
from coursewright.cli.progress import bar
from coursewright.sites import runtimes

app = cyclopts.App(name="runtimes", help_format="plaintext")


@app.command
def fetch(*parts: str) -> None:
    """Fetch what pages run on in the reader's browser: Python, R, DuckDB and an editor, in pinned versions.

    They come by npm and pip, from the registries that these are set up for, and are kept in the user's cache for every
    course; what is there and whole is not fetched again.

    Parameters
    ----------
    parts
        The parts to fetch, by name; all of them, when none is named.
    """
    with bar() as progress:
        fetched = runtimes.fetch(parts, progress=progress.show)
        progress.done(f"{_size(sum(part.size for part in fetched))} in {fetched[0].folder.parent}")
    width = max(len(part.name) for part in fetched)
    for part in fetched:
        write(f"{part.name:<{width}}  {_size(part.size):>7}  {part.pin.package} {part.version}, {part.pin.licence}")


def _size(number: int) -> str:
    return f"{number / 1e6:.1f} MB" if number >= 100_000 else f"{number / 1e3:.0f} kB"
