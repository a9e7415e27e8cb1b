"""The verb: answer one browser, from one folder, if it asks this machine by its own name."""

from __future__ import annotations

import http.server
import mimetypes
from functools import cache
from html import escape
from http import HTTPStatus
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, unquote

import msgspec

from coursewright.sites.serving.preview import Preview

OWN = "/.coursewright/"  # what no page's address begins with: names in a site begin with no dot
_USUAL_PORT = 80  # which browsers leave out
_NAMES = ("127.0.0.1", "localhost")
# The kinds of files as they are, whatever a system's own list says of them.
_KINDS = {
    ".css": "text/css",
    ".csv": "text/csv",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".md": "text/markdown",
    ".mjs": "text/javascript",
    ".mp3": "audio/mpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".wasm": "application/wasm",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>:root {{ color-scheme: light dark; font: 1.1rem/1.5 system-ui, sans-serif }} body {{ margin: 3rem 5vw }}</style>
</head>
<body>
<main><h1>{title}</h1><p>{text}</p></main>
</body>
</html>
"""


class SiteHandler(http.server.BaseHTTPRequestHandler):
    """Answers with files of `folder` and, of a `preview`, with the news that its pages ask for."""

    protocol_version = "HTTP/1.1"
    server_version = "coursewright"
    sys_version = ""
    timeout = 60

    def __init__(self, *arguments: Any, folder: Path, preview: Preview | None) -> None:
        self.folder, self.preview = folder, preview
        super().__init__(*arguments)

    def log_message(self, *_: object) -> None:
        """Say nothing: a line for each picture of a page is noise."""

    def do_GET(self) -> None:
        """Answer with a file, or with news."""
        if not self._is_of_this_machine():
            self._send_page(HTTPStatus.FORBIDDEN, "Not here", "This site is for browsers of this machine.")
            return
        path, _, query = self.path.partition("?")
        if self.preview and path == f"{OWN}news":
            self._send_news(self.preview, {name: values[0] for name, values in parse_qs(query).items()})
        elif self.preview and path == "/offline.js":  # a browser that keeps a preview would show what was
            self._send_page(HTTPStatus.NOT_FOUND, *self._absent(path))
        elif self.preview and path == f"{OWN}live.js":
            self._send(HTTPStatus.OK, "text/javascript", _script())
        else:
            self._send_file(path)

    do_HEAD = do_GET  # noqa: N815 - the library calls it so

    def _is_of_this_machine(self) -> bool:
        """Whether it asks by one of this machine's own names: a name of somebody's that leads here is a trick."""
        _, port = self.connection.getsockname()
        asked = self.headers.get("Host", "").lower()
        return any(asked == f"{name}:{port}" or (asked == name and port == _USUAL_PORT) for name in _NAMES)

    def _send_news(self, preview: Preview, asked: dict[str, str]) -> None:
        path = _path(asked.get("page", "/"))
        page = "" if path is None else "/".join(path)
        news = preview.news(asked.get("since", ""), page, wait="wait" in asked)
        if news:
            self._send(HTTPStatus.OK, "application/json", msgspec.json.encode(news))
        else:
            self._send(HTTPStatus.NO_CONTENT, "", b"")

    def _send_file(self, path: str) -> None:
        now = self.preview.now if self.preview else ""  # before the file is read: what changes then is news to the page
        parts = _path(path)
        try:
            file = self.folder.joinpath(*parts) if parts else None
            if parts and file and file.is_dir():
                self._send_away("/" + "/".join(map(quote, parts)) + "/")
                return
            inside = file and file.is_file() and file.resolve().is_relative_to(self.folder.resolve())
            early = self.preview.early.get("/".join(parts or ())) if self.preview else None
            content = early or (file.read_bytes() if file and inside else None)
        except (OSError, ValueError):  # a name that no file can have
            content = None
        if content is None or not parts:
            title, text = self._absent(path)
            self._send_page(HTTPStatus.NOT_FOUND, title, text, now)
            return
        kind = _kind(parts[-1])
        self._send(HTTPStatus.OK, kind, _live(content, now) if now and kind == "text/html" else content)

    def _absent(self, path: str) -> tuple[str, str]:
        if self.preview and not self.folder.is_dir():
            return "No page yet", "The course is built for the first time. This page shows it as soon as it is there."
        return "No such page", f"There is no page at {unquote(path)}."

    def _send_page(self, status: HTTPStatus, title: str, text: str, now: str = "") -> None:
        content = _PAGE.format(title=escape(title), text=escape(text)).encode("utf-8", "replace")
        self._send(status, "text/html", _live(content, now) if now else content)

    def _send_away(self, path: str) -> None:
        self.send_response(HTTPStatus.MOVED_PERMANENTLY)
        self.send_header("Location", path)
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, status: HTTPStatus, kind: str, content: bytes) -> None:
        self.send_response(status)
        if kind:
            is_text = kind.startswith("text/") or kind in ("application/json", "image/svg+xml", "application/xml")
            self.send_header("Content-Type", f"{kind}; charset=utf-8" if is_text else kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.send_header("Content-Security-Policy", "frame-ancestors 'self'")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)


def _path(path: str) -> list[str] | None:
    """The parts of the path of a file in the site, or None for one that cannot be of any."""
    parts = unquote(path).removeprefix("/").split("/")
    parts = [*parts[:-1], parts[-1] or "index.html"]
    if any(not part or part.startswith(".") or set(part) & set("\\:\0") for part in parts):
        return None
    return parts


def _kind(name: str) -> str:
    ending = Path(name).suffix.lower()
    return _KINDS.get(ending) or mimetypes.types_map.get(ending, "application/octet-stream")


def _live(content: bytes, now: str) -> bytes:
    """A page that listens for news after the moment `now`."""
    script = f'<script src="{OWN}live.js" data-now="{now}"></script>\n'.encode()
    before, end, after = content.rpartition(b"</body>")
    return before + script + end + after if end else content + script


@cache
def _script() -> bytes:
    return resources.files(__package__).joinpath("live.js").read_bytes()
