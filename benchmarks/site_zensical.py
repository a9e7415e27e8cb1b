"""Claim: the site of Markdown pages with tables takes at most 1.5 × the work that Zensical has with the same files.

The pages are the Markdown that the book gives for the seasons from 2018 (or from `--since YEAR`). Seconds are the
processor's, of the process and those that it starts, from start to end; both begin with nothing built. Zensical is
needed for this script alone.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

EXAMPLE = Path(__file__).parent.parent / "examples" / "formula-one"
ZENSICAL = Path(sys.executable).parent / "zensical"
ADDRESS = "https://example.org/"

BUILD = """
import sys
from dataclasses import replace
from coursewright.courses import build, open_course
folder, form, *since = sys.argv[1:]
opened = open_course(folder, {"since": int(since[0])} if since else {})
build(replace(opened, figures=False), only=(form,))
"""


def spent(*command: object, at: Path) -> tuple[float, float]:
    """Seconds of the processor, and megabytes, of a command that is run in the folder `at`."""
    process = subprocess.Popen([str(part) for part in command], cwd=at, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, command
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main() -> None:
    """Print the rows of the claims."""
    if not ZENSICAL.is_file():
        print("left out, as there is no Zensical to compare with: pip install zensical", file=sys.stderr)
        return
    since = sys.argv[sys.argv.index("--since") + 1] if "--since" in sys.argv else "2018"
    with tempfile.TemporaryDirectory() as temporary:
        book, ours, theirs = (Path(temporary) / name for name in ("book", "ours", "theirs"))
        shutil.copytree(EXAMPLE, book, ignore=shutil.ignore_patterns("build"))
        spent(sys.executable, "-c", BUILD, book, "markdown", since, at=book)
        for folder, pages in ((ours, "pages"), (theirs, "docs")):
            shutil.copytree(book / "build" / "markdown", folder / pages)
            for summary in ("SUMMARY.md", "book.toml"):  # which are for other programs
                (folder / pages / summary).unlink(missing_ok=True)
        count = sum(1 for _ in (ours / "pages").rglob("*.md"))
        (ours / "course.toml").write_text(f'[course]\ntitle = "The book"\nurl = "{ADDRESS}"\n')
        (theirs / "zensical.toml").write_text(f'[project]\nsite_name = "The book"\nsite_url = "{ADDRESS}"\n')
        own, memory = spent(sys.executable, "-c", BUILD, ours, "site", at=ours)
        peer, peers_memory = spent(ZENSICAL, "build", at=theirs)
        written = sum(1 for _ in (theirs / "site").rglob("*.html"))
    assert written >= count, (written, count)
    what = f"the site of {count:,} Markdown pages with tables, against Zensical: processor"
    print(f"| {what} | {own:.1f} s, {memory:.0f} MB | {peer:.1f} s, {peers_memory:.0f} MB | {own / peer:.2f} | ≤ 1.5 |")


if __name__ == "__main__":
    main()
