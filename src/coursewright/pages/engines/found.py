"""Which kernel carries out a language, of those that Jupyter finds on this machine."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from coursewright.errors import CoursewrightError, MissingPart, Place, did_you_mean

_ALIASES = {"python3": "python", "ipython": "python", "ipython3": "python", "py": "python", "ir": "r"}
_INSTALL = {
    "python": 'pip install "coursewright[notebooks]"',
    "r": 'in R: install.packages("IRkernel"); on Debian and Ubuntu: apt install r-cran-irkernel',
}
# A kernel that does not look after its parent ends with it: Linux sends the signal.
_WITH_PARENT = "import ctypes, os, sys; ctypes.CDLL(None).prctl(1, 9); os.execvp(sys.argv[1], sys.argv[1:])"


@dataclass(frozen=True)
class LanguageKernel:
    """A kernel's specification, and its file if it is kept in one, for a `language` by its one name.

    `name` is what Jupyter calls the kernel.
    """

    language: str
    spec: Any
    file: Path | None = None
    name: str = ""


def language_of(word: str) -> str:
    """The one name of a language, as people and notebooks call it."""
    return _ALIASES.get(word.lower(), word.lower())


def kernel_named(metadata: Mapping[str, Any]) -> str:
    """The kernel that the metadata of a notebook ask for, "" where it is the usual one of a language."""
    name = str((metadata.get("kernelspec") or {}).get("name") or "")
    return "" if name.lower() in {*_ALIASES, *_ALIASES.values()} else name


def engine_for(language: str, place: Place, name: str = "") -> LanguageKernel:
    """The engine for a language, by its one name; the kernel called `name`, if one is asked for.

    Raises CoursewrightError with what to install when there is none.
    """
    try:
        known = _known()
    except ImportError:
        raise MissingPart("code in pages needs Jupyter's kernels", place, _INSTALL["python"]) from None
    if name:
        return _called(name, language, known, place)
    found = next((engine for engine in known if engine.language == language), None)
    if found is None:
        languages = {engine.language for engine in known}
        hint = _INSTALL.get(language) or f"{did_you_mean(language, languages)}; or install the kernel of that language"
        raise CoursewrightError(f'no kernel for "{language}" is installed', place, hint)
    return found


def _called(name: str, language: str, known: Sequence[LanguageKernel], place: Place) -> LanguageKernel:
    found = next((engine for engine in known if engine.name == name), None)
    if found is None:
        hint = did_you_mean(name, [each.name for each in known if each.language == language])
        own = f"; or make it: python -m ipykernel install --user --name {name}" if language == "python" else ""
        raise CoursewrightError(f'no kernel called "{name}" is installed', place, f"{hint}{own}".removeprefix("; or "))
    if found.language != language:
        hint = f"name {found.language} as the language, or another kernel"
        raise CoursewrightError(f'the kernel "{name}" is one for {found.language}, not for {language}', place, hint)
    return found


@cache
def _known() -> tuple[LanguageKernel, ...]:
    """The engines; the kernel of this Python goes before others."""
    from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpec, KernelSpecManager

    specs = KernelSpecManager().get_all_specs()
    found: list[LanguageKernel] = []
    for name in sorted(specs, key=lambda name: (name != NATIVE_KERNEL_NAME, name)):
        spec = KernelSpec(**specs[name]["spec"])
        language = language_of(spec.language)
        file = Path(specs[name]["resource_dir"], "kernel.json")
        found.append(LanguageKernel(language, _settled(spec, language), file if file.is_file() else None, name))
    if all(engine.language != "r" for engine in found) and _has_irkernel():
        argv = ["R", "--slave", "-e", "IRkernel::main()", "--args", "{connection_file}"]
        found.append(
            LanguageKernel("r", _settled(KernelSpec(argv=argv, display_name="R", language="R"), "r"), None, "ir")
        )
    return tuple(found)


def _settled(spec: Any, language: str) -> Any:
    """The kernel without what the last session of R left in the folder, and gone when the build is."""
    if language == "r":
        spec.argv[1:1] = ["--no-restore"] if Path(spec.argv[0]).stem == "R" else []
    if language != "python" and sys.platform == "linux":
        spec.argv = [sys.executable, "-c", _WITH_PARENT, *spec.argv]
    return spec


def _has_irkernel() -> bool:
    """Whether R has its kernel, though nobody has told Jupyter."""
    rscript = shutil.which("Rscript")
    if not rscript:
        return False
    asked = [rscript, "--vanilla", "-e", 'quit(status = !requireNamespace("IRkernel", quietly = TRUE))']
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0  # noqa: S603 - R itself
