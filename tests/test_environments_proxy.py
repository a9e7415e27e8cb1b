"""Web services behind Jupyter's one port: what is written for jupyter-server-proxy, and what then happens."""

from __future__ import annotations

import ast
import base64
import hashlib
import http.client
import http.cookiejar
import json
import os
import pwd
import re
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import psutil
import pytest

from coursewright.environments import read_environment
from coursewright.environments.runtime import passage
from coursewright.environments.runtime.discreet import without_token
from coursewright.environments.runtime.own import lead_to_own, listeners
from coursewright.environments.runtime.passage import LARGE
from coursewright.environments.runtime.program import Proxy, ServiceProgram
from coursewright.environments.runtime.proxy import check_path, jupyter_config
from coursewright.environments.runtime.rewrite import below
from coursewright.errors import CoursewrightError
from jupyters import JUPYTER, Jupyter, folder_of_its_own, free_port, jupyter, needs_jupyter, program
from servers import _user

# A web service that leads astray in every way: with its own host, from the root, and to others on purpose.
STAND_IN = """
import sys, tornado.httpserver, tornado.ioloop, tornado.netutil, tornado.web, tornado.websocket
port = int(sys.argv[1])

class Redirect(tornado.web.RequestHandler):
    def get(self, to):
        self.set_status(302)
        self.set_header("Location", {
            "own": f"http://127.0.0.1:{port}/project?project=1",
            "host": f"http://{self.request.host}/project?project=1",
            "root": "/project?project=1",
            "outside": "https://example.org/project",
        }[to])

class Page(tornado.web.RequestHandler):
    def get(self):
        self.write(f'<link href="/static/a.css"><a href="/elsewhere">{self.request.host}</a>')

class Told(tornado.web.RequestHandler):
    def get(self):
        told = {name: self.request.headers.get(name) for name in ("Cookie", "Authorization", "Referer")}
        self.write({**told, "uri": self.request.uri})

class Large(tornado.web.RequestHandler):
    async def get(self, how):
        self.set_header("Content-Type", "application/x-of-its-own")
        if how == "counted":
            self.set_header("Content-Length", "110000000")
        for place in range(110):
            self.write(bytes([place]) * 1_000_000)
            await self.flush()
            if how == "broken" and place == 30:
                self.request.connection.stream.close()
    def put(self, how):
        self.write(str(len(self.request.body)))

class Script(tornado.web.RequestHandler):
    def get(self):
        self.set_header("Content-Type", "text/javascript")
        self.write(b"'/static/a'" + b" " * 10_000_000)

class Echo(tornado.websocket.WebSocketHandler):
    def select_subprotocol(self, offered):
        return next((one for one in offered if one.startswith("v2")), None)
    def open(self):
        self.write_message("hello")
    def on_message(self, message):
        self.write_message(f"{message} back")

application = tornado.web.Application([
    (r"(?:/deep/er)?/redirect/(.*)", Redirect), ("/echo", Echo), ("/told", Told), ("/large/(.*)", Large),
    ("/script", Script), ("/.*", Page),
])
server = tornado.httpserver.HTTPServer(application, max_buffer_size=2**30, max_body_size=2**30)
server.listen(port, "127.0.0.1")
server.add_socket(tornado.netutil.bind_unix_socket(sys.argv[2]))
tornado.ioloop.IOLoop.current().start()
"""

SOCKET = """
import asyncio, json, sys, tornado.httpclient, tornado.websocket
async def main(address, token, offers):
    for offered in json.loads(offers):
        request = tornado.httpclient.HTTPRequest(address, headers={"Authorization": f"token {token}"})
        socket = await tornado.websocket.websocket_connect(request, subprotocols=offered)
        await socket.write_message("there and")
        print(await socket.read_message(), await socket.read_message(), socket.selected_subprotocol)
        socket.close()
asyncio.run(main(*sys.argv[1:]))
"""


USER = _user() if os.geteuid() == 0 else ""


def web(port: int, **proxy: Any) -> ServiceProgram:
    return ServiceProgram("web", ("web",), {}, "/nowhere/web", USER, port, path="/web/", proxy=Proxy(**proxy))


def read(text: str) -> dict[str, Any]:
    """The settings of a configuration file, by running it as Jupyter does."""

    class Settings(dict[str, Any]):
        __setattr__ = dict.__setitem__

        def __getattr__(self, name: str) -> Any:
            return self.setdefault(name, Settings())

    settings = Settings()
    exec(compile(text, "jupyter_server_config.py", "exec"), {"c": settings})  # noqa: S102 - our own text
    return settings


