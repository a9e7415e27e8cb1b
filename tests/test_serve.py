"""The preview of a course: what is saved is seen, what is wrong is shown, and nobody else is let in."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from coursewright.courses.serving.server import _Desk
from coursewright.courses.serving.watching import Watcher
from coursewright.errors import Place, Problem
from coursewright.sites.serving import Preview, SiteServer

NODE = Path(__file__).parent / "node"
FIGURE = """
import os, sys
sys.path.insert(0, os.path.dirname(__file__))
import colours
from coursewright.figures import Figure

def draw():
    return Figure(f'<svg xmlns="http://www.w3.org/2000/svg"><title>{colours.INK}</title></svg>', "words")
"""


@dataclass
class Served:
    """A course that is served by a process of its own."""

    root: Path
    process: subprocess.Popen[str]
    address: str
    now: str = ""
    seen: dict[str, Any] = field(default_factory=dict)

    def get(self, path: str, host: str | None = None, method: str = "GET") -> tuple[int, dict[str, str], str]:
        """What is answered."""
        port = int(self.address.rstrip("/").rpartition(":")[2])
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.request(method, path, headers={"Host": host} if host is not None else {})
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read().decode("utf-8", "replace")
        finally:
            connection.close()

    def until(self, holds: Callable[[dict[str, Any]], bool], *, wait: bool = True) -> dict[str, Any]:
        """The first news for which something holds: waited for as a page does, which loads at any of them."""
        load = False
        for _ in range(60):
            query = f"since={self.now}&page=/{'&wait=1' if wait else ''}"
            status, _, body = self.get(f"/.coursewright/news?{query}")
            wait = True
            if status != 200:
                break
            self.seen = json.loads(body)
            self.now, load = self.seen["now"], load or self.seen["load"]
            self.seen["load"] = load
            if holds(self.seen):
                return self.seen
        pytest.fail(f"never seen; last: {self.seen}")

    def settled(self) -> dict[str, Any]:
        """The news when nothing is being built."""
        return self.until(lambda news: not news["building"], wait=False)

    def changed(self) -> dict[str, Any]:
        """The news after the next build."""
        return self.until(lambda news: not news["building"])

    def save(self, name: str, text: str) -> dict[str, Any]:
        """Save a file, and wait for the build after it."""
        self.settled()
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return self.changed()


@pytest.fixture
def serving() -> Iterator[Callable[..., Served]]:
    """A function that serves a course."""
    with_ends: list[subprocess.Popen[str]] = []

    def start(root: Path, *options: str, **more: str) -> Served:
        process = subprocess.Popen(
            [sys.executable, "-m", "coursewright", "serve", str(root), *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **more},
        )
        with_ends.append(process)
        assert process.stdout is not None
        return Served(root, process, process.stdout.readline().strip())

    yield start
    for process in with_ends:
        process.kill()
        process.communicate()


def test_what_is_saved_is_seen(make_course: Any, serving: Any) -> None:
    served = serving(make_course({"pages/index.md": "# Hello\n\n```{table} sales\n```\n"}))
    served.settled()
    assert "Hello" in served.get("/")[2]
    # a page, and the data that it is made from
    assert served.save("pages/index.md", "# Good day\n\n```{table} sales\n```\n")["load"]
    assert "Good day" in served.get("/")[2]
    assert served.save("data/sales.csv", "year,fruit,tonnes\n2024,quince,3\n")["load"]
    assert "quince" in served.get("/index.html")[2]
    # a page that is added, one that moves, one that goes
    served.save("pages/deep/b.md", "# Bee\n")
    assert "Bee" in served.get("/deep/b.html")[2]
    (served.root / "pages/deep/b.md").rename(served.root / "pages/deep/c.md")
    served.changed()
    assert (served.get("/deep/b.html")[0], served.get("/deep/c.html")[0]) == (404, 200)
    (served.root / "pages/deep/c.md").unlink()
    served.changed()
    assert served.get("/deep/c.html")[0] == 404
    # course.toml itself
    text = (served.root / "course.toml").read_text(encoding="utf-8")
    served.save("course.toml", text.replace('"Fruit"', '"Vegetables"'))
    assert "Vegetables" in served.get("/")[2]
    # nothing of the preview is in the site
    assert ".coursewright" in served.get("/")[2]
    assert ".coursewright" not in (served.root / "build/site/index.html").read_text(encoding="utf-8")


def test_a_problem_is_shown_over_the_last_good_page(make_course: Any, serving: Any) -> None:
    served = serving(make_course({"pages/index.md": "# Hello\n", "pages/other.md": "# Other\n"}))
    served.settled()
    news = served.save("pages/index.md", "# Hello\n\n```{table} sails\n```\n")
    assert news["load"] is False
    assert news["problems"] == [
        {
            "message": 'no table called "sails"',
            "where": f"{served.root}/pages/index.md:3, {{table}}",
            "hint": 'did you mean "sales"? Available: sales',
        }
    ]
    assert served.get("/")[0] == 200
    course = (served.root / "course.toml").read_text(encoding="utf-8")
    assert served.save("course.toml", "[course\n")["problems"][0]["where"] == f"{served.root}/course.toml:1"
    (served.root / "course.toml").unlink()
    said = served.changed()["problems"][0]["message"]
    assert said == f'no course.toml in "{served.root}"'
    served.save("course.toml", course)
    assert served.save("pages/index.md", "# Hello\n") == {
        "now": served.now,
        "load": False,  # it is what it was when it was last seen
        "building": False,
        "problems": [],
    }


def test_a_course_that_is_broken_at_the_start_is_served(make_course: Any, serving: Any) -> None:
    served = serving(make_course({"course.toml": "[course]\n", "pages/index.md": "# Hello\n"}))
    assert served.settled()["problems"][0]["message"] == 'the key "title" is missing'
    status, _, page = served.get("/")
    assert (status, "No page yet" in page, "live.js" in page) == (404, True, True)
    assert served.save("course.toml", '[course]\ntitle = "T"\n')["load"]
    assert "Hello" in served.get("/")[2]


SLOW = """
import time
from pathlib import Path
from coursewright.figures import Figure

