"""What came from the web: the format of a file whose name does not say it, and a web page where no page was wanted."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from coursewright.errors import CoursewrightError, Place
from coursewright.tables.fetching.secrets import shown
from coursewright.tables.sources.web import WebResponse

_PAGES = ("text/html", "application/xhtml+xml")
_KINDS = {
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "application/json": ".json",
    "application/x-ndjson": ".ndjson",
    "application/jsonl": ".jsonl",
    "application/vnd.apache.parquet": ".parquet",
    "application/vnd.apache.arrow.file": ".arrow",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/vnd.sqlite3": ".sqlite",
    "application/zip": ".zip",
    "application/gzip": ".gz",
    **dict.fromkeys(_PAGES, ".html"),
}
_PACKED = (".gz", ".zip")
_GZIP = b"\x1f\x8b"
_HEAD = 1 << 16  # bytes of a page in which its title is looked for


def ending(file: Path, address: str, answer: WebResponse, format_: str = "") -> str:
    """The ending that says what came: that of the format asked for, of the address, or of the type of the answer.

    Some servers say of a file that is packed that they packed it on the way: then it has been unpacked.
    """
    suffix = _ending(address, answer, format_)
    return suffix.removesuffix(".gz") if answer.unpacked and not _begins(file, _GZIP) else suffix


def _begins(file: Path, start: bytes) -> bool:
    with file.open("rb") as opened:
        return opened.read(len(start)) == start


def _ending(address: str, answer: WebResponse, format_: str) -> str:
    name = PurePosixPath(unquote(urlsplit(address).path))
    suffixes = [suffix.lower() for suffix in name.suffixes[-2:]]
    own = "".join(suffixes) if suffixes and suffixes[-1] in _PACKED else "".join(suffixes[-1:])
    if format_:
        return f".{format_.lstrip('.')}{own if own in _PACKED else ''}"
    known = own and (own.endswith(_PACKED) or own in _KINDS.values() or own not in (".php", ".aspx", ".cgi", ".do"))
    return own if known else _KINDS.get(answer.content_type, own)


def refuse_page(file: Path, wanted: str, address: str, answer: WebResponse, place: Place | None) -> None:
    """Raise CoursewrightError when a web page came where a file with the ending `wanted` was asked for."""
    with file.open("rb") as opened:
        head = opened.read(_HEAD)
    begins = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:15].lower()
    if wanted in (".html", ".htm") or not (
        answer.content_type in _PAGES or begins.startswith((b"<!doctype html", b"<html"))
    ):
        return
    title = _title(head)
    called = f' called "{title}"' if title else ""
    elsewhere = f", at {answer.address}" if answer.address != shown(address) else ""
    kind = wanted.lstrip(".").upper() or "a file"
    message = f"{shown(address)} answered with a web page{called}{elsewhere}, not with {kind}"
    raise CoursewrightError(message, place, "open the address in a browser: perhaps one has to log in there first")


def _title(head: bytes) -> str:
    import lxml.etree
    import lxml.html

    try:
        title = lxml.html.fromstring(head).findtext(".//title") or ""
    except (lxml.etree.LxmlError, ValueError):
        return ""
    return " ".join(title.split())[:100]
