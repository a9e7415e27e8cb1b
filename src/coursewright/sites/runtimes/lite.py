"""JupyterLite with notebooks: a site of static files that runs Python in the reader's browser, and asks nobody."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from coursewright.errors import CoursewrightError, MissingPart
from coursewright.lite import FOLDER
from coursewright.sites.runtimes.ourselves import wheels
from coursewright.sites.runtimes.parts import part
from coursewright.sites.runtimes.ran import ran
from coursewright.sites.runtimes.wheels import distributions_of, normal, wheel, wheel_name

_NEEDED = ("jupyterlite_core", "jupyterlite_pyodide_kernel", "jupyter_server", "IPython", "comm")
_KERNEL = ("ipython", "comm")  # what a kernel of JupyterLite imports; the rest it brings itself
_FETCHED = ("micropip", "wcwidth")
_EXTENSION = "@jupyterlite/pyodide-kernel-extension"
_PYODIDE = "static/pyodide"
_OPTIONS = ("--no-sourcemaps", "--no-unused-shared-packages", "--no-libarchive", "--apps", "lab")


def check_lite() -> None:
    """Raise MissingPart, with the command to run, if something is missing that JupyterLite is made of."""
    gone = next((name for name in _NEEDED if not importlib.util.find_spec(name)), "")
    if gone:
        said = f"JupyterLite is not there: {gone} is not installed"
        raise MissingPart(said, None, 'pip install "coursewright[lite]"')
    for name in ("pyodide", "msgspec", *_FETCHED):
        try:
            part(name)
        except MissingPart as error:
            hint = "run: coursewright runtimes fetch pyodide msgspec micropip wcwidth"
            raise MissingPart(error.problem.message, None, hint) from None


def make_lite(notebooks: Path, answers: Mapping[str, bytes], target: Path, title: str, language: str) -> None:
    """Make the site `target`, with the notebooks of a folder, and the files of `coursewright.lite` by their names.

    Raises MissingPart for what `check_lite` finds, CoursewrightError with what JupyterLite said when it fails.
    """
    check_lite()
    with tempfile.TemporaryDirectory(prefix="coursewright-lite-") as folder:
        own = Path(folder)
        packages = _write_packages(own / _PYODIDE, language)
        (own / "jupyter-lite.json").write_text(json.dumps(_settings(packages, title)), encoding="utf-8")
        (own / "jupyter_lite_config.json").write_text(json.dumps(_config(target, notebooks)), encoding="utf-8")
        command = [sys.executable, "-m", "jupyterlite_core", "build", "--lite-dir", folder, *_OPTIONS]
        done = ran(command, own)
    if done.returncode:
        said = "\n".join((done.stderr or done.stdout).strip().split("\n")[-5:])
        raise CoursewrightError(f"JupyterLite cannot be made: {said}")
    (target / FOLDER).mkdir(parents=True)
    for name, content in answers.items():
        (target / FOLDER / name).write_bytes(content)


def _write_packages(folder: Path, language: str) -> list[str]:
    """Put Python for the browser into `folder` with the wheels that go along, and a list of them with their hashes."""
    python = part("pyodide")
    folder.mkdir(parents=True)
    for name in python.files:
        shutil.copyfile(python.folder / name, folder / name)
    made = _wheels(language)
    for name, content in made.items():
        (folder / name).write_bytes(content)
    lock = json.loads((folder / "pyodide-lock.json").read_bytes())
    entries = [_entry(name, content) for name, content in made.items()]
    lock["packages"] = {each["name"]: each for each in entries}
    (folder / "pyodide-lock.json").write_text(json.dumps(lock), encoding="utf-8")
    return sorted(lock["packages"])


def _wheels(language: str) -> dict[str, bytes]:
    """The wheels by their file names: a kernel's, those fetched for the browser, and Coursewright's own."""
    fetched = [part(name) for name in _FETCHED]
    own = wheels(languages=(language,))
    kernel = distributions_of((*_KERNEL, "packaging"), without=_FETCHED)
    return {
        **{wheel_name(name): wheel(name) for name in kernel if wheel_name(name) not in own},
        **{file: (each.folder / file).read_bytes() for each in fetched for file in each.files},
        **own,
    }


def _entry(file: str, content: bytes) -> dict[str, Any]:
    """What the list of packages says of a wheel. All are loaded when a kernel starts, so none names what it needs."""
    name, version = file.split("-")[:2]
    return {
        "name": normal(name).replace("_", "-"),
        "version": version,
        "file_name": file,
        "install_dir": "site",
        "sha256": hashlib.sha256(content).hexdigest(),
        "package_type": "package",
        "imports": [],
        "depends": [],
        "unvendored_tests": False,
    }


def _settings(packages: list[str], title: str) -> dict[str, Any]:
    kernel = {
        "disablePyPIFallback": True,
        "pyodideUrl": f"./{_PYODIDE}/pyodide.mjs",
        "loadPyodideOptions": {"packages": packages},
    }
    data = {"appName": title, "litePluginSettings": {f"{_EXTENSION}:kernel": kernel}}
    return {"jupyter-lite-schema-version": 0, "jupyter-config-data": data}


def _config(target: Path, notebooks: Path) -> dict[str, Any]:
    """The kernel is the one extension: others that the author has installed are for servers, or ask the network."""
    extension = Path(sys.prefix) / "share/jupyter/labextensions" / _EXTENSION
    if not extension.is_dir():
        hint = 'pip install --force-reinstall "jupyterlite-pyodide-kernel"'
        raise MissingPart(f"JupyterLite's kernel of Python is not there: {extension}", None, hint)
    build = {
        "output_dir": str(target),
        "contents": [str(notebooks)],
        "ignore_sys_prefix": True,
        "federated_extensions": [str(extension)],
    }
    return {"LiteBuildConfig": build}
