"""Claim: thirty small notebooks that import pandas and matplotlib, cold: at least 4 × as fast as Sphinx with MyST-NB;
one changed page while its author writes, at least 5 ×: `coursewright serve` against sphinx-autobuild, both of which
build at each save. A command for one changed page is measured too: its floor is what the page itself asks of any
process, to import pandas and matplotlib.

Both run in one environment of their own, which is made for this script, with one kernel and one version of everything.
Seconds are the processor's, of the process and those that it starts; what was waited stands beside them.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import signal
import statistics
import subprocess
import tempfile
import time
import venv
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGES, CHANGED, SAVES = 30, 7, 3
QUIET = 2.0  # seconds without work after which a save is done
TICKS = os.sysconf("SC_CLK_TCK")
CONF = """
project = "Thirty notebooks"
extensions = ["myst_nb"]
html_theme = "furo"
nb_execution_mode = "cache"
nb_execution_timeout = 120
"""
CELLS = (
    "import pandas as pd\nimport matplotlib.pyplot as plt",
    'frame = pd.DataFrame({{"x": range(10), "y": [value * {factor} for value in range(10)]}})\nframe.head(3)',
    "#| alt: A line that rises\nplt.plot(frame.x, frame.y);",
    'print("the sum is", frame.y.sum())',
)


def notebook(factor: int) -> str:
    """A small notebook, whose numbers are its own."""
    cells = [{"cell_type": "markdown", "id": "title", "metadata": {}, "source": f"# Times {factor}"}]
    for number, code in enumerate(CELLS):
        source = code.format(factor=factor)
        cell = {"cell_type": "code", "id": f"c{number}", "metadata": {}, "source": source}
        cells.append({**cell, "execution_count": None, "outputs": []})
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return json.dumps({"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5})


def environment(folder: Path) -> Path:
    """The folder of programs of an environment with both."""
    venv.create(folder, with_pip=True)
    programs = folder / "bin"
    wanted = [f"{ROOT}[notebooks]", "myst-nb", "furo", "pandas", "matplotlib", "sphinx-autobuild"]
    subprocess.run([programs / "pip", "install", "--quiet", *wanted], check=True, stdout=subprocess.DEVNULL)
    return programs


def spent(*command: object, at: Path) -> tuple[float, float]:
    """Seconds of the processor, and seconds waited, of a command."""
    begun = time.monotonic()
    process = subprocess.Popen([str(part) for part in command], cwd=at, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, command
    return used.ru_utime + used.ru_stime, time.monotonic() - begun


def used(process: int) -> float:
    """Seconds of the processor until now, of a process and all below it."""
    parents, seconds = {}, {}
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = file.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        number = int(file.parent.name)
        parents[number], seconds[number] = int(fields[1]), sum(map(int, fields[11:15])) / TICKS
    below = {process}
    while more := {each for each, parent in parents.items() if parent in below} - below:
        below |= more
    return sum(seconds.get(each, 0.0) for each in below)


def while_served(*command: object, at: Path, save: Callable[[int], object], page: Path) -> tuple[float, float]:
    """Seconds of the processor for a save, and seconds until its page is there; medians."""
    process = subprocess.Popen(
        [str(part) for part in command], cwd=at, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    took, waited = [], []
    try:
        for number in range(SAVES + 1):  # the first is not counted: something may be loaded for it
            before = quiet(process.pid)
            begun = time.monotonic()
            save(number)
            wanted = re.compile(rf"the sum is {45 * (2 * PAGES + number)}\b")
            while not page.exists() or not wanted.search(page.read_text(encoding="utf-8")):
                time.sleep(0.02)
            waited.append(time.monotonic() - begun)
            took.append(quiet(process.pid) - before)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()
    return statistics.median(took[1:]), statistics.median(waited[1:])


def quiet(process: int) -> float:
    """Seconds of the processor used, once no more are."""
    last, since = -1.0, time.monotonic()
    while time.monotonic() - since < QUIET:
        time.sleep(0.1)
        if (now := used(process)) != last:
            last, since = now, time.monotonic()
    return last


def outputs(pictures: Path, pages: Path) -> tuple[set[str], set[str]]:
    """The pictures that the code drew, by their bytes, and the sums that it said."""
    drawn = {hashlib.sha256(file.read_bytes()).hexdigest() for file in pictures.rglob("*.png")}
    texts = [file.read_text(encoding="utf-8") for file in pages.rglob("*.html")]
    return drawn, {text.split("the sum is ")[1].split()[0].split("<")[0] for text in texts if "the sum is " in text}


def main() -> None:
    """Print the rows of both claims."""
    with tempfile.TemporaryDirectory() as temporary:
        ours, theirs = Path(temporary, "ours"), Path(temporary, "theirs")
        programs = environment(Path(temporary, "environment"))
        (ours / "pages").mkdir(parents=True)
        source = theirs / "source"
        source.mkdir(parents=True)
        (ours / "course.toml").write_text('[course]\ntitle = "Thirty notebooks"\n')
        (source / "conf.py").write_text(CONF)
        names = [f"n{number:02}" for number in range(PAGES)]
        index = "\n".join(["# All", "", "```{toctree}", *names, "```", ""])
        (source / "index.md").write_text(index)
        for number, name in enumerate(names):
            for folder in (ours / "pages", source):
                (folder / f"{name}.ipynb").write_text(notebook(number))
        floor, floor_waited = spent(programs / "python", "-c", "import pandas, matplotlib.pyplot", at=ours)
        build = (programs / "coursewright", "build")
        sphinx = (programs / "sphinx-build", "-q", "-b", "html", "source", "_build")
        for said, target, changed in (("cold", "≥ 4 ×", None), ("one changed page, by a command", "≥ 5 ×", CHANGED)):
            if changed is not None:
                for folder in (ours / "pages", source):
                    (folder / f"{names[changed]}.ipynb").write_text(notebook(PAGES + changed))
            (own, waited), (peer, peer_waited) = spent(*build, at=ours), spent(*sphinx, at=theirs)
            mine, yours = outputs(ours / "build", ours / "build/site"), outputs(theirs / "_build", theirs / "_build")
            assert len(mine[1]) == PAGES, mine
            assert mine[1] == yours[1], (mine, yours)
            assert mine[0] <= yours[0], (mine, yours)
            claim = (
                f"{PAGES} notebooks that import pandas and matplotlib, {said}, against Sphinx with MyST-NB: processor"
            )
            told, other = f"{own:.1f} s ({waited:.1f} s waited)", f"{peer:.1f} s ({peer_waited:.1f} s waited)"
            print(f"| {claim} | {told} | {other} | {peer / own:.1f} × faster | {target} |", flush=True)
        least, most = f"{floor:.1f} s ({floor_waited:.1f} s waited)", f"{peer / floor:.1f} × is the most for a command"
        print(f"| a bare Python that imports pandas and matplotlib, as it does | {least} | {peer:.1f} s | {most} | — |")
        while_written(programs, ours, theirs, names[CHANGED])


def while_written(programs: Path, ours: Path, theirs: Path, name: str) -> None:
    """Print the row of the claim for a page that is saved again and again."""

    def save(folder: Path) -> Callable[[int], object]:
        return lambda number: (folder / f"{name}.ipynb").write_text(notebook(2 * PAGES + number))

    serve, auto = (programs / "coursewright", "serve"), (programs / "sphinx-autobuild", "-q", "--port", "0")
    own, waited = while_served(*serve, at=ours, save=save(ours / "pages"), page=ours / f"build/site/{name}.html")
    peer, peer_waited = while_served(
        *auto, "source", "_auto", at=theirs, save=save(theirs / "source"), page=theirs / f"_auto/{name}.html"
    )
    claim = f"one of {PAGES} notebooks saved while it is served, against sphinx-autobuild with MyST-NB: processor"
    told, other = f"{own:.2f} s ({waited:.1f} s waited)", f"{peer:.1f} s ({peer_waited:.1f} s waited)"
    print(f"| {claim} | {told} | {other} | {peer / own:.1f} × faster | ≥ 5 × |", flush=True)


if __name__ == "__main__":
    main()
