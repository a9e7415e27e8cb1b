"""Offline: the worker that keeps what was read of a site, and the list of what belongs to one edition of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from functools import cache
from html import escape
from importlib import resources
from pathlib import Path

from coursewright.labels import direction, foreign, words
from coursewright.sites.site import Site

WORKER, LIST = "offline.js", "offline.json"
_NOT_READ = (WORKER, LIST, "open.py", "robots.txt")
_SHELL = (
    "index.html",
    "style.css",
    "site.js",
    "search.js",
    "questions.css",
    "questions.js",
    "tables.js",
    "favicon.svg",
)
_SEARCHED = 2_000_000
"""Bytes of search that are kept before anybody searches, at the most."""


def begin_script() -> str:
    """What pages say to the browser, as the script that they begin with."""
    return _file("begin.js")


def offline_files(folder: Path, last: Path, site: Site) -> dict[str, str]:
    """The worker for the site that is in `folder`, and its list of hashes, by path.

    Hashes of files that are those of the `last` build are taken from its list.
    """
    before = _list_of(last)
    files: dict[str, str] = {}
    for file in sorted(folder.rglob("*")):
        path = file.relative_to(folder).as_posix()
        if file.is_file() and path not in _NOT_READ and not path.endswith(".xml"):
            files[path] = _kept_hash(file, last / path, before.get(path, "")) or _hash(file)
    ahead = list(_ahead(files, folder, site))
    edition = hashlib.sha256(json.dumps([files, ahead], sort_keys=True).encode()).hexdigest()[:16]
    worker = _file("worker.js").replace("'EDITION'", json.dumps(edition)).replace("'LOST'", json.dumps(_lost(site)))
    whole = {"edition": edition, "ahead": ahead, "files": files}
    return {WORKER: worker, LIST: json.dumps(whole, ensure_ascii=False, separators=(",", ":"))}


def _ahead(files: dict[str, str], folder: Path, site: Site) -> Iterator[str]:
    """What is kept before it is asked for: what every page has, the front page, and search unless it is large."""
    yield from (path for path in (*_SHELL, *map(_published, site.looks.files)) if path in files)
    search = [path for path in files if path.startswith("search/")]
    if sum((folder / path).stat().st_size for path in search) <= _SEARCHED:
        yield from search


def _published(file: str) -> str:
    return file.removeprefix("pages/")


def _list_of(last: Path) -> dict[str, str]:
    try:
        found: dict[str, str] = json.loads((last / LIST).read_bytes())["files"]
    except (OSError, ValueError):
        return {}
    return found


def _kept_hash(file: Path, last: Path, was: str) -> str:
    """The hash of a file that is, as the system says, the very one of the last build; else ""."""
    return was if was and last.is_file() and last.samefile(file) else ""


def _hash(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()[:16]


def _lost(site: Site) -> str:
    """The page in place of one that was not kept."""
    said = words("sites", site.language)
    marks = foreign("sites", site.language)
    own = "".join(f' {name}="{value}"' for name, value in marks.items())
    return (
        f'<!doctype html>\n<html lang="{site.language}" dir="{direction(site.language)}">\n'
        '<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(site.title)}</title>\n"
        "<style>body { font: 1.1rem/1.5 system-ui, sans-serif; margin: 3rem 5vw }</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{escape(site.title)}</h1>\n<p{own}>{escape(said['unkept'])}</p>\n</main>\n</body>\n</html>\n"
    )


@cache
def _file(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
