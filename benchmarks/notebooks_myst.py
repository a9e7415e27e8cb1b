"""Claim: thirty small notebooks that import pandas and matplotlib, cold: at least 4 × as fast as Sphinx with MyST-NB;
one changed page, at least 5 ×.

Both run in one environment of their own, which is made for this script, with one kernel and one version of everything.
Seconds are the processor's, of the process and those that it starts; what was waited stands beside them.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import tempfile
import time
import venv
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGES, CHANGED = 30, 7
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
        cells.append({**cell, "execution_count": None, "outputs": []})  # type: ignore[dict-item]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return json.dumps({"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5})


def environment(folder: Path) -> Path:
    """The folder of programs of an environment with both."""
    venv.create(folder, with_pip=True)
    programs = folder / "bin"
    wanted = [f"{ROOT}[notebooks]", "myst-nb", "furo", "pandas", "matplotlib"]
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
        build = (programs / "coursewright", "build")
        sphinx = (programs / "sphinx-build", "-q", "-b", "html", "source", "_build")
        for said, target, changed in (("cold", 4, None), ("one changed page", 5, CHANGED)):
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
            print(f"| {claim} | {told} | {other} | {peer / own:.1f} × faster | ≥ {target} × |", flush=True)


if __name__ == "__main__":
    main()
