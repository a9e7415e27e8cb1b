"""TeX as a program: pictures in, SVG out, in a folder and with limits of its own."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from coursewright.errors import MissingPart

PROGRAMS = ("latex", "dvisvgm")
PACKAGES = "texlive-latex-base texlive-pictures lmodern dvisvgm"
_LISTS = ("/var/lib/texmf/ls-R", "/usr/local/share/texmf/ls-R")  # written anew when a package is installed
SECONDS = 20  # for one run, and one more for every ten pictures
_BLOCKS = 200_000  # of 512 bytes: the largest file that a run may write
_SIGNS = """
α alpha β beta γ gamma δ delta ε varepsilon ζ zeta η eta θ theta ι iota κ kappa λ lambda μ mu ν nu ξ xi π pi ρ rho
σ sigma τ tau υ upsilon φ varphi χ chi ψ psi ω omega Γ Gamma Δ Delta Θ Theta Λ Lambda Ξ Xi Π Pi Σ Sigma Υ Upsilon
Φ Phi Ψ Psi Ω Omega ≤ le ≥ ge ≠ ne ≈ approx ∞ infty → to ← leftarrow ↔ leftrightarrow ⇒ Rightarrow ⇔ Leftrightarrow
∈ in ∉ notin ∩ cap ∪ cup ⊂ subset ∅ emptyset ∀ forall ∃ exists ∑ sum ∏ prod ∫ int √ surd ∂ partial ∇ nabla ⊥ perp
∥ parallel ∠ angle △ triangle ⋅ cdot ≡ equiv ∼ sim
"""  # noqa: RUF001 - signs of mathematics, which TeX knows by these names
_ERROR = re.compile(r"^\./(p\d+|preamble|main)\.tex:(\d+): (.*)$", re.MULTILINE)

UNCLOSED = "something is not closed, or is closed twice: a brace, a bracket or an environment"
_PATHS = frozenset(
    (r"\draw", r"\path", r"\fill", r"\filldraw", r"\node", r"\coordinate", r"\matrix", r"\clip", r"\shade")
)


@dataclass
class TexRefusal(Exception):
    """What TeX says against picture number `picture`, or against the preamble; `line` is counted from 1 in it."""

    message: str
    picture: int | None
    line: int | None


def pictures(bodies: Sequence[str], preamble: Sequence[str]) -> list[str]:
    """The SVG of each of `bodies`. Raises TexRefusal for the first that TeX cannot set, and MissingPart without TeX."""
    for program in PROGRAMS:
        if shutil.which(program) is None:
            raise MissingPart("pictures in TikZ need TeX", hint=f"apt install {PACKAGES}")
    with tempfile.TemporaryDirectory(prefix="coursewright-tex-") as name:
        folder = Path(name)
        _write(folder, bodies, preamble)
        limit = SECONDS + len(bodies) // 10
        try:
            done, _ = _run(
                ["latex", "-no-shell-escape", "-interaction=nonstopmode", "-file-line-error", "main.tex"], folder, limit
            )
            log = _log(folder)
            if done or _ERROR.search(log):
                _lacking(log)
                raise _refused(log)
            done, said = _run(
                [
                    "dvisvgm",
                    "--no-fonts",
                    "--bbox=papersize",
                    "--no-specials=ps",
                    "--page=1-",
                    "--output=%p.svg",
                    "--verbosity=3",
                    "main.dvi",
                ],
                folder,
                limit,
            )
        except subprocess.TimeoutExpired:
            if len(bodies) > 1:
                return _halves(bodies, preamble)
            raise TexRefusal(f"it is not done after {limit} seconds", 0, None) from None
        made = {int(path.stem): path for path in folder.glob("*.svg")}
        if done or sorted(made) != list(range(1, len(bodies) + 1)):
            raise TexRefusal(said.strip().split("\n")[-1] or "there is no picture", 0, None)
        return [made[number].read_text(encoding="utf-8") for number in sorted(made)]


def stamp() -> tuple[object, ...]:
    """What tells this installation of TeX from another: its programs, and when its list of files was last written."""
    files = [*map(shutil.which, PROGRAMS), *_LISTS]
    return tuple((file, Path(file).stat().st_mtime_ns) for file in files if file and Path(file).exists())


def _halves(bodies: Sequence[str], preamble: Sequence[str]) -> list[str]:
    """Which of them does not end, found by halving."""
    middle = len(bodies) // 2
    first = pictures(bodies[:middle], preamble)
    try:
        return first + pictures(bodies[middle:], preamble)
    except TexRefusal as refused:
        if refused.picture is not None:
            refused.picture += middle
        raise


def _write(folder: Path, bodies: Sequence[str], preamble: Sequence[str]) -> None:
    for number, body in enumerate(bodies):
        (folder / f"p{number}.tex").write_text(body + "\n", encoding="utf-8", errors="replace")
    (folder / "preamble.tex").write_text("\n".join(preamble) + "\n", encoding="utf-8", errors="replace")
    names = _SIGNS.split()
    signs = [_sign(sign, rf"\{name}") for sign, name in zip(names[::2], names[1::2], strict=True)]
    signs += [_sign("\N{MINUS SIGN}", "-"), _sign("°", r"{}^\circ")]
    shown = "\n".join(rf"\coursewrightpicture{{p{number}.tex}}" for number in range(len(bodies)))
    (folder / "main.tex").write_text(_DOCUMENT % ("\n".join(signs), shown), encoding="utf-8")


def _sign(sign: str, formula: str) -> str:
    return rf"\DeclareUnicodeCharacter{{{ord(sign):04X}}}{{\ensuremath{{{formula}}}}}"


_DOCUMENT = r"""\documentclass{article}
\def\pgfsysdriver{pgfsys-dvisvgm.def}
\usepackage[T1]{fontenc}
\usepackage{textcomp,lmodern,amsmath,amssymb,tikz}
%s
\input{preamble.tex}
\newsavebox\coursewrightbox
\newcommand\coursewrightpicture[1]{\begingroup\pgfmathsetseed{1}%%
\setbox\coursewrightbox\hbox{\input{#1}\unskip}%%
\shipout\vbox{\offinterlineskip
\special{papersize=\the\wd\coursewrightbox,\the\dimexpr\ht\coursewrightbox+\dp\coursewrightbox\relax}%%
\box\coursewrightbox}\endgroup}
\hoffset=-1in
\voffset=-1in
\begin{document}
\sffamily
%s
\end{document}
"""


def _run(command: list[str], folder: Path, seconds: int) -> tuple[int, str]:
    """The exit status of `command` and what it said; all its processes are ended after `seconds`."""
    limited = ["sh", "-c", f'ulimit -f {_BLOCKS}; exec "$@"', "sh", *command]
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder),
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "SOURCE_DATE_EPOCH": "0",
        "FORCE_SOURCE_DATE": "1",
        "openin_any": "p",
        "openout_any": "p",
        "shell_escape": "f",
        "max_print_line": "10000",
        "error_line": "254",
        "half_error_line": "238",
        "MKTEXPK": "0",
        "MKTEXTFM": "0",
    }
    with (folder / "said.txt").open("w+b") as said:
        process = subprocess.Popen(  # noqa: S603 - the command is ours, the pictures are files
            limited,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
        try:
            status = process.wait(seconds)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        said.seek(0)
        return status, said.read(100_000).decode("utf-8", "replace")


def _log(folder: Path) -> str:
    path = folder / "main.log"
    if not path.exists():
        return ""
    with path.open("rb") as file:
        return file.read(10_000_000).decode("utf-8", "replace")


def _lacking(log: str) -> None:
    """MissingPart when TeX is there, and a package or font that every picture needs is not."""
    found = re.search(r"^\./main\.tex:\d+: .*(?:File `[^']*' not found|Font .* not loadable)", log, re.MULTILINE)
    if found:
        raise MissingPart("pictures in TikZ need more of TeX", hint=f"apt install {PACKAGES}")


def _refused(log: str) -> TexRefusal:
    found = _ERROR.search(log)
    if not found:
        fatal = re.search(r"^! (.*)$", log, re.MULTILINE)
        return TexRefusal(fatal[1] if fatal else "it stopped without a word", 0, None)
    after = log[found.end() :]
    message = found[3].strip()
    if message.startswith("Undefined control sequence"):
        near = re.search(r"^(?:l\.\d+|<[^>\n]*>) ?(.*)$", after, re.MULTILINE)
        named = re.findall(r"\\[A-Za-z@]+|\\.", near[1]) if near else []
        message = f"undefined command {named[-1]}" if named else message
        if named and named[-1] in {r"\end", *_PATHS}:  # which it knows inside a picture
            message = UNCLOSED
    elif message.startswith(("File ended while scanning", "Paragraph ended before", "Runaway")):
        message = UNCLOSED
    picture = int(found[1][1:]) if re.fullmatch(r"p\d+", found[1]) else None
    return TexRefusal(message, picture, int(found[2]) if found[1] != "main" else None)