def test_only_services_with_a_path_are_shown_with_the_ports_that_were_found() -> None:
    others = [
        ServiceProgram(name, (name,), {}, "/nowhere", port=port)
        for name, port in (("jupyter", 8888), ("postgres", 5432))
    ]
    settings = read(jupyter_config([*others, web(40001, host="127.0.0.1:40001")]))
    (entry,) = settings["ServerProxy"]["servers"].items()
    assert entry[0] == "web"
    assert (entry[1]["port"], entry[1]["command"], entry[1]["absolute_url"]) == (40001, [], False)
    assert entry[1]["request_headers_override"] == {"Host": "127.0.0.1:40001"}
    assert entry[1]["launcher_entry"] == {"title": "web", "path_info": "web/"}


@pytest.mark.parametrize("title", ['it\'s "R" \\ {port}\n', "''' + x + '''", "Ουλάν 🪐", "c.ServerApp.token = ''"])
def test_a_title_stays_a_title(title: str) -> None:
    text = jupyter_config([web(3333, title=title, icon="/a 'b'.svg")])
    launcher = read(text)["ServerProxy"]["servers"]["web"]["launcher_entry"]
    assert (launcher["title"], launcher["icon_path"]) == (title, "/a 'b'.svg")


def test_nothing_in_it_weakens_jupyter() -> None:
    text = jupyter_config([web(3333)], ip="0.0.0.0")  # noqa: S104 - as in an image
    settings = read(text)["ServerApp"]
    assert settings["ip"] == "0.0.0.0"  # noqa: S104 - as in an image
    assert settings["disable_check_xsrf"] is False
    names = {node.attr for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Attribute)}
    assert not names & {"token", "password", "base_url", "allow_root", "allow_origin", "host_allowlist"}


@pytest.mark.parametrize("path", ["/lab/", "/API/", "/", "/a b/", "/a/b/", "/(.*)/"])
def test_a_path_that_cannot_be_one_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f'"{path}" is ')):
        check_path(path)


class Answer:
    """What jupyter-server-proxy hands over."""

    def __init__(self, body: bytes = b"", **headers: str) -> None:
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        self.body = body
        self.host, self.path = "hub.example.org", ""

    def asked(self, path: str) -> Answer:
        """As the answer to this request, it is the request too."""
        self.path = path
        return self


PLACES = [
    # the request, what the service saw of it, where it sends to; where the browser goes
    ("/web/a", "/a", "http://127.0.0.1:1/b?c=d#e", "/web/b?c=d#e"),
    ("/web/a/b/c", "/a/b/c", "http://localhost:1/d", "/web/d"),
    ("/user/x/web/a/", "/a/", "/b", "/user/x/web/b"),
    ("/user/web/web/a", "/a", "http://hub.example.org/b", "/user/web/web/b"),
    ("/user/x/web/", "/", "/", "/user/x/web/"),
    ("/user/x%40y/web/a%20b/c", "/a b/c", "/d", "/user/x%40y/web/d"),
    ("/web/a", "/a", "/web/b", "/web/b"),
    ("/user/x/web/a", "/a", "/user/x/web/b", "/user/x/web/b"),
    ("/web/a", "/a", "b", "/web/b"),
    ("/web/a/b", "/a/b", "../c", "/web/c"),
    ("/web/a", "/a", "https://example.org/b", "https://example.org/b"),
    ("/web/a", "/a", "//example.org/b", "//example.org/b"),
    ("/web/a", "/a", "http://127.0.0.1:1//example.org/b", "/web/example.org/b"),
    ("/web/a", "/a", "http://127.0.0.1:2/b", "http://127.0.0.1:2/b"),
    ("/web/a", "/a", "http://web.internal/b:c", "/web/b:c"),
    ("/user/x/proxy/1", "", "/a", "/user/x/proxy/1/a"),
    ("/proxy/1/", "/", "http://localhost:1/a", "/proxy/1/a"),
]


@pytest.mark.parametrize(("whole", "path", "location", "expected"), PLACES)
def test_a_redirect_stays_below_the_path(whole: str, path: str, location: str, expected: str) -> None:
    answer = Answer(Location=location).asked(whole)
    below((), "web.internal")(answer, answer, 1, path)
    host = "http://hub.example.org"
    assert urljoin(host + whole, answer.headers["Location"]) == urljoin(host, expected)


