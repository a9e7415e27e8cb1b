"""An ordinary person at this machine: a home folder, a Python of their own, and `coursewright` as they would run it.

When root runs the tests the person is another user, because databases and Jupyter refuse to be root's. That user can
often not reach the Python that runs the tests; then /usr/bin/python3 serves, with the same packages.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from servers import _as_user, _user

_SCRIPTS = {
    "coursewright": "coursewright.cli:main",
    "jupyter": "jupyter_core.command:main",
    "jupyter-lab": "jupyterlab.labapp:main",
    "secantusd-py": "secantus.cli:main",
    "supervisord": "supervisor.supervisord:main",
}
_SCRIPT = "#!{python}\nimport sys\nfrom {module} import {function}\nsys.exit({function}())\n"


@dataclass(frozen=True)
class Person:
    """Somebody with a folder of their own, below which everything of theirs is."""

    folder: Path

    @property
    def name(self) -> str:
        """Who they are to the system."""
        return self.folder.owner()

    @property
    def services(self) -> Path:
        """The folder of all their environments."""
        return self.folder / "share" / "coursewright"

    def course(self, name: str, files: dict[str, str]) -> Path:
        """A course of theirs."""
        root = self.folder / name
        for path, text in {"course.toml": "", **files}.items():
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text if path != "course.toml" else f'[course]\ntitle = "T"\n{text}', encoding="utf-8")
        self.own(root)
        return root

    def own(self, root: Path) -> None:
        """Let a folder and all that is in it be theirs."""
        if os.geteuid() == 0:
            for path in (root, *root.rglob("*")):
                shutil.chown(path, _user())

    def run(
        self, course: Path, *arguments: str, say: str = "", asked: bool = False
    ) -> subprocess.CompletedProcess[str]:
        """Run a command of Coursewright as they would, in the course's folder.

        What it asks is answered by what they `say`, and is not asked otherwise: who else uses the machine is chance.
        """
        if arguments[0] == "up" and not (say or asked or {"--reset", "--yes"} & {*arguments}):
            arguments += ("--yes",)
        return subprocess.run(
            [self.folder / "venv/bin/coursewright", *arguments],
            cwd=course,
            input=say,
            env={
                "HOME": str(self.folder),
                "XDG_DATA_HOME": str(self.folder / "share"),
                "PATH": "/usr/local/bin:/usr/bin:/bin",
                "LANG": "C.UTF-8",
                # what a terminal may have, and services are to have no harm of
                "LC_ALL": "C",
                "JUPYTERHUB_API_TOKEN": "of-a-hub",
                "http_proxy": "http://127.0.0.1:9",
                "JUPYTER_PLATFORM_DIRS": "1",
            },
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
            **_as_user(),
        )


@contextlib.contextmanager
def somebody() -> Iterator[Person]:
    """A person, until this ends; what they started is stopped by whoever started it."""
    folder = Path(tempfile.mkdtemp(prefix="cw-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, _user())
        _make_python(folder / "venv")
        yield Person(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@functools.cache
def python() -> Path:
    """A Python that anybody can run, with the packages of the one that runs the tests; gone when the tests end."""
    folder = Path(tempfile.mkdtemp(prefix="cw-python-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    folder.chmod(0o755)
    _make_python(folder / "venv")
    return folder / "venv/bin/python"


def search_path() -> str:
    """The PATH on which that Python and its programs are found first."""
    return f"{python().parent}{os.pathsep}{os.environ['PATH']}"


def _make_python(folder: Path) -> None:
    base = "/usr/bin/python3" if os.geteuid() == 0 else sys.executable
    packages = sysconfig.get_paths()["purelib"]
    subprocess.run([base, "-m", "venv", "--without-pip", folder], check=True)
    (site,) = folder.glob("lib/python3*/site-packages")
    if site.parts[-2] != Path(packages).parts[-2]:
        pytest.skip(f"{base} is {site.parts[-2]}, and the tests run in {Path(packages).parts[-2]}")
    (site / "all.pth").write_text(f"import site; site.addsitedir({packages!r})\n")
    for name, entry in _SCRIPTS.items():
        module, function = entry.split(":")
        script = folder / "bin" / name
        script.write_text(_SCRIPT.format(python=folder / "bin/python", module=module, function=function))
        script.chmod(0o755)
    for shared in ("etc", "share"):  # where packages put what Jupyter looks for in the folder of its Python
        (folder / shared).symlink_to(Path(sys.prefix) / shared)
