"""A site without a network: what was read of it is there again, and never beside files of another edition."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from coursewright.courses import build, open_course
from coursewright.errors import MissingPart
from coursewright.labels import known
from coursewright.sites.runtimes.parts import part
from coursewright.sites.serving import Preview, SiteServer
from running import NODE, needs_parts

pytest.importorskip("ipykernel", reason='pip install "coursewright[notebooks]"')

COURSE = """\
[course]
title = "Rain & snow"

[parameters]
year = { default = 2019, choices = [2019, 2020], label = "Year" }

[tables]
rain = "data/rain.csv"

[runtimes]
here = true
"""
RETOLD = """\
# Rain

```{form}
```

```{tell}
:rows: told
origin: "#town# had #rain# mm in #year#"
```
"""
FILES = {
    "course.toml": COURSE,
    "data/rain.csv": "year,town,rain\n2019,Bergen,2250\n2020,Oslo,763\n",
    "pages/index.md": "# Front\n\nThe first edition.\n",
    "pages/week/ü.md": "# Two\n\n```{code-cell} python\nprint(6 * 7)\n```\n",
    "pages/rain.md": RETOLD.replace(":rows: told", "").replace("```{tell}", "```{tell} rain").replace(
        'origin: "#town# had #rain# mm in #year#"', "SELECT town, rain, year FROM rain WHERE year = :year"
    ),
    "pages/other.md": "# Other\n\nNobody reads glaciology.\n",
    "grammars/rain.yaml": 'origin: "#town# had #rain# mm in #year#"\n',
}  # fmt: skip
CONTROLLED = "navigator.serviceWorker.controller"
RUN_DONE = "/^Done/.test(document.querySelector('.cell .run-status').textContent)"
TOLD = "/^Told/.test(document.querySelector('.retell p').textContent)"
REGISTERED = "navigator.serviceWorker.getRegistration()"
NAMES = "caches.keys().then(names => names.map(name => name.replace(/ \\w+$/, '')))"


def course_of(root: Path, **changed: str) -> Path:
    for name, text in {**FILES, **changed}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    build(open_course(root), only=["site"])
    return root


@pytest.fixture(scope="module")
def editions(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str, str]:
    """Two editions of a course, and another course, each built."""
    needs_parts()
    try:
        part("duckdb"), part("arrow")
    except MissingPart as error:
        pytest.skip(str(error))
    root = tmp_path_factory.mktemp("offline") / "a [b] ü"
    course_of(root)
    shutil.copytree(root / "build/site", root.parent / "first")
    changed = FILES["pages/index.md"].replace("first", "second")
    course_of(root, **{"pages/index.md": changed, "pages/other.md": "# Other\n\nNow by others.\n"})
    own = ":root { --link: light-dark(#123456, #ffffff) }\n"
    (root / "build/site/style.css").write_text("", encoding="utf-8")  # a file of ours that somebody wrote into
    course_of(
        root,
        **{
            "course.toml": f'{COURSE}\n[site]\ncss = "own.css"\n',
            "own.css": own,
            "pages/index.md": changed,
            "pages/other.md": "# Other\n\nNow by others.\n",
        },
    )
    shutil.copytree(root / "build/site", root.parent / "second")
    other = course_of(root.parent / "other")
    return str(root.parent / "first"), str(root.parent / "second"), str(other / "build/site")


def browse(folders: dict[str, str], *steps: list[Any], before: str = "") -> list[Any]:
    """What each step gave."""
    chromium, node = shutil.which("chromium"), shutil.which("node")
    if not chromium or not node or not (NODE / "node_modules" / "playwright-core").is_dir():
        pytest.skip("needs a browser and Node.js: install chromium and nodejs; npm ci --prefix tests/node")
    asked = {"executable": chromium, "folders": folders, "steps": steps, "before": before}
    command = [node, str(NODE / "offline.js")]
    done = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["errors"] == []
    return list(found["gave"])


def has(name: str) -> list[Any]:
    """Wait until this is kept, which nobody who reads it waits for."""
    kept = f"cache.keys().then(all => all.some(each => each.url.includes('{name}')))"
    every = f"Promise.all(names.map(name => caches.open(name).then(cache => {kept})))"
    return ["until", f"caches.keys().then(names => {every}).then(all => all.some(Boolean))"]


def test_what_was_read_run_and_told_is_there_without_a_network(editions: tuple[str, str, str]) -> None:
    gave = browse(
        {"/course/": editions[0]},
        ["goto", "/course/rain.html"], ["until", CONTROLLED],
        ["choose", ".retell select", "2020"], ["press", ".retell button"], ["until", TOLD, 4],
        ["goto", "/course/week/ü.html"], ["press", ".cell .run-bar button"], ["until", RUN_DONE, 4],
        has("pyodide.asm.wasm"), ["kept"], ["off"],
        ["goto", "/course/"], ["text", "main p"],
        ["goto", "/course/week/ü.html"], ["press", ".cell .run-bar button"], ["until", RUN_DONE, 4],
        ["text", ".readers"], ["goto", "/course/rain.html?year=2020"], ["until", TOLD, 4], ["text", "[data-retold]"],
        ["fill", ".search input", "glaciology"], ["evaluate", "1"],
        ["until", "document.querySelector('.search').innerText.includes('Other')"],
        ["goto", "/course/other.html"], ["text", "p"], ["evaluate", "document.title"],
        ["on"], ["reload"], ["text", "main p"],
    )  # fmt: skip
    kept = gave[9]
    (name,) = kept
    assert name.startswith("coursewright-offline /course/ ")
    assert "/course/rain.html" in kept[name]
    assert any("pyodide.asm.wasm" in each for each in kept[name])
    assert not any("webr" in each or "other.html" in each for each in kept[name])
    assert (gave[11], gave[12]) == (200, ["The first edition."])
    assert (gave[16], gave[19]) == (["42\n"], ["Oslo had 763 mm in 2020"])
    assert gave[23:26] == [503, ["This page was not kept in this browser, and there is no network."], "Rain & snow"]
    assert gave[27:] == [200, ["Nobody reads glaciology."]]


def test_what_is_large_is_read_while_it_comes_and_kept_if_it_is_whole(
    editions: tuple[str, str, str], tmp_path: Path
) -> None:
    folder = tmp_path / "site"
    shutil.copytree(editions[0], folder)
    (engine,), (table,) = (folder.glob(f"retelling/*.{kind}.gz") for kind in ("wasm", "arrow"))
    table.write_bytes(b"of somebody else")
    first, second = f"/retelling/{engine.name}", f"/retelling/{table.name}"
    begun = f"fetch('{first}').then(answer => answer.body.getReader().read()).then(({{ done }}) => done)"
    gave = browse(
        {"/": str(folder)},
        ["goto", "/rain.html"], ["until", CONTROLLED], ["hold", first],
        ["evaluate", f"Promise.race([{begun}, new Promise(late => setTimeout(late, 20000))])"],
        ["free", first], has(engine.name),
        ["evaluate", f"fetch('{second}').then(answer => answer.text())"], ["kept"],
    )  # fmt: skip
    assert (gave[3], gave[6]) == (False, "of somebody else")
    assert not any(table.name in each for names in gave[7].values() for each in names)


def whole(*folders: str) -> list[str]:
    """Wait until the editions in these folders are kept whole, and no others, and all of `/course/`."""
    editions = [json.loads((Path(folder) / "offline.json").read_bytes())["edition"] for folder in folders]
    names = json.dumps(sorted(f"coursewright-offline /course/ {edition}" for edition in editions))
    found = "all.filter(each => each.includes('/course/')).sort()"
    lists = f"{names}.map(name => caches.open(name).then(each => each.match('/course/offline.json')))"
    kept = f"caches.keys().then(all => JSON.stringify({found}) === JSON.stringify({names}))"
    return ["until", f"Promise.all([{kept}, ...{lists}]).then(all => all.every(Boolean))"]


CSS = "getComputedStyle(document.documentElement).getPropertyValue('--link').includes('#123456')"
SHOWS = ["evaluate", f"[document.querySelector('main p').textContent, {CSS}]"]
ONE, TWO = ["The first edition.", False], ["The second edition.", True]


def said(gave: list[Any]) -> list[Any]:
    return [each for each in gave if each is not None and not isinstance(each, int)]


def test_a_new_edition_takes_the_place_of_the_one_before_when_nobody_reads_that(editions: tuple[str, str, str]) -> None:
    first, second, other = editions
    gave = browse(
        {"/course/": first, "/other/": other},
        ["goto", "/other/"], ["until", CONTROLLED], ["goto", "/other/other.html"],
        ["goto", "/course/"], ["until", CONTROLLED], ["goto", "/course/other.html"], ["goto", "/course/"], SHOWS,
        ["tab"], ["goto", "/course/week/ü.html"],
        # 1. published: who is online has the new page at once, and who reads the old one keeps to it
        ["becomes", "/course/", second], ["turn", 0], ["reload"], SHOWS, ["goto", "/course/rain.html"],
        whole(first, second), ["turn", 1], ["evaluate", "fetch('../site.js').then(answer => answer.status)"],
        ["evaluate", "fetch('../search/index.js').then(answer => answer.text())"],
        ["evaluate", "fetch('../other.html').then(answer => answer.text())"],
        # 2. without a network there is the old one, whole, as long as it is open
        ["off"], ["turn", 0], ["goto", "/course/"], SHOWS,
        # 3. who comes again has the new one, with the pages that were read while its worker waited
        ["again"], ["goto", "/course/"], SHOWS, whole(second), ["goto", "/course/other.html"], ["text", "main p"],
        ["goto", "/course/rain.html"], ["goto", "/other/other.html"], ["text", "main p"], ["evaluate", NAMES],
    )  # fmt: skip
    index = (Path(first) / "search/index.js").read_text(encoding="utf-8")
    assert index != (Path(second) / "search/index.js").read_text(encoding="utf-8")
    shown = said(gave)
    assert shown[:3] == [ONE, TWO, index]
    assert "Nobody reads glaciology." in shown[3]
    assert shown[4:8] == [ONE, TWO, ["Now by others."], ["Nobody reads glaciology."]]
    assert sorted(shown[8]) == ["coursewright-offline /course/", "coursewright-offline /other/"]
    assert 503 not in gave


def test_an_edition_is_withdrawn_and_one_that_does_not_come_whole_is_not_kept(editions: tuple[str, str, str]) -> None:
    first, second, _ = editions
    settled = ["until", f"{REGISTERED}.then(found => !found.installing)"]
    gave = browse(
        {"/course/": first},
        ["goto", "/course/"], ["until", CONTROLLED], ["goto", "/course/other.html"], ["goto", "/course/"],
        # 1. a file of the new one is missing: the old one stays
        ["break", "/course/other.html"], ["becomes", "/course/", second], ["reload"], SHOWS, settled, whole(first),
        ["off"], ["again"], ["goto", "/course/other.html"], ["text", "main p"], ["goto", "/course/"], SHOWS,
        # 2. it comes, and is withdrawn before anybody has it
        ["on"], ["mend", "/course/other.html"], ["reload"], SHOWS, whole(first, second),
        ["becomes", "/course/", first], ["reload"], SHOWS, settled,
        ["again"], ["goto", "/course/"], SHOWS, ["off"], ["again"], ["goto", "/course/other.html"], ["text", "main p"],
        whole(first),
        # 3. it is published after all, and withdrawn when readers have it
        ["on"], ["becomes", "/course/", second], ["again"], ["goto", "/course/"], SHOWS, whole(first, second),
        ["again"], ["goto", "/course/"], SHOWS, whole(second),
        ["becomes", "/course/", first], ["reload"], SHOWS, whole(first, second),
        ["off"], ["again"], ["goto", "/course/"], SHOWS, whole(first),
    )  # fmt: skip
    glaciology = ["Nobody reads glaciology."]
    assert said(gave) == [TWO, glaciology, ONE, TWO, ONE, ONE, glaciology, TWO, TWO, ONE, ONE]


@pytest.mark.parametrize(
    "before",
    [
        "CacheStorage.prototype.open = () => Promise.reject(new DOMException('no', 'SecurityError'))",
        "Object.defineProperty(navigator, 'serviceWorker', { value: undefined })",
        "navigator.serviceWorker.register = () => Promise.reject(new DOMException('no', 'SecurityError'))",
    ],
)
def test_where_nothing_can_be_kept_the_site_is_as_it_was(editions: tuple[str, str, str], before: str) -> None:
    gave = browse(
        {"/": editions[0]},
        ["goto", "/week/ü.html"], ["press", ".cell .run-bar button"], ["until", RUN_DONE, 4], ["text", ".readers"],
        before=before,
    )  # fmt: skip
    assert gave[3] == ["42\n"]


def test_a_shell_that_does_not_come_whole_keeps_nothing(editions: tuple[str, str, str]) -> None:
    ended = (
        "navigator.serviceWorker.register('/offline.js', { updateViaCache: 'none' }).then(({ installing }) => "
        "new Promise(done => installing.addEventListener('statechange', () => done(installing.state))))"
    )
    gave = browse(
        {"/": editions[0]},
        ["break", "/search.js"], ["goto", "/"], ["evaluate", ended], ["evaluate", "caches.keys()"],
        ["mend", "/search.js"], ["reload"], ["until", CONTROLLED], ["evaluate", NAMES],
    )  # fmt: skip
    assert gave[2:4] == ["redundant", []]
    assert gave[7] == ["coursewright-offline /"]


def test_a_preview_is_never_kept_and_lets_go_what_was(editions: tuple[str, str, str]) -> None:
    preview = Preview()
    server = SiteServer(Path(editions[1]), preview=preview)
    with server.running():
        gave = browse(
            {"/": editions[0]},
            ["goto", "/"], ["until", CONTROLLED], ["text", "main p"],
            ["becomes", "/", server.address], ["goto", "/"], ["text", "main p"],
            ["until", "caches.keys().then(names => !names.length)"],
            ["until", "navigator.serviceWorker.getRegistration('/').then(found => !found)"],
            ["reload"], ["evaluate", "navigator.serviceWorker.controller"],
            ["until", "caches.keys().then(names => !names.length)"],  # what went on for a moment has kept some more
            ["evaluate", "fetch('offline.js').then(answer => answer.status)"],
        )  # fmt: skip
    assert (gave[2], gave[5]) == (["The first edition."], ["The second edition."])
    assert (gave[9], gave[11]) == (None, 404)


def test_a_site_that_keeps_nothing_any_more_has_browsers_let_go(editions: tuple[str, str, str], tmp_path: Path) -> None:
    root = course_of(tmp_path, **{"course.toml": COURSE + "offline = false\n"})
    assert not (root / "build/site/offline.js").exists()
    gave = browse(
        {"/": editions[0]},
        ["goto", "/"], ["until", CONTROLLED], ["becomes", "/", str(root / "build/site")], ["goto", "/"],
        ["until", "caches.keys().then(names => !names.length)"], ["reload"],
        ["evaluate", "navigator.serviceWorker.controller"],
    )  # fmt: skip
    assert gave[6] is None


def test_the_list_has_the_hashes_of_the_files_and_changes_with_them(tmp_path: Path) -> None:
    """An edition is another one if any file is, and the same if none is."""
    root = course_of(tmp_path)

    def listed() -> tuple[str, dict[str, str]]:
        found = json.loads((root / "build/site/offline.json").read_bytes())
        assert json.dumps(found["edition"]) in (root / "build/site/offline.js").read_text(encoding="utf-8")
        return found["edition"], found["files"]

    first, files = listed()
    for path, was in files.items():
        content = (root / "build/site" / path).read_bytes()
        assert hashlib.sha256(content).hexdigest()[:16] == was
    assert "offline.js" not in files
    build(open_course(root), only=["site"], force=True)
    assert listed() == (first, files)
    course_of(root, **{"pages/other.md": "# Other\n\nNow by others.\n"})
    second, changed = listed()
    assert second != first
    assert files["week/ü.html"] == changed["week/ü.html"]
    now = hashlib.sha256((root / "build/site/other.html").read_bytes()).hexdigest()[:16]
    assert files["other.html"] != changed["other.html"] == now
    build(open_course(root), only=["site"], preview=True)
    assert not (root / "build/site/offline.js").exists()


def test_every_language_says_that_a_page_was_not_kept() -> None:
    assert all(words["unkept"] for words in known("sites").values())
