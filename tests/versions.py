"""The tests with other Pythons and other versions of packages than those of the lock: `make test-versions`.

For each Python of 3.11 to 3.14 that is here, an environment under build/versions/ has the newest packages that
pyproject.toml allows; the oldest Python has one more, with the lowest. What is not here is named, and left out.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "build/versions"
UV = str(Path(sys.executable).with_name("uv"))
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
USUAL = ("3.11:lowest-direct", *(f"{python}:highest" for python in PYTHONS))
# What tests need besides, in any version; the tools of developers that are services of their own stay out.
TOOLS = (
    "check-jsonschema", "cmarkgfm", "editables", "feedparser", "griffe2md", "hatchling", "hypothesis", "jsonschema",
    "odfpy", "openpyxl", "pytest<9.2", "pytest-xdist", "towncrier", "tracery", "xlwt",
)  # fmt: skip
# What hangs on the versions of packages, besides what `make fast` runs.
BESIDES = (
    "citations", "facts", "figures_chart", "figures_kinds", "marking", "syntax", "tables", "tables_typing",
    "words_in_sql", "words_together",
)  # fmt: skip


def main(wanted: Sequence[str]) -> int:
    """Run the tests for each `PYTHON:RESOLUTION`; 1 if one of them failed."""
    failed = []
    for one in wanted or USUAL:
        python, _, resolution = one.partition(":")
        found = _python(python)
        if found is None:
            print(f"{one}: there is no Python {python} here")
        elif not _passes(_environment(one.replace(":", "-"), found, resolution or "highest")):
            failed.append(one)
    print(f"failed: {', '.join(failed)}" if failed else "none failed")
    return bool(failed)


def _python(version: str) -> str | None:
    """A Python of a version, where uv finds one without fetching it, or pyenv has one that is not switched on."""
    asked = [UV, "python", "find", "--no-python-downloads", "--system", version]
    found = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
    folder = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    return found or next(map(str, sorted(folder.glob(f"versions/{version}.*/bin/python"))), None)


def _environment(name: str, python: str, resolution: str) -> Path:
    """An environment made anew, with the packages that a resolution gives."""
    folder, lock = FOLDER / name, FOLDER / f"{name}.txt"
    shutil.rmtree(folder, ignore_errors=True)
    FOLDER.mkdir(parents=True, exist_ok=True)
    _uv("pip", "compile", "pyproject.toml", "--all-extras", "--resolution", resolution, "--python", python, "-o", lock)
    _uv("venv", "--python", python, folder)
    own = folder / "bin/python"
    _uv("pip", "install", "--python", own, "-r", lock, *TOOLS)
    _uv("pip", "install", "--python", own, "--no-deps", "--no-build-isolation", "--editable", ".")
    return own


def _uv(*asked: str | Path) -> None:
    subprocess.run([UV, asked[0], "--quiet", *map(str, asked[1:])], cwd=ROOT, check=True)


def _passes(python: Path) -> bool:
    print(f"{python.parent.parent.name}:", flush=True)
    old = [
        "-W",
        "ignore::DeprecationWarning",
        "-W",
        "ignore::PendingDeprecationWarning",
    ]  # old packages say so of new ones
    lenient = old if "lowest" in str(python) else []
    command = [python, "-m", "pytest", "-q", "-n", "2", "-p", "no:cacheprovider", *lenient, *_files()]
    return subprocess.run(command, cwd=ROOT, check=False).returncode == 0


def _files() -> Iterator[str]:
    from conftest import FAST

    return (f"tests/test_{name}.py" for name in (*FAST, *BESIDES) if name not in ("fast", "release"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
