"""Pictures in TikZ, set by TeX: many in one run, as SVG whose letters are outlines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import blake2b
from html import escape

from coursewright.errors import CoursewrightError, Place
from coursewright.figures.charts.theme import BACKGROUND
from coursewright.figures.diagrams import tex
from coursewright.figures.figure import Figure
from coursewright.figures.pictures.kept import kept
from coursewright.figures.pictures.themed import themed

_MARGIN = 4  # points around a picture
_GROUND = f"fill='{BACKGROUND}'"
_PREAMBLE = re.compile(r"\s*\\(?:usetikzlibrary|usepgflibrary|usepgfplotslibrary|usepackage|pgfplotsset)\b.*")
_PICTURES = r"tikzpicture|circuitikz|tikzcd|forest|tikztimingtable|dependency"
_INSIDE = r"scope|axis|(?:semilogx|semilogy|loglog|polar|ternary|smithchart)axis|groupplot|pgfonlayer"
_WHOLE = re.compile(rf"\\begin\s*\{{(?:{_PICTURES})\*?\}}|\\tikz\b|\A(?:\s|%.*)*\\begin\s*\{{(?!(?:{_INSIDE})\}})")
_COMMENT = re.compile(r"(?<!\\)%.*|\\.")  # and signs that are written as themselves
_BRACKET = re.compile(r"[][(){}]")
_CLOSED_BY = {"(": ")", "[": "]", "{": "}"}
_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    ",": "{,}",
    ";": "{;}",
    "[": "{[}",
    "]": "{]}",
    "=": "{=}",
    "\n": " ",
    "\r": " ",
}
_DRAWN = """
svg g path defs use clipPath linearGradient radialGradient stop pattern mask rect line polyline polygon circle ellipse
symbol marker text tspan filter title desc
"""
_ELEMENTS = frozenset(_DRAWN.split())
_ELEMENT = re.compile(r"<([A-Za-z][\w:-]*)")
_OUTSIDE = re.compile(
    r"""<!DOCTYPE|<!ENTITY|javascript:|@import|[\s'"/]on\w+\s*=|href\s*=\s*["'](?!\#)|url\(\s*["']?(?!\#)""",
    re.I,
)
_IDENT = re.compile(r"""(?<=\s)id=(['"])([^'"]+)\1""")
_REFERENCE = re.compile(r"""(href=['"]\#|url\(\#)([^'")]+)""")
_ROOT = re.compile(r"<svg\b[^>]*>")
_BOX = re.compile(r"""viewBox=['"]([-\d.e]+) ([-\d.e]+) ([-\d.e]+) ([-\d.e]+)['"]""")


class PictureError(CoursewrightError):
    """A picture that TeX does not set: number `picture`, counted from 0, of those it was given."""

    def __init__(self, message: str, place: Place, hint: str, picture: int) -> None:
        super().__init__(message, place, hint)
        self.picture = picture


@dataclass(frozen=True, slots=True)
class _Source:
    """A picture as its author wrote it, with what belongs before the document in `preamble`."""

    text: str
    preamble: tuple[str, ...]
    body: str


def tikz(source: str, *, alt: str, caption: str = "", libraries: Sequence[str] = ()) -> Figure:
    r"""The picture that `source` draws: a `tikzpicture`, or what stands in one; `alt` says in words what it shows.

    Lines with `\usetikzlibrary` or `\usepackage` at the top are taken to the preamble, as are `libraries`. Values
    belong in it through `tex_escape`. Raises CoursewrightError with TeX's message and the line of `source`, or when
    `alt` is empty; MissingPart without TeX.
    """
    Figure("", alt, caption)  # without an alternative text nothing is set
    read = _read(source, libraries)
    return replace(kept((read, alt, tex.stamp()), partial(_picture, read, alt)), caption=caption)


def _picture(source: _Source, alt: str) -> Figure:
    (svg,) = _all([source])
    titled = _ROOT.sub(lambda root: f"{root[0]}<title>{escape(alt)}</title>", svg, count=1)
    return Figure(themed(titled.replace(_GROUND, "fill='none'", 1), alt=alt), alt, white=partial(str, titled))


def tikz_batch(sources: Sequence[str]) -> list[str]:
    """The SVG of each of `sources`, in their order, with one run of TeX for all that have the same preamble.

    Raises CoursewrightError that names the first picture which TeX cannot set, and MissingPart without TeX.
    """
    return _all([_read(source) for source in sources])


def tex_escape(text: object) -> str:
    """`text` such that TikZ shows it as it is: no letter of it is a command, or ends a label or an option."""
    return "".join(_SPECIAL.get(letter, letter) for letter in str(text))