def draw(sales):
    while Path("GATE").exists():
        time.sleep(0.02)
    assert sales.fruit[0] != "medlar"
    return Figure('<svg xmlns="http://www.w3.org/2000/svg"/>', f"Drawn of {sales.fruit[0]}")
"""


def test_the_page_that_is_looked_at_is_seen_before_the_others_are_made(
    make_course: Any, serving: Any, tmp_path: Path
) -> None:
    table = "```{table}\nSELECT fruit FROM sales\n```\n"
    files = {
        "pages/a.md": "# A\n\n```{figure} slow\n```\n",
        "pages/index.md": f"# Start\n\n[](a.md)\n\n{table}",
        "figures/slow.py": SLOW.replace("GATE", str(tmp_path / "gate")),
    }
    served = serving(make_course(files))
    served.settled()
    (tmp_path / "gate").touch()
    served.settled()
    (served.root / "data/sales.csv").write_text("year,fruit,tonnes\n2024,quince,3\n")
    news = served.until(lambda news: news["load"])
    assert (news["building"], "quince" in served.get("/")[2], "quince" in served.get("/a.html")[2]) == (
        True,
        True,
        False,
    )
    assert "quince" not in (served.root / "build/site/index.html").read_text()
    (tmp_path / "gate").unlink()
    assert not served.changed()["load"]  # it is what was seen
    assert ["quince" in served.get(page)[2] for page in ("/", "/a.html")] == [True, True]
    # where another page is wrong, all is as it was
    (tmp_path / "gate").touch()
    (served.root / "data/sales.csv").write_text("year,fruits,fruit\n2024,3,medlar\n")
    served.until(lambda news: news["load"])
    assert "medlar" in served.get("/")[2]
    (tmp_path / "gate").unlink()
    news = served.until(lambda news: bool(news["problems"]))
    assert (news["load"], "medlar" in served.get("/")[2]) == (True, False)


def test_files_that_pages_read_are_noticed_wherever_they_are(make_course: Any, serving: Any, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    outside = tmp_path / "elsewhere" / "more.csv"
    outside.write_text("a\nfirst\n")
    table = f"```{{table}}\nSELECT * FROM read_csv('{outside}')\n```"
    root = make_course(
        {
            "pages/index.md": f"# A\n\n{table}\n\n```{{figure}} words\n```\n",
            "figures/words.py": FIGURE,
            "figures/colours.py": "INK = 'black'\n",
        }
    )
    served = serving(root)
    served.settled()
    assert "first" in served.get("/")[2]
    new = tmp_path / "elsewhere" / "new.csv"
    new.write_text("a\nsecond\n")
    new.rename(outside)  # as editors save
    served.until(lambda news: not news["building"] and "second" in served.get("/")[2])
    # a module that a figure imports, twice in a moment
    for ink in ("red", "tan"):
        served.save("figures/colours.py", f"INK = '{ink}'\n")
        while ink not in served.get("/index/words.svg")[2]:
            served.changed()  # what ended was a build of what had been saved before


def test_a_module_that_nobody_told_of_yet_is_read_again(make_course: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.setattr(sys, "path", [*sys.path])
    files = {
        "pages/index.md": "# A\n\n```{figure} words\n```\n",
        "figures/words.py": FIGURE.replace("colours", "tints"),
    }
    root = make_course({**files, "figures/tints.py": "INK = 'black'\n"})
    desk = _Desk(root, {}, Preview(), lambda: nullcontext(lambda _what, _done, _of: None))
    for ink in ("black", "red", "tan"):
        (root / "figures/tints.py").write_text(f"INK = '{ink}'\n")
        assert desk.build(frozenset()).problems == ()
        assert ink in (root / "build/site/index/words.svg").read_text()


@pytest.mark.parametrize(
    ("path", "host", "status"),
    [
        ("/", "127.0.0.1:{port}", 200),
        ("/", "LOCALHOST:{port}", 200),
        ("/", "evil.example:{port}", 403),
        ("/", "evil.example", 403),
        ("/", "127.0.0.1", 403),
        ("/", "", 403),
        ("/", "127.0.0.1:1", 403),
        ("/.coursewright/news?since=x", "evil.example:{port}", 403),
        ("/../secret.txt", None, 404),
        ("/%2e%2e/secret.txt", None, 404),
        ("/..%2fsecret.txt", None, 404),
        ("/a%2f..%2f..%2fsecret.txt", None, 404),
        ("/..%5csecret.txt", None, 404),
        ("//etc/passwd", None, 404),
        ("/link.txt", None, 404),
        ("/.hidden", None, 404),
        ("/x%00y", None, 404),
        ("/" + "x" * 300, None, 404),
        ("/%ff", None, 404),
        ("/empty/", None, 404),
        ("/empty", None, 301),
        ("/a%20%5Bb%5D%20%C3%BC.html", None, 200),
        ("/index.html?x=1", None, 200),
    ],
)
def test_nobody_gets_what_is_not_the_site(tmp_path: Path, path: str, host: str | None, status: int) -> None:
    (tmp_path / "secret.txt").write_text("a word")
    site = tmp_path / "site"
    (site / "empty").mkdir(parents=True)
    for name in ("index.html", ".hidden", "a [b] ü.html"):
        (site / name).write_text("here")
    (site / "link.txt").symlink_to(tmp_path / "secret.txt")
    server = SiteServer(site, preview=Preview())
    with server.running():
        served = Served(site, None, server.address)
        host = host if host is None else host.format(port=server.server_port)
        found, headers, body = served.get(path, host)
    assert found == status
    assert "a word" not in body
    assert headers.get("Location", "/empty/") == "/empty/"
    assert headers["Cache-Control"] == "no-store"


def test_only_reading_is_answered_and_a_head_has_no_body(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("here")
    server = SiteServer(tmp_path)
    with server.running():
        served = Served(tmp_path, None, server.address)
        assert served.get("/", method="POST")[0] == 501
        assert served.get("/")[2] == "here"
        status, headers, body = served.get("/", method="HEAD")
        assert (status, headers["Content-Length"], headers["Content-Type"], body) == (
            200, "4", "text/html; charset=utf-8", "",
        )  # fmt: skip
        with pytest.raises(Exception, match=f"port {server.server_port} cannot be used: Address already in use"):
            SiteServer(tmp_path, server.server_port)
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", server.server_port))


def test_a_page_is_loaded_again_when_something_of_it_changed() -> None:
    preview = Preview()
    start = preview.now

    def loads(since: str, page: str) -> bool:
        news = preview.news(since, page, wait=False)
        assert news
        return news.load

    preview.built(["a.html"])
    assert (loads(start, "a.html"), loads(start, "b.html")) == (True, False)
    second = preview.now
    preview.failed([Problem("m", Place("f", 3), "h")])
    assert not loads(second, "a.html")
    preview.built(["style.css"])
    assert loads(second, "b.html")
    assert not loads(preview.now, "b.html")
    assert loads("", "b.html")
    assert loads("another-3", "b.html")
    assert not loads(f"{preview.now}0", "b.html")  # a moment that is not yet
    preview.close()
    assert preview.news(preview.now, "b.html", wait=True) is None


def test_several_saves_are_one_and_what_editors_leave_is_none(tmp_path: Path) -> None:
    for name in ("pages", "build", "data"):
        (tmp_path / name).mkdir()
    (tmp_path / "outside").mkdir()
    root = tmp_path / "course"
    for name in ("pages", "build", ".git"):
        (root / name).mkdir(parents=True)
    with Watcher(root) as watcher:
        for name in ("pages/.a.md.swp", "pages/a.md~", "pages/4913", "pages/#a.md#", "build/x", ".git/index"):
            (root / name).write_text("x")
        for name in ("pages/a.md", "pages/b.md", "course.toml"):
            (root / name).write_text("x")
        expected = {root / name for name in ("pages/a.md", "pages/b.md", "course.toml")}
        found = set(watcher.wait())
        while found < expected:
            found |= watcher.wait()
        assert found == expected
        # a new folder, what is below it, and a file elsewhere
        (root / "data").mkdir()
        assert root / "data" in watcher.wait()
        (root / "data/deep").mkdir()
        assert watcher.wait() == {root / "data/deep"}
        assert watcher.follow(["pages/a.md", "environment:HOME", tmp_path / "outside/y.csv"])
        assert not watcher.follow(["pages/a.md", tmp_path / "outside/y.csv"])
        (tmp_path / "outside/other.csv").write_text("x")
        (tmp_path / "outside/y.csv").write_text("x")
        assert watcher.wait() == {tmp_path / "outside/y.csv"}


def test_the_browser_is_opened_and_ctrl_c_leaves_no_trace(make_course: Any, serving: Any, tmp_path: Path) -> None:
    opened = tmp_path / "opened"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > "{opened}"\n')
    browser.chmod(0o755)
    served = serving(make_course({"pages/index.md": "# A\n"}), "--open", BROWSER=str(browser))
    served.settled()
    assert opened.read_text().strip() == served.address
    served.process.send_signal(signal.SIGINT)
    out, error = served.process.communicate(timeout=60)
    assert (served.process.returncode, out) == (130, "")
    assert "Traceback" not in error
    first, *rest = error.splitlines()
    assert first == "Press Ctrl-C to stop."
    assert rest[0].startswith("built: 1 page, 1 of them executed, ")
    assert sorted(path.name for path in (served.root / "build").iterdir()) == [".cache", ".coursewright", "site"]


def test_where_there_is_no_course_nothing_is_served(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "coursewright", "serve", str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f'error: no course.toml in "{tmp_path}" or above it\n')


def test_a_reader_sees_the_change_where_they_were(make_course: Any, serving: Any) -> None:
    chromium, node = shutil.which("chromium"), shutil.which("node")
    if not chromium or not node or not (NODE / "node_modules" / "playwright-core").is_dir():
        pytest.skip("needs chromium, nodejs and npm ci --prefix tests/node")
    lines = "\n\n".join(f"Line {number}." for number in range(60))
    served = serving(make_course({"pages/index.md": f"# Top\n\n{lines}\n\n## Far\n\n{lines}\n"}))
    served.settled()
    command = [node, str(NODE / "preview.js"), chromium, served.address, str(served.root / "pages/index.md")]
    shot = os.environ.get("SHOT")
    done = subprocess.run([*command, *([shot] if shot else [])], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["errors"], found["outside"]) == ([], [])
    assert found["before"] == pytest.approx(40, abs=1)
    assert found["after"] == pytest.approx(found["before"], abs=2)
    assert (found["loadsAfter"], found["loadsBroken"], found["loads"]) == (2, 2, 3)
    assert "One problem: the page is as it was built last" in found["problem"]
    assert 'no table called "nowhere"' in found["problem"]
    assert "pages/index.md:" in found["problem"]
    assert "Available: sales" in found["problem"]
    assert found["still"]
    assert found["end"] == ""