def test_absolute_links_are_moved_in_pages_alone() -> None:
    page = b'<a href="/static/a"><img src=\'/static/b\'> /static/c url(/static/d) "/other/"'
    answer = Answer(page, Content_Type="text/html; charset=utf-8").asked("/user/x/web/a")
    below(("/static/",))(answer, answer, 1, "/a")
    moved = b"<a href=\"/user/x/web/static/a\"><img src='/user/x/web/static/b'> /static/c url(/user/x/web/static/d)"
    assert answer.body == moved + b' "/other/"'
    data = Answer(page, Content_Type="application/octet-stream").asked("/user/x/web/a")
    below(("/static/",))(data, data, 1, "/a")
    assert data.body == page


@pytest.fixture(scope="module", params=["/", "/user/x/"])
def behind(request: pytest.FixtureRequest) -> Iterator[tuple[Jupyter, int]]:
    """Jupyter with the stand-in behind it, alone or as under a hub; and the stand-in's port."""
    port = free_port()
    icon = Path(__file__).parent.parent / "src/coursewright/environments/catalogue/openrefine/openrefine.svg"
    proxy = {"title": "Web", "host": f"127.0.0.1:{port}", "rewrite": ("/static/",), "icon": str(icon)}
    with folder_of_its_own() as folder, socket.create_server(("127.0.0.1", 0)) as others:
        private = ServiceProgram(
            "private", (), {}, "", socket=str(folder / "socket"), path="/private/", proxy=Proxy(login="x")
        )
        away = ServiceProgram("away", (), {}, "", user=USER, port=others.getsockname()[1], path="/away/")
        config = jupyter_config([web(port, **proxy), private, away])
        (folder / "stand_in.py").write_text(STAND_IN)
        command = [str(JUPYTER), "stand_in.py", str(port), private.socket]
        login = {private.login_variable: "me:{not a 'name'}"}
        with program(command, folder, port=port), jupyter(config, folder, request.param, login) as server:
            yield server, port


@needs_jupyter
def test_a_service_is_reached_through_jupyter(behind: tuple[Jupyter, int]) -> None:
    server, port = behind
    base = "/" + server.address.split("/", 3)[3]
    status, _, body = server.get("web/page")
    assert (status, body) == (200, f'<link href="{base}web/static/a.css"><a href="/elsewhere">127.0.0.1:{port}</a>')
    for to in ("own", "host", "root"):
        for path in (f"web/redirect/{to}", f"web/deep/er/redirect/{to}", f"proxy/{port}/redirect/{to}"):
            status, headers, _ = server.get(path)
            home = server.address + ("web/" if path.startswith("web/") else f"proxy/{port}/")
            assert status == 302
            assert urljoin(server.address + path, headers["Location"]) == f"{home}project?project=1"
    assert server.get("web/redirect/outside")[1]["Location"] == "https://example.org/project"
    shown, *_ = json.loads(server.get("server-proxy/servers-info")[2])["server_processes"]
    assert shown["launcher_entry"]["title"] == "Web"
    assert "<svg" in server.get(f"server-proxy/icon/{shown['name']}")[2]


@needs_jupyter
@pytest.mark.parametrize("path", ["web/", "proxy/{port}/"])
def test_nobody_gets_past_jupyters_login(behind: tuple[Jupyter, int], path: str) -> None:
    server, port = behind
    status, headers, body = server.get(path.format(port=port), token=False)
    assert (status, headers["Location"].split("?")[0].endswith("/login"), body) == (302, True, "")
    assert server.get("api/contents", data=b"{}", token=False)[0] == 403


@needs_jupyter
@pytest.mark.parametrize("path", ["web/told", "proxy/{port}/told"])
def test_what_logs_in_to_jupyter_is_not_handed_on(behind: tuple[Jupyter, int], path: str) -> None:
    server, port = behind
    address = server.address + path.format(port=port)
    login = urllib.request.Request(f"{server.address}lab?token={server.token}")
    cookies = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(cookies), urllib.request.ProxyHandler({}))
    browser.open(login).read()
    mine = "; ".join([*(f"{one.name}={one.value}" for one in cookies), "jupyterhub-session-id=s", "mine=1; other=a=b"])
    mine += "; username-127-0-0-1-8889=of-another-course"
    assert mine.startswith(("username-", "_xsrf"))
    referer = f"{server.address}lab?token={server.token}&a=%20b"
    asked = urllib.request.Request(
        f"{address}?a=%2F&token={server.token}&b=", headers={"Cookie": mine, "Referer": referer}
    )
    told = json.loads(urllib.request.build_opener(urllib.request.ProxyHandler({})).open(asked).read())
    assert told["Cookie"] == "mine=1; other=a=b"
    assert (told["uri"], told["Referer"]) == ("/told?a=%2F&b=", f"{server.address}lab?a=+b")
    told = json.loads(server.get(path.format(port=port))[2])
    assert (told["Authorization"], told["Cookie"]) == (None, None)
    assert server.token not in json.dumps(told)


