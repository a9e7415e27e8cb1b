"""What a site carries so that pages can be run in them: our scripts, Python or R, an editor, packages."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from importlib import resources
from typing import Any

from coursewright.errors import MissingPart
from coursewright.labels import foreign, words
from coursewright.media import telling
from coursewright.sites.runtimes.cells import Runs
from coursewright.sites.runtimes.parts import RuntimePart, entry, part, pinned
from coursewright.sites.runtimes.wheels import wheel, wheel_name

FOLDER = "runtimes"
"""Where it stands in the site."""

PARTS = {"python": "pyodide", "r": "webr"}
_SCRIPTS = {"python": ("python.js", "python.py"), "r": ("r.js",)}
_INSIDE = {"pyodide": "", "webr": "dist/", "editor": "dist/"}  # where a part has what pages load
_LOADED = {"python": (13, 5), "r": (22, 7)}  # the megabytes that a browser loads, and about how many seconds it takes

Content = str | bytes | Callable[[], bytes]


def missing(languages: Iterable[str] = tuple(PARTS)) -> str:
    """What cells of `languages` need that was not fetched, and what to do, in words; "" where all is there."""
    names = [name for name in (*(PARTS[language] for language in languages), "editor") if not _is_there(name)]
    gone = [pinned()[name].gives for name in names]
    if not gone:
        return ""
    said = f"{', '.join(gone[:-1])} and {gone[-1]} were" if gone[1:] else f"{gone[0]} was"
    return (
        f"no cell can run in its page yet, since {said} not fetched: run: coursewright runtimes fetch {' '.join(names)}"
    )


def _is_there(name: str) -> bool:
    try:
        return bool(part(name).files)
    except MissingPart:
        return False


def carried(pages: Iterable[Runs], language: str) -> dict[str, Content]:
    """The files of a site whose pages need these things, by path. Raises MissingPart when a part is not there."""
    needed = list(pages)
    languages = dict.fromkeys(name for runs in needed for name in runs.languages)
    if not languages:
        return {}
    parts = [part(name) for name in (*(PARTS[name] for name in languages), "editor")]
    own = (script for language in languages for script in _SCRIPTS[language])
    files: dict[str, Content] = {f"{FOLDER}/{name}": _file(name) for name in ("editor.js", "run.css", *own)}
    files[f"{FOLDER}/run.js"] = f"{_file('cell.js')};{_file('run.js')}"
    files |= dict(zip((f"{FOLDER}/kept.js", f"{FOLDER}/sessions.js"), scripts(language), strict=True))
    files |= opener()
    for each in parts:
        files |= files_of(each)
    for name in dict.fromkeys(name for runs in needed for name in runs.distributions):
        files[f"{FOLDER}/{wheel_name(name)}"] = partial(wheel, name)
    return files


def opener() -> dict[str, str]:
    """The server for one machine that a site carries, by its path."""
    return {"open.py": _file("open.py")}


def scripts(language: str) -> tuple[str, str]:
    """The scripts of pages in `language`, a BCP 47 tag: of what is kept, with all words, and of Python and R."""
    said: dict[str, Any] = {**words("runtimes", language), "lang": foreign("runtimes", language).get("lang", "")}
    where: dict[str, Any] = {"editor": _folder("editor"), "telling": telling("")}
    for name, own in PARTS.items():
        size, seconds = _LOADED[name]
        where[name] = {"folder": _folder(own), "size": size, "seconds": seconds}
    return _file("kept.js").replace("'SAID'", _json(said)), _file("sessions.js").replace("'PARTS'", _json(where))


def _folder(name: str) -> str:
    return f"{entry(name, pinned()[name])}/{_INSIDE[name]}"


def files_of(own: RuntimePart) -> Mapping[str, Content]:
    """The files of a part, in a folder that is named after its version and what is in it, and its licence."""
    folder = f"{FOLDER}/{entry(own.name, own.pin)}"
    return {f"{folder}/{file}": (own.folder / file).read_bytes for file in own.files} | licences(own)


def licences(*parts: RuntimePart) -> dict[str, Content]:
    """Under which licence a site carries each part, by the paths of these files."""
    return {f"{FOLDER}/licences/{p.name}.txt": f"{p.pin.package} {p.version}: {p.pin.licence}\n" for p in parts}


@cache
def _file(name: str) -> str:
    return resources.files("coursewright.sites.runtimes").joinpath("run", name).read_text(encoding="utf-8")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
