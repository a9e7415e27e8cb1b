"""Claim: in a preview of 1,150 pages, a change of one page is seen within a second.

Seconds are those on the wall from the end of the save until the page is told, as the browser asks; the median of
several saves. Once the pages are rows of one file, once each is a file of its own.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from site_pages import course

PAGES, SAVES = 1_150, 7


def files(folder: Path, pages: int) -> None:
    """A course of so many files."""
    course(folder, 20)
    (folder / "pages/index.md").write_text("# Places\n")
    (folder / "pages/place.md").unlink()
    for number in range(pages):
        text = f"# Place {number}\n\nSee [the next](p{(number + 1) % pages}.md).\n\n```{{table}} places\n```\n\n"
        (folder / f"pages/p{number}.md").write_text(text + "- one\n- two *three* `four`\n" * 5)


def news(address: str, since: str, wait: str) -> dict[str, object]:
    """What a page is told."""
    with urllib.request.urlopen(f"{address}.coursewright/news?since={since}&page=/{wait}", timeout=600) as answer:  # noqa: S310 - loopback
        return json.loads(answer.read() or b'{"building": true}')


def seen(folder: Path) -> float:
    """Seconds until a save is seen."""
    command = [sys.executable, "-m", "coursewright", "serve", folder]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        address = process.stdout.readline().strip()
        told, wait = news(address, "", ""), "&wait=1"
        while told["building"]:
            told = {**told, **news(address, told["now"], wait)}
        times = []
        for number in range(SAVES):
            (folder / "pages/index.md").write_text(f"# Places\n\nChange {number}.\n")
            saved = time.perf_counter()
            told = {**told, **news(address, told["now"], wait)}
            while not told["load"]:
                told = {**told, **news(address, told["now"], wait)}
            times.append(time.perf_counter() - saved)
            while told["building"]:
                told = {**told, **news(address, told["now"], wait)}
        return statistics.median(times)
    finally:
        process.kill()
        process.communicate()


def main() -> None:
    """Print the rows of the claims."""
    with tempfile.TemporaryDirectory() as temporary:
        course(Path(temporary) / "rows", PAGES)
        files(Path(temporary) / "files", PAGES)
        for name, words in (("rows", "rows of one file"), ("files", "files of their own")):
            took = seen(Path(temporary) / name)
            print(f"| a save in a preview of {PAGES:,} pages, {words}: seen after | {took:.2f} s | — | — | ≤ 1 s |")


if __name__ == "__main__":
    main()
