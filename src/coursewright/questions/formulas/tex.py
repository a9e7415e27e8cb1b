"""TeX as MathML, each distinct formula converted once."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from xml.etree import ElementTree

from coursewright.errors import CoursewrightError

_MATHML = "http://www.w3.org/1998/Math/MathML"
_IN_MATHML = f"{{{_MATHML}}}"
_TOKENS_OF_TEXT = {"mi", "mn", "mo", "mtext", "ms"}
_ATTRIBUTES = {
    "accent", "accentunder", "align", "columnalign", "columnlines", "columnspacing", "depth", "display", "displaystyle",
    "equalcolumns", "equalrows", "fence", "form", "frame", "height", "largeop", "linethickness", "lspace",
    "mathbackground", "mathcolor", "mathsize", "mathvariant", "maxsize", "minsize", "movablelimits", "notation",
    "rowalign", "rowlines", "rowspacing", "rspace", "scriptlevel", "separator", "stretchy", "symmetric", "width",
}  # fmt: skip
_LENGTHS = {
    "0": "0em",
    "negativethinmathspace": "-0.167em",
    "negativemediummathspace": "-0.222em",
    "negativethickmathspace": "-0.278em",
}
_TEXT = re.compile(r"\\(?:text|textrm|mathrm|mbox)\{((?:[^\\{}]|\\[A-Za-z]+(?:\{\})?|\\.)*)\}")
_SIGNS = {r"\textbackslash": "\\", r"\textasciitilde": "~", r"\textasciicircum": "^"}
_TOKENS = re.compile(r"(\\text[a-z]+)(?:\{\})?|\\(.)")
_ARITY = {"mfrac": 2, "msup": 2, "msub": 2, "msubsup": 3, "mroot": 2, "munder": 2, "mover": 2, "munderover": 3}


@lru_cache(maxsize=65536)
def mathml(tex: str, display: bool) -> str:
    """The formula as well-formed MathML; CoursewrightError when it is not understood as a whole."""
    from latex2mathml.converter import convert

    texts: list[str] = []
    bare = re.sub(r"\\.", "", tex)
    if bare.count("{") != bare.count("}"):
        raise _misunderstood(tex)

    def keep(found: re.Match[str]) -> str:
        texts.append(_TOKENS.sub(lambda token: _SIGNS.get(token[1] or "", token[2] or token[0]), found[1]))
        return rf"\text{{\ue004{len(texts) - 1}\ue005}}".replace(r"\ue004", "\ue004").replace(r"\ue005", "\ue005")

    try:
        written = convert(_TEXT.sub(keep, tex), display="block" if display else "inline")
        root = ElementTree.fromstring(written)  # noqa: S314 - what our own converter has written
    except Exception as error:
        raise _misunderstood(tex) from error
    _check(root, tex)
    mended = [_text_alone(element) | _known_attributes(element) for element in list(root.iter())]
    if any(mended):
        ElementTree.register_namespace("", _MATHML)
        written = ElementTree.tostring(root, encoding="unicode")
    return re.sub("\ue004(\\d+)\ue005", lambda found: escape(texts[int(found[1])], quote=False), written)


def _text_alone(element: ElementTree.Element) -> bool:
    """Whether a sign or a name had elements in it, where only text may be: now it is their text, or else a row of them.

    The converter makes such of what TeX calls an operator, `\\mathbin{\\text{nor}}`.
    """
    if element.tag.removeprefix(_IN_MATHML) not in _TOKENS_OF_TEXT or not len(element):
        return False
    inside = [each for each in element.iter() if each is not element]
    names = {each.tag.removeprefix(_IN_MATHML) for each in inside}
    if names <= {"mrow", *_TOKENS_OF_TEXT}:
        text = "".join(element.itertext())
        for each in list(element):
            element.remove(each)
        element.text = text
    else:
        element.tag, element.attrib = f"{_IN_MATHML}mrow", {}
    return True


def _known_attributes(element: ElementTree.Element) -> bool:
    """Whether an element had attributes that not both versions of MathML have there, or an address to go to."""
    name = element.tag.removeprefix(_IN_MATHML)
    colours = {"mathbackground"} if name in ("mpadded", "mspace", "mrow") else set()
    kept = {
        key: _LENGTHS.get(value, value) if name in ("mpadded", "mspace") else value
        for key, value in element.attrib.items()
        if key in _ATTRIBUTES - colours
    }
    if kept == element.attrib:
        return False
    element.attrib = kept
    return True


def _check(root: ElementTree.Element, tex: str) -> None:
    """The converter lets through commands that it does not know, and fractions without a denominator."""
    for element in root.iter():
        name = element.tag.removeprefix(_IN_MATHML)
        if (element.text or "").startswith("\\") and len(element.text or "") > 1:
            raise _misunderstood(tex)
        if len(element) != _ARITY.get(name, len(element)):
            raise _misunderstood(tex)


def _misunderstood(tex: str) -> CoursewrightError:
    return CoursewrightError(
        f'the formula "{tex}" cannot be written as MathML',
        hint="use the commands of LaTeX and amsmath, and close { and }",
    )
