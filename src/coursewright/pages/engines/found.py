"""Which kernel carries out a language, of those that Jupyter finds on this machine."""

from __future__ import annotations

import shutil
import subprocess
import sys
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
class Engine:
    """A kernel's specification, and its file if it is kept in one, for a `language` by its one name."""

    language: str
    spec: Any
    file: Path | None = None


def language_of(word: str) -> str:
    """The one name of a language, as people and notebooks call it."""
    return _ALIASES.get(word.lower(), word.lower())


def engine_for(language: str, place: Place) -> Engine:
    """The engine for a language, by its one name. Raises CoursewrightError with what to install when there is none."""
    try:
        known = _known()
    except ImportError:
        raise MissingPart("code in pages needs Jupyter's kernels", place, _INSTALL["python"]) from None
    if language not in known:
        hint = _INSTALL.get(language) or f"{did_you_mean(language, known)}; or install the kernel of that language"
        raise CoursewrightError(f'no kernel for "{language}" is installed', place, hint)
    return known[language]


@cache
def _known() -> dict[str, Engine]:
    """The engines by language; the kernel of this Python goes before others."""
    from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpec, KernelSpecManager

    specs = KernelSpecManager().get_all_specs()
    found: dict[str, Engine] = {}
    for name in sorted(specs, key=lambda name: (name != NATIVE_KERNEL_NAME, name)):
        spec = KernelSpec(**specs[name]["spec"])
        language = language_of(spec.language)
        file = Path(specs[name]["resource_dir"], "kernel.json")
        found.setdefault(language, Engine(language, _settled(spec, language), file if file.is_file() else None))
    if "r" not in found and _has_irkernel():
        argv = ["R", "--slave", "-e", "IRkernel::main()", "--args", "{connection_file}"]
        found["r"] = Engine("r", _settled(KernelSpec(argv=argv, display_name="R", language="R"), "r"))
    return found


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