def opened(server: Jupyter, path: str, data: bytes | None = None) -> Any:
    """An answer of which nothing has been read yet."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    headers = {"Authorization": f"token {server.token}"}
    method = "GET" if data is None else "PUT"
    return opener.open(urllib.request.Request(server.address + path, data, headers, method=method), timeout=120)


HELD = 80_000_000  # bytes: less than a file here, more than the pieces of several that an allocator keeps


@needs_jupyter
def test_large_files_pass_and_are_not_held(behind: tuple[Jupyter, int]) -> None:
    server, port = behind
    if server.address.endswith("/user/x/"):
        pytest.skip("the same below a hub's path: once is enough")
    (process,) = (one for one in psutil.process_iter() if listens(one, server))
    before = process.memory_info().rss
    expected = hashlib.sha256(b"".join(bytes([place]) * 1_000_000 for place in range(110))).hexdigest()
    for path in ("web/large/counted", f"proxy/{port}/large/uncounted"):
        with opened(server, path) as answered:
            assert answered.headers["Content-Type"] == "application/x-of-its-own"
            assert answered.headers.get("Content-Length") == ("110000000" if "web" in path else None)
            first = answered.read(5_000_000)  # the rest waits, in no memory
            time.sleep(0.5)
            assert process.memory_info().rss - before < HELD
            assert hashlib.sha256(first + answered.read()).hexdigest() == expected
    with pytest.raises((http.client.IncompleteRead, ConnectionError)), opened(server, "web/large/broken") as answered:
        answered.read()  # what is cut off does not look whole
    with opened(server, "private/large/long") as answered:
        assert len(answered.read()) == 110_000_000
    assert opened(server, "web/script").read(40).startswith(b"'/web/static/a'")  # it is large, and rewritten
    for size in (LARGE - 1, LARGE + 1, 105_000_000):
        assert opened(server, "web/large/x", bytes(size)).read() == str(size).encode()
        assert process.memory_info().rss - before < HELD


def listens(process: psutil.Process, server: Jupyter) -> bool:
    port = int(server.address.split(":")[2].partition("/")[0])
    try:
        here = "jupyter_server" in process.cmdline() and process.net_connections("inet")
    except psutil.Error:  # somebody else's, or gone by now
        return False
    return any(one.laddr.port == port and one.status == psutil.CONN_LISTEN for one in here or ())


def test_an_answer_may_take_as_long_as_its_tier_says() -> None:
    class Handler:
        name = "web"

        def proxy_request_options(self) -> dict[str, float]:
            return {"connect_timeout": 1.0, "request_timeout": 2.0}

        def get_websocket_protocol(self) -> None:
            return None

    passage.let_through(Handler, {"web": 7.0}, 9.0)
    assert Handler().proxy_request_options() == {"connect_timeout": 1.0, "request_timeout": 7.0}
    Handler.name = "other"
    assert Handler().proxy_request_options()["request_timeout"] == 9.0
    assert "let_through(ProxyHandler, {'web': 5.0}, 3600)\n" in jupyter_config([web(1, timeout=5.0)])


@needs_jupyter
def test_a_service_at_a_socket_is_given_its_login(behind: tuple[Jupyter, int]) -> None:
    server, _ = behind
    told = json.loads(server.get("private/told")[2])
    assert base64.b64decode(told["Authorization"].removeprefix("Basic ")) == b"me:{not a 'name'}"
    status, headers, _ = server.get("private/redirect/root")
    assert (status, urljoin(f"{server.address}private/redirect/root", headers["Location"])) == (
        302,
        f"{server.address}private/project?project=1",
    )
    assert server.get("private/told", token=False)[0] == 302


@needs_jupyter
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be two users")
def test_the_proxy_leads_to_nobody_elses_listener(behind: tuple[Jupyter, int]) -> None:
    server, port = behind
    assert listeners(port) == {pwd.getpwnam(USER).pw_uid}
    assert server.get("away/")[0] == 502  # this process listens there, as root


class Handler:
    """What is asked of a handler of jupyter-server-proxy's."""

    proxy_base, unix_socket = "web", None

    def get_client_uri(self, protocol: str, host: str, port: int, path: str) -> str:
        return f"{protocol}://{host}:{port}{path}"


