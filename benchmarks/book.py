"""Claim: the whole book is built in 120 s without its charts, again in 1.3 s, and its pages cost the same in a slice.

Seconds are the processor's, of the process and those that it starts; with `--figures` the charts are drawn, too.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

EXAMPLE = Path(__file__).parent.parent / "examples" / "formula-one"

BUILD = """
import json, resource, sys, time
from dataclasses import replace
from coursewright.courses import build, open_course
folder, since, figures = sys.argv[1:]
opened = open_course(folder, {"since": int(since)})
began = time.perf_counter()
built = build(replace(opened, figures=figures == "figures"))
waited = time.perf_counter() - began
spent = sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([len(built.pages), built.executed, spent, waited, most]))
"""


def built(folder: Path, since: int, figures: str) -> tuple[int, int, float, float, float]:
    """Pages, pages that were made, seconds of the processor, seconds, and megabytes of a build in its own process."""
    done = subprocess.run(
        [sys.executable, "-c", BUILD, folder, str(since), figures], check=True, capture_output=True, text=True
    )
    pages, made, spent, waited, most = json.loads(done.stdout)
    return pages, made, spent, waited, most


def main() -> None:
    """Print the rows of the claims."""
    figures = "figures" if "--figures" in sys.argv else "none"
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "course"
        shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("build"))
        few, _, slice_spent, _, _ = built(folder, 2020, figures)
        pages, made, spent, waited, most = built(folder, 1950, figures)
        _, none, again, _, _ = built(folder, 1950, figures)
    assert (made, none) == (pages, 0) or made < pages, (pages, made, none)
    what = "with its charts" if figures == "figures" else "without its charts"
    each = 1000 * spent / made
    print(f"| the book, {pages:,} pages, {what}: processor | {spent:.0f} s | {waited:.0f} s waited | — | ≤ 120 s |")
    print(
        f"| a page of the book, against one of the slice from 2020 ({few} pages) | {each:.0f} ms | "
        f"{1000 * slice_spent / few:.0f} ms | {each * few / 1000 / slice_spent:.2f} | ≤ 1.2 |"
    )
    print(f"| memory for the book | {most:.0f} MB | — | — | — |")
    print(f"| the book, nothing changed | {again:.2f} s | cold: {spent:.0f} s | {spent / again:.0f} × | ≤ 1.3 s |")


if __name__ == "__main__":
    main()
