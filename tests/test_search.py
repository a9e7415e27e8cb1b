"""Search without a server: what pages give to it, its pieces, and what a reader finds, from a folder and a server."""

from __future__ import annotations

import functools
import http.server
import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursewright.courses import build, open_course
from coursewright.errors import CoursewrightError
from coursewright.sites.search import SearchRecord, pieces
from coursewright.sites.search.records import ranked
from coursewright.sites.search.script import search_script
from coursewright.sites.search.stretches import Stretch
from coursewright.sites.search.words import words

NODE = Path(__file__).parent / "node"


WORDS = [
    ("Räikkönen won", ["raikkonen", "won"]),
    ("Ra\u0308ikko\u0308nen", ["raikkonen"]),
    ("Björn Øster, Łódź, Straße, Æsir", ["bjorn", "oster", "lodz", "strasse", "aesir"]),
    ("\u0130stanbul ISPARTA \u0131\u011fd\u0131r", ["istanbul", "isparta", "igdir"]),
    ("O'Brien's 1,234.5 x_y", ["o", "brien", "s", "1", "234", "5", "x", "y"]),
    ("\ufb01nal \u2460 \uff21", ["final", "1", "a"]),
    ("ΟΔΥΣΣΕΎΣ", ["οδυσσευς"]),
    ("йод", ["иод"]),
    ("हिन्दी में", ["हिन्दी", "में"]),
    ("東京都 F1 ガス", ["東京", "京都", "f1", "ガス"]),
    ("ภาษาไทย", ["ภา", "าษ", "ษา", "าไ", "ไท", "ทย"]),
    ("水", ["水"]),
    ("مُحَمَّد שָׁלוֹם", ["محمد", "שלום"]),
    ("x" * 50, ["x" * 40]),
    ("<b> & — …", ["b"]),
    ("", []),
]


def test_words_are_compared_without_capitals_and_accents() -> None:
    texts, expected = [text for text, _ in WORDS], [told for _, told in WORDS]
    assert [list(words(text)) for text in texts] == expected
    assert in_javascript(texts) == expected