def test_a_service_is_not_looked_for_where_somebody_else_may_be() -> None:
    class Named(Handler):
        pass

    lead_to_own(Named, {})
    assert Named().get_client_uri("http", "localhost", 3333, "/a") == "http://127.0.0.1:3333/a"  # and not at ::1
    named = Named()
    named.proxy_base = ""
    assert named.get_client_uri("ws", "localhost", 3333, "/a") == "ws://localhost:3333/a"  # a learner's own program


def test_who_listens_is_read_as_the_system_writes_it(tmp_path: Path) -> None:
    line = "   0: {} 00000000:0000 {} 00000000:00000000 00:00000000 00000000  {:>4}        0 12345 1 0\n"
    head, v4, v6 = "  sl  local_address\n", "0100007F:0D05", "0000000000000000FFFF00000100007F:0D05"
    (tmp_path / "tcp").write_text(head + line.format(v4, "0A", 1000) + line.format(v4, "01", 1))
    (tmp_path / "tcp6").write_text(head + line.format(v6, "0A", 2) + line.format("0" * 31 + "1:0D05", "0A", 3))
    assert listeners(3333, tmp_path) == {1000, 2}
    assert listeners(3334, tmp_path) == listeners(3333, tmp_path / "none") == set()


def test_an_address_without_a_token_is_let_be() -> None:
    for address in ("http://a/b?x=%20&y&token2=1;z", "http://a/", "/a?b=token", "ws://a/?a=1&a=2"):
        assert without_token(address) == address


@needs_jupyter
@pytest.mark.parametrize("path", ["web/echo", "private/echo", "proxy/{port}/echo"])
def test_websockets_pass_and_the_service_chooses(behind: tuple[Jupyter, int], path: str) -> None:
    server, port = behind
    address = server.address.replace("http", "ws", 1) + path.format(port=port)
    offers = {None: None, ("v1", "v2.json", "v3"): "v2.json", ("v2.x",): "v2.x", ("v1",): None}
    told = subprocess.run(
        [str(JUPYTER), "-c", SOCKET, address, server.token, json.dumps(list(offers))],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert told.stdout.splitlines() == [f"hello there and back {chosen}" for chosen in offers.values()], told.stderr


@needs_jupyter
def test_a_websocket_to_nobody_is_refused(behind: tuple[Jupyter, int]) -> None:
    server, _ = behind
    address = server.address.replace("http", "ws", 1) + f"proxy/{free_port()}/echo"
    told = subprocess.run(
        [str(JUPYTER), "-c", SOCKET, address, server.token, "[null]"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "HTTP 503: " in told.stderr


def test_a_tier_cannot_take_an_address_of_jupyter(tmp_path: Path) -> None:
    tier = tmp_path / "environment" / "10-web"
    tier.mkdir(parents=True)
    text = '[tier]\nname = "web"\n[services.web]\ncommand = "web"\nport = 3333\npath = "/lab/"\n'
    (tier / "tier.toml").write_text(text)
    with pytest.raises(CoursewrightError) as caught:
        read_environment(tmp_path)
    assert str(caught.value) == (
        f'error: "/lab/" is an address of Jupyter itself\n  --> {tier}/tier.toml:6, services.web.path\n'
        "hint: give the service another path"
    )


@needs_jupyter
def test_nobody_is_asked_for_news(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from jupyterlab_server.config import get_page_config

    from coursewright.environments.runtime.prepare import prepare
    from coursewright.environments.runtime.program import config_of
    from coursewright.environments.runtime.supervisor import Layout

    lab = ServiceProgram("jupyter", ("jupyter",), {}, str(tmp_path / "jupyter"), port=8888)
    prepare({"jupyter": lab}, Layout(tmp_path / "run", tmp_path / "socket"))
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(config_of(lab)))
    said = get_page_config([str(tmp_path)], str(tmp_path))
    assert "@jupyterlab/apputils-extension:announcements" in said["disabledExtensions"]
