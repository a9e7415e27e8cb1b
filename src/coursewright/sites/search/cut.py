"""The pieces of a site's search, each a script that a browser loads when a search needs it.

From a folder opened by double click, browsers load scripts and nothing else. A piece is named by its content: a page
that has an older list of pieces finds no piece, and never a wrong one.
"""

from __future__ import annotations

import json
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from hashlib import sha256

from coursewright.sites.search.records import SearchRecord

_WORDS, _TEXTS = 32_000, 16_000  # characters of a piece of words or of texts, unless one word or one page has more
_RANKS = 8


def pieces(records: Iterable[SearchRecord]) -> Iterator[tuple[str, str | bytes]]:
    """The files of search, each with its path in the site, of the records of all pages in their order.

    Texts of pages are passed on at once; what stays in memory is the numbers of the pages that have a word. The last
    file, `search/index.js`, is the list of the others.
    """
    postings: defaultdict[str, array[int]] = defaultdict(lambda: array("L"))
    texts: list[tuple[int, str]] = []
    pages = 0
    for shown in _gathered(records, postings):
        name, content = _piece(b"[%s]" % b",\n".join(shown))
        texts.append((pages, name))
        pages += len(shown)
        yield f"search/{name}.js", content
    words = []
    for first, joined in _cut(postings):
        name, content = _piece(f"{{{joined}}}".encode())
        words.append((first, name))
        yield f"search/{name}.js", content
    index = {"pages": pages, "words": words, "texts": texts}
    yield "search/index.js", f'coursewrightSearch("index", {_json(index)})\n'


def _gathered(records: Iterable[SearchRecord], postings: defaultdict[str, array[int]]) -> Iterator[list[bytes]]:
    """What is shown of pages, as many as make a piece; on the way, `postings` get their words."""
    gathered: list[bytes] = []
    size = 0
    for page, each in enumerate(records):
        for word, rank in each.ranked():
            postings[word].append(page * _RANKS + rank)
        gathered.append(each.shown)
        size += len(each.shown)
        if size >= _TEXTS:
            yield gathered
            gathered, size = [], 0
    if gathered:
        yield gathered


def _cut(postings: dict[str, array[int]]) -> Iterator[tuple[str, str]]:
    """What is in each piece of words, with the first of them, in the order in which JavaScript compares them."""
    lines: list[str] = []
    first, size = "", 0
    for word in sorted(postings, key=lambda word: word.encode("utf-16-be", "surrogatepass")):
        if not lines:
            first = word
        lines.append(f"{_json(word)}:[{_steps(postings[word])}]")
        size += len(lines[-1])
        if size >= _WORDS:
            yield first, ",\n".join(lines)
            lines, size = [], 0
    if lines:
        yield first, ",\n".join(lines)


def _steps(pages: array[int]) -> str:
    """The pages that have a word, each as the step from the one before, times 8, and the rank of the word in it."""
    steps = []
    before = 0
    for each in pages:
        page, rank = divmod(each, _RANKS)
        steps.append((page - before) * _RANKS + rank)
        before = page
    return ",".join(map(str, steps))


def _piece(data: bytes) -> tuple[str, bytes]:
    """The name of a piece and its content."""
    name = sha256(data).hexdigest()[:10]
    return name, b'coursewrightSearch("%s", %s)\n' % (name.encode(), data)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