def in_javascript(texts: list[str]) -> Any:
    """The words of texts as the page makes them."""
    node = shutil.which("node")
    if not node:
        pytest.skip("needs Node.js")
    file = Path(search_script.__code__.co_filename).parent / "search.js"
    code = (
        f"globalThis.document = globalThis.window = {{}}; const {{ wordsOf }} = require({json.dumps(str(file))});"
        "const texts = JSON.parse(require('fs').readFileSync(0, 'utf8'));"
        "console.log(JSON.stringify(texts.map(wordsOf)))"
    )
    done = subprocess.run([node, "-e", code], input=json.dumps(texts), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


ANY = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cn", "Co"]), max_size=30)


@settings(max_examples=8)
@given(st.lists(ANY | st.text("aÄß 東京ไทยßİΣς'\u0301 -\n.1"), min_size=60, max_size=150))
def test_the_page_makes_the_same_words_as_the_index(texts: list[str]) -> None:
    assert in_javascript(texts) == [list(words(text)) for text in texts]


def read_pieces(records: list[SearchRecord]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The list of pieces, and each piece by its name, from the files that a site has."""
    read = {}
    for path, content in pieces(records):
        text = content if isinstance(content, str) else content.decode()
        name, data = json.loads(f"[{text.strip().removeprefix('coursewrightSearch(').removesuffix(')')}]")
        assert path == f"search/{name}.js"
        read[name] = data
    return read.pop("index"), read


def record_of(number: int, title: str, text: str) -> SearchRecord:
    stretch = Stretch("", title, text)
    found = ranked(title, [stretch])
    return SearchRecord(msgspec.json.encode((f"p{number}", title, [stretch])), "\n".join(found), bytes(found.values()))


@given(st.lists(st.tuples(ANY, ANY), max_size=12), st.integers(0, 3))
def test_pieces_say_which_page_has_which_word(pages: list[tuple[str, str]], long: int) -> None:
    records = [record_of(at, title, text + " yz" * 9000 * (at == long)) for at, (title, text) in enumerate(pages)]
    index, read = read_pieces(records)
    assert index["pages"] == len(pages)
    shown = [page for first, name in index["texts"] for page in [*read[name]]]
    assert [(address, title) for address, title, _ in shown] == [
        (f"p{at}", title) for at, (title, _) in enumerate(pages)
    ]
    assert [first for first, _ in index["texts"]] == [int(read[name][0][0][1:]) for _, name in index["texts"]]
    told: dict[int, dict[str, int]] = {at: {} for at in range(len(pages))}
    order = []
    for first, name in index["words"]:
        assert next(iter(read[name])) == first
        for word, steps in read[name].items():
            order.append(word.encode("utf-16-be"))
            page = 0
            for step in steps:
                page += step >> 3
                told[page][word] = step & 7
    assert all(one < other for one, other in pairwise(order))  # as JavaScript compares them
    assert told == {at: dict(record.ranked()) for at, record in enumerate(records)}


def test_a_word_in_a_title_says_more_than_one_in_a_heading_and_that_more_than_one_in_the_text() -> None:
    found = ranked("Monza 2008", [Stretch("", "Monza 2008", "rain rain"), Stretch("a", "The rain", "won " * 12)])
    assert found == {"rain": 4, "won": 3, "the": 4, "monza": 6, "2008": 6}
    assert ranked("Monza", []) == {"monza": 7}


PAGE = """\
# Home of *Räikkönen*

See [the page](b.md), `inline_code` and $x^2$ 120\N{NO-BREAK SPACE}km/h. <b class="no">Bold &amp; &lt;s&gt;</b>

![A **map** of it](map.png)

| Col | Other |
| - | - |
| cell one | cell two |

> [!NOTE]
> Noted.

```python
print("spam")
```

$$\\frac{a}{b}$$

<div title="no"><script>var evil</script><style>a{}</style>
In <em>HTML</em>&nbsp;too <img alt="drawn" src="map.png"></div>

## Tables & more

```{table}
:caption: What was *sold*
SELECT fruit AS "Fruit", tonnes AS "Tonnes" FROM sales WHERE year = 2023
```

```{tell} g
SELECT 'pear' AS a
```

```{figure} box
```

```{question} q
```

```{pages} many
```

## Empty

Footnote.[^1]

[^1]: At the end.
"""
FILES = {
    "course.toml": '[course]\ntitle = "Fruit <i>"\n[tables]\nsales = "data/sales.csv"\n',
    "pages/index.md": PAGE,
    "pages/b.md": "# <b>Bee</b> & \"Söhne\"\n\nNothing of it. <!-- secret -->\n",
    "pages/a [b] ü/evil.md": "---\ntitle: '<img src=x onerror=alert(1)>'\n---\n# E\n\n## <i>Odd *heading*</i>\n\n"
    "&lt;script&gt;alert(1)&lt;/script&gt; zebra\n",
    "pages/many.md": "---\nfor_each: SELECT range AS n FROM range(60)\nname: 'n-{{ n }}'\n---\n# Page {{ n }}\n\n"
    f"Many of them. {'Words and words. ' * 60}\n\n## Row {{{{ n }}}}\n\nzebra crossing {{{{ n }}}} 東京都\n",
    "pages/map.png": "png",
    "grammars/g.json": '{"origin": ["say *#a#*"]}',
    "figures/box.py": "from coursewright.figures import Figure\n\ndef draw():\n"
    "    svg = '<svg xmlns=\"http://www.w3.org/2000/svg\"><text>unseen</text></svg>'\n"
    "    return Figure(svg, 'A box <drawn>', 'Boxed')\n",
    "questions/q.md": "---\nkind: number\n---\n```python\na = 4\nanswer = 123456\n```\n"
    "# Question\n\nHow *many* are {{ a }}?\n",
}  # fmt: skip


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course of every kind of page, built, in a folder whose name needs care."""
    root = write(tmp_path_factory.mktemp("search") / "a [b] ü", {"data/sales.csv": SALES, **FILES})
    build(open_course(root))
    return root


SALES = "year,fruit,tonnes\n2023,apple,10\n2023,pear,4\n"


def in_site(root: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """The list of pieces of a built site, and each piece by its name."""
    read = {}
    for file in (root / "build/site/search").iterdir():
        text = file.read_text(encoding="utf-8").strip().removeprefix("coursewrightSearch(").removesuffix(")")
        name, read[file.stem] = json.loads(f"[{text}]")
        assert name == file.stem
    return read.pop("index"), read


def shown(root: Path) -> dict[str, tuple[str, list[tuple[str, str, str]]]]:
    """The title and the stretches of each page, by its address, in the order of the site."""
    index, read = in_site(root)
    found = {address: (title, [*map(tuple, told)]) for _, name in index["texts"] for address, title, told in read[name]}
    assert len(found) == index["pages"]
    return found


def test_what_a_reader_sees_of_a_page_is_what_search_has(course: Path) -> None:
    title, told = shown(course)["index"]
    assert title == "Home of Räikkönen"
    assert told == [
        (
            "home-of-räikkönen",
            "Home of Räikkönen",
            "See the page, inline_code and 120 km/h. Bold & <s>\nA map of it\nCol\nOther\ncell one\ncell two\n"
            'Noted.\nprint("spam")\nIn HTML too drawn',
        ),
        (
            "tables--more",
            "Tables & more",
            "What was *sold*\nFruit Tonnes\napple 10\npear 4\nsay *pear*\nBoxed\nA box <drawn>\nHow many are 4?",
        ),
        ("empty", "Empty", "Footnote.\nAt the end."),
    ]
    site = shown(course)
    assert [*site][:2] == ["index", "a [b] ü/evil"]
    assert len(site) == 63
    assert site["b"] == ('Bee & "Söhne"', [("bee--söhne", 'Bee & "Söhne"', "Nothing of it.")])


def stamps(root: Path) -> dict[str, int]:
    return {file.name: file.stat().st_ino for file in (root / "build/site/search").iterdir()}


def test_only_what_changed_is_written_again(tmp_path: Path) -> None:
    root = write(tmp_path, {"data/sales.csv": SALES, **FILES})
    build(open_course(root))
    first = stamps(root)
    build(open_course(root))
    assert stamps(root) == first
    (root / "pages/b.md").write_text("# Bee\n\nQuince!\n")
    build(open_course(root))
    second = stamps(root)
    assert second != first
    assert len(second.keys() & first.keys()) >= 2  # pieces with nothing of it, and `index`
    assert shown(root)["b"][1][0][2] == "Quince!"
    assert has(root, "quince") == ["b"]
    assert has(root, "nothing") == []
    (root / "pages/b.md").rename(root / "pages/404.md")  # what servers show for a page that is not there
    (root / "pages/index.md").write_text("# Home\n")
    build(open_course(root), only=["markdown"])
    assert stamps(root) == second
    build(open_course(root))
    assert has(root, "quince") == []
    assert has(root, "home") == ["index"]
    whole = {file.name: file.read_bytes() for file in (root / "build/site/search").iterdir()}
    (root / "build/site/search/index.js").write_text("changed by hand")
    for spoil in ("search", "search-places"):
        (root / "build/.cache" / spoil).write_bytes(b"")
        build(open_course(root))
        assert {file.name: file.read_bytes() for file in (root / "build/site/search").iterdir()} == whole
    build(open_course(root), force=True)
    assert {file.name: file.read_bytes() for file in (root / "build/site/search").iterdir()} == whole


def has(root: Path, word: str) -> list[str]:
    """The addresses of the pages that have a word."""
    index, read = in_site(root)
    addresses = [*shown(root)]
    pages = []
    for _, name in index["words"]:
        at = 0
        for step in read[name].get(word, []):
            at += step >> 3
            pages.append(addresses[at])
    return pages


def test_a_file_of_search_is_nobody_elses(make_course: Any) -> None:
    root = make_course({"pages/index.md": "# A\n\n[x](search/index.js)\n", "pages/search/index.js": "mine"})
    with pytest.raises(CoursewrightError, match=r'two things would be "search/index\.js"'):
        build(open_course(root))


def test_a_page_without_javascript_shows_no_field(course: Path) -> None:
    page = (course / "build/site/index.html").read_text(encoding="utf-8")
    assert '<div class="search"></div>' in page
    assert '<script src="search.js" defer></script>' in page


def test_its_words_are_in_the_language_of_the_course() -> None:
    assert '"search": "Suche"' in search_script("de-AT")
    assert '"language": ""' in search_script("de-AT")
    assert '"search": "Search"' in search_script("eu")
    assert '"language": "en"' in search_script("eu")


def searched(asked: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What Chromium finds."""
    chromium, node = shutil.which("chromium"), shutil.which("node")
    if not chromium or not node or not (NODE / "node_modules" / "playwright-core").is_dir():
        pytest.skip("needs chromium, nodejs and npm ci --prefix tests/node")
    done = subprocess.run(
        [node, str(NODE / "search.js"), chromium], input=json.dumps(asked), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    for each in found:
        assert (each["outside"], each["first"]) == ([], [])
        assert "missing" in each or each["errors"] == []
        assert each["focused"]
    return found


@pytest.fixture(scope="module")
def served(course: Path) -> Iterator[str]:
    """The address of the built site on a server."""
    handler = functools.partial(Quiet, directory=str(course / "build"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/site"
        server.shutdown()
        thread.join()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name that the library has
        """Say nothing."""


QUERIES = [
    "raikkonen", "cell one", "zebra", "zebra cross", '"crossing 7"', "Page 7", "pear", "sohne", "京都", "nowhere zebra",
    "script", "home 123456", "unseen", "evil", "odd head", "crossing c",
]  # fmt: skip


@pytest.mark.parametrize("where", ["folder", "server"])
def test_a_reader_finds_what_was_asked_for(course: Path, where: str, served: str) -> None:
    site = (course / "build/site").as_uri() if where == "folder" else served
    (found,) = searched([{"address": f"{site}/{quote('a [b] ü')}/evil.html", "asked": QUERIES}])
    told = dict(zip(QUERIES, found["asked"], strict=True))

    def first(query: str) -> tuple[str, str, list[str]]:
        top = told[query]["results"][0]
        leads = unquote(top["leads"]).removeprefix(unquote(f"{site}/"))
        return top["title"], leads, top["marked"]

    assert first("raikkonen") == ("Home of Räikkönen", "index.html", ["Räikkönen"])
    assert first("cell one") == ("Home of Räikkönen", "index.html", ["cell", "one", "cell"])
    assert first("zebra cross") == ("Page 0 > Row 0", "n-0.html#row-0", ["zebra", "crossing"])
    assert told["zebra"]["said"] == "Pages found: 61"
    assert len(told["zebra"]["results"]) == 10
    assert [result["title"] for result in told['"crossing 7"']["results"]] == ["Page 7 > Row 7"]
    assert first("Page 7")[:2] == ("Page 7", "n-7.html")
    assert first("pear")[:2] == ("Home of Räikkönen > Tables & more", "index.html#tables--more")
    assert first("sohne") == ('Bee & "Söhne"', "b.html", ["Söhne"])
    assert first("京都") == ("Page 0 > Row 0", "n-0.html#row-0", ["京都"])
    assert first("crossing c")[0] == "Page 0 > Row 0"  # one letter is a word that has only begun
    for nothing in ("nowhere zebra", "home 123456", "unseen", "evil"):
        assert (told[nothing]["results"], told[nothing]["said"]) == ([], "No page has all of these words")
    title, leads, marked = first("script")  # data that looks like HTML is text
    assert (title, marked) == ("<img src=x onerror=alert(1)> > Odd heading", ["script", "script"])
    assert leads == "a [b] ü/evil.html#odd-heading"
    assert told["script"]["results"][0]["text"] == "<script>alert(1)</script> zebra"
    assert found["keys"] == {
        "down": "Page 0 > Row 0", "down2": "Page 1 > Row 1", "up": "field", "escape": "field"
    }  # fmt: skip
    assert found["closed"]
    assert unquote(found["opened"]) == unquote(f"{site}/n-0.html#row-0")
    assert sum(len(each["loaded"]) for each in told.values()) < len(stamps(course)) + 1  # each once


def test_everybody_can_use_it(course: Path) -> None:
    address = (course / "build/site/index.html").as_uri()
    asked = [
        {"address": address, "asked": ["zebra"], "scheme": scheme, "width": width, "audit": True}
        for scheme in ("light", "dark")
        for width in (360, 1280)
    ]
    for found in searched(asked):
        assert found["violations"] == []
        assert found["over"] <= 0


def test_a_result_in_the_same_page_is_seen(course: Path) -> None:
    address = (course / "build/site/index.html").as_uri()
    (found,) = searched([{"address": address, "asked": ["pear"]}])
    assert found["opened"] == f"{address}#tables--more"  # and the results are closed


def test_a_piece_that_is_not_there_is_told(course: Path, tmp_path: Path) -> None:
    shutil.copytree(course / "build/site", tmp_path / "site")
    index, _ = in_site(course)
    for _, name in index["texts"]:
        (tmp_path / "site/search" / f"{name}.js").unlink()
    chromium_finds = {"address": (tmp_path / "site/index.html").as_uri(), "asked": ["nowhere"], "missing": "zebra"}
    (found,) = searched([chromium_finds])
    assert found["missing"] == "The search could not be loaded"