def _read(source: str, libraries: Iterable[str] = ()) -> _Source:
    lines = source.split("\n")
    preamble = [rf"\usetikzlibrary{{{name}}}" for name in libraries]
    for at, line in enumerate(lines):
        if line.strip() and not line.lstrip().startswith("%"):
            if not _PREAMBLE.fullmatch(line):
                break
            preamble.append(line.strip())
            lines[at] = "%"
    body = "\n".join(lines)
    if not _WHOLE.search(body):
        body = rf"\begin{{tikzpicture}}{body}" + "\n" + r"\end{tikzpicture}"
    return _Source(source, tuple(dict.fromkeys(preamble)), body)


def _all(sources: Sequence[_Source]) -> list[str]:
    """Pictures with different preambles do not meet: none looks different for its neighbours."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for at, source in enumerate(sources):
        groups.setdefault(source.preamble, []).append(at)
    out = [""] * len(sources)
    for preamble, members in groups.items():
        try:
            pictures = tex.pictures([sources[at].body for at in members], preamble)
        except tex.TexRefusal as refused:
            raise _named(refused, sources, members) from None
        for at, svg in zip(members, pictures, strict=True):
            out[at] = _finished(svg, sources[at].text, _which(at, len(sources)))
    return out


def _which(at: int, number: int) -> str:
    return "TikZ picture" if number == 1 else f"TikZ picture {at + 1} of {number}"


def _named(refused: tex.TexRefusal, sources: Sequence[_Source], members: Sequence[int]) -> CoursewrightError:
    """The error as the author reads it: which picture, its own line, and what stands there."""
    at = members[refused.picture or 0]
    lines = sources[at].text.split("\n")
    line = refused.line
    if refused.picture is None and line is not None:  # in the preamble
        wanted = sources[at].preamble[line - 1]
        line = next((number for number, text in enumerate(lines, start=1) if text.strip() == wanted), None)
    line = min(line, len(lines)) if line else None
    if refused.message == tex.UNCLOSED:  # which TeX says where it looked for it in the end
        line = _unclosed(lines) or line
    hint = f"the line is: {lines[line - 1].strip()}" if line else ""
    return PictureError(
        f"TeX cannot set this picture: {refused.message}", Place(_which(at, len(sources)), line), hint, at
    )


def _unclosed(lines: Sequence[str]) -> int | None:
    """The line of the bracket that is still open at the end."""
    opened: list[tuple[str, int]] = []
    for number, line in enumerate(lines, start=1):
        for sign in _BRACKET.findall(_COMMENT.sub("", line)):
            if sign in _CLOSED_BY:
                opened.append((_CLOSED_BY[sign], number))
            elif opened and sign == opened[-1][0]:
                opened.pop()
    return opened[-1][1] if opened else None


def _finished(svg: str, source: str, which: str) -> str:
    """The SVG for a page: ids of its own, a light background, and nothing that is more than a picture."""
    svg = svg[svg.index("<svg") :].strip()
    strange = sorted(set(_ELEMENT.findall(svg)) - _ELEMENTS)
    outside = _OUTSIDE.search(svg)
    if strange or outside:
        what = f"<{strange[0]}>" if strange else outside[0].strip() if outside else ""
        raise CoursewrightError(f"this picture holds {what}, which is more than a picture", Place(which))
    prefix = "t" + blake2b(source.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
    idents: dict[str, str] = {}
    for found in _IDENT.finditer(svg):
        idents.setdefault(found[2], f"{prefix}-{len(idents)}")
    svg = _IDENT.sub(lambda found: f"id='{idents[found[2]]}'", svg)
    svg = _REFERENCE.sub(lambda found: found[1] + idents.get(found[2], found[2]), svg)
    return _ROOT.sub(lambda root: _framed(root[0], which), svg, count=1)


def _framed(root: str, which: str) -> str:
    box = _BOX.search(root)
    if not box or float(box[3]) == float(box[4]) == 0:
        raise CoursewrightError("this picture is empty", Place(which), r"draw something: \draw (0,0) -- (1,1);")
    left, top, width, height = (float(part) for part in box.groups())
    left, top, width, height = left - _MARGIN, top - _MARGIN, width + 2 * _MARGIN, height + 2 * _MARGIN
    place = " ".join(f"{part:.3f}".rstrip("0").rstrip(".") for part in (left, top, width, height))
    x, y, wide, high = place.split(" ")
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' version='1.1' role='img'"
        f" width='{wide}pt' height='{high}pt' viewBox='{place}'>"
        f"<rect x='{x}' y='{y}' width='{wide}' height='{high}' {_GROUND}/>"
    )
