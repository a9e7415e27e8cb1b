"""The letters of a bank: its bytes as text, in the encoding that the file declares."""

from __future__ import annotations

import codecs
import re
from contextlib import suppress
from pathlib import Path

from coursewright.errors import CoursewrightError, Place, Problem

_MARKS = {  # longer ones first: the mark of UTF-32 begins like that of UTF-16
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
    b"<\0?\0": "utf-16-le",  # no mark, but how a file of XML begins
    b"\0<\0?": "utf-16-be",
}
_DECLARED = re.compile(r"\s*<\?xml[^>]*?\sencoding\s*=\s*[\"']([A-Za-z0-9._:-]+)[\"']")
# The encodings of texts that programs write, by Python's names; others of its codecs unpack, run or guess.
_BYTES = {  # a byte for each letter, so that any bytes can be read in them
    "ascii", "koi8-r", "koi8-u", "mac-roman", *(f"iso8859-{number}" for number in range(1, 17) if number != 12),
    *(f"cp{number}" for number in (437, 850, 852, 866, 874, *range(1250, 1259))),
}  # fmt: skip
_KNOWN = {*_BYTES, "utf-8", "utf-16", "utf-32", "big5", "gbk", "gb2312", "gb18030", "shift_jis", "euc_jp", "euc_kr"}
_PACKED = {b"PK\x03\x04": "a zip archive", b"\x1f\x8b": "a gzip archive"}


def decode(data: bytes, file: Path) -> tuple[str, tuple[Problem, ...]]:
    """The text of a bank, and what was wrong with what it says of its encoding.

    XML is in the encoding that it declares, anything else in UTF-8; a byte order mark counts more. A declaration that
    the bytes show to be false is a problem, and the text is read in the encoding that they are in. Raises
    CoursewrightError, with the line, for bytes that are no text, and for an encoding that is not known.
    """
    for start, what in _PACKED.items():
        if data.startswith(start):
            hint = "unpack it, and import the file with the questions"
            raise CoursewrightError(f"this file is {what}, not a file of questions", Place(file), hint)
    marked = next((name for mark, name in _MARKS.items() if data.startswith(mark)), "")
    declared = _declared(data[:1024].decode(marked or "latin-1", "replace"))
    name = marked or _shown(data, _known(declared, file) if declared else "utf-8")
    text = _read(data, name, declared, file).removeprefix("\ufeff")
    if not declared or name.startswith(_name(declared)) or (name, _name(declared)) == ("cp1252", "iso8859-1"):
        return text, ()
    true = name.upper().removesuffix("-LE").removesuffix("-BE")
    said = f"the file says that it is in {declared}, and is in {true}, as which it is read"
    return text, (Problem(said, Place(file, 1), f'write encoding="{true}" there', rule="encoding"),)


def _declared(head: str) -> str:
    found = _DECLARED.match(head.removeprefix("\ufeff"))
    return found[1] if found else ""


def _name(declared: str) -> str:
    with suppress(LookupError):
        return codecs.lookup(declared).name
    return declared


def _known(declared: str, file: Path) -> str:
    name = _name(declared)
    if name not in _KNOWN:
        hint = 'save the file as UTF-8, and write encoding="UTF-8" there'
        raise CoursewrightError(f'the encoding "{declared}" is not known', Place(file, 1), hint)
    return name


def _shown(data: bytes, name: str) -> str:
    """The encoding that the bytes show where they show another than `name`, which could be read without an error."""
    if name in ("utf-16", "utf-32"):  # its declaration, which was read as ASCII, could not be
        return "utf-8"
    if name in _BYTES and not data.isascii() and _fits(data, "utf-8"):
        return "utf-8"
    # As browsers do: nobody means the control characters which the first of these has and the second has not.
    return "cp1252" if name == "iso8859-1" and _fits(data, "cp1252") else name


def _fits(data: bytes, name: str) -> bool:
    try:
        data.decode(name)
    except UnicodeDecodeError:
        return False
    return True


def _read(data: bytes, name: str, declared: str, file: Path) -> str:
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        line = data[: error.start].decode(name, "replace").count("\n") + 1
        said = "UTF-8 text" if name == "utf-8" else f"in {declared or name}, as it says"
        raise CoursewrightError(f"this file is not {said}", Place(file, line), "save it as UTF-8") from None
