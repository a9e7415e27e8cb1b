"""Rows from the web: fetched once, kept, locked; and one clear message for whatever goes wrong on the way."""

from __future__ import annotations

import gzip
import io
import json
import socket
import ssl
import threading
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursewright.courses import open_course
from coursewright.courses.publishing import lock
from coursewright.errors import CoursewrightError, Place
from coursewright.tables import EmbeddedDatabase, Table
from coursewright.tables.fetching.copies import Fetch
from coursewright.tables.fetching.kept import CopyStore
from coursewright.tables.fetching.secrets import fill, shown
from coursewright.tables.sources import Source, web

CSV = b"a,b\n1,2\n"
LONG = b"a,b\n" + b"1,2\n" * 50_000
LOGIN = (
    b"<!DOCTYPE html><html><head><title>Log  in</title></head><body><form><input type=password></form></body></html>"
)


def answer(body: bytes, status: str = "200 OK", promise: int | None = None, **headers: str) -> bytes:
    fields = {"Content-Length": str(len(body) if promise is None else promise), "Connection": "close", **headers}
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items() if value)
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


class Server:
    """A web server whose answers are bytes by path, or functions of the request; it notes what was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, bytes | Callable[[str, socket.socket], bytes | None]] = {}
        self.asked: list[str] = []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection:
            try:
                request = b""
                while b"\r\n\r\n" not in request and (more := connection.recv(65536)):
                    request += more
                text = request.decode("latin-1")
                path = text.split(" ")[1].partition("?")[0]
                self.asked.append(text)
                given = self.answers.get(path, answer(b"gone", "404 Not Found"))
                body = given(text, connection) if callable(given) else given
                if body is not None:
                    connection.sendall(body)
            except OSError:
                pass

    def close(self) -> None:
        self.stopping.set()
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.thread.join()


@pytest.fixture
def server() -> Iterator[Server]:
    serving = Server()
    yield serving
    serving.close()


def rows(root: Path, address: str, **options: Any) -> list[dict[str, Any]]:
    kept = CopyStore(root, **options)
    database = EmbeddedDatabase(root, [Table("t", Source(file=address), Place("course.toml", 4))], kept=kept)
    return database.rows(database.select("t"))


def message(root: Path, address: str, **options: Any) -> str:
    with pytest.raises(CoursewrightError) as raised:
        rows(root, address, **options)
    return str(raised.value)


def test_a_table_is_fetched_once_and_kept(tmp_path: Path, server: Server) -> None:
    server.answers["/fruit.csv"] = answer(CSV, ETag='"1"', Content_Type="text/csv; charset=utf-8")
    said: list[str] = []
    address = f"{server.address}/fruit.csv?token=secret"
    for _ in range(2):
        assert rows(tmp_path, address, report=said.append) == [{"a": 1, "b": 2}]
    assert len(server.asked) == 1
    shown_address = f"{server.address}/fruit.csv"
    day = f"{datetime.now(UTC).day} {datetime.now(UTC):%B %Y}"
    assert said == [f"fetched {shown_address} (8 bytes)", f"using the copy of {shown_address} from {day} (today)"]
    (copy, note) = sorted((tmp_path / "data/.cache").iterdir())
    assert copy.read_bytes() == CSV
    told = json.loads(note.read_text())
    assert told["address"] == told["final"] == shown_address
    assert (told["etag"], told["size"], told["charset"]) == ('"1"', 8, "utf-8")
    assert "secret" not in note.read_text()
    assert (copy.suffix, note.suffix) == (".csv", ".json")


def test_an_old_copy_says_how_old_it_is(tmp_path: Path, server: Server) -> None:
    server.answers["/fruit.csv"] = answer(CSV)
    rows(tmp_path, f"{server.address}/fruit.csv")
    (note,) = (tmp_path / "data/.cache").glob("*.note.json")
    then = datetime.now(UTC) - timedelta(days=3, hours=1)
    note.write_text(json.dumps({**json.loads(note.read_text()), "fetched": then.isoformat()}))
    said: list[str] = []
    rows(tmp_path, f"{server.address}/fruit.csv", report=said.append)
    assert said == [f"using the copy of {server.address}/fruit.csv from {then.day} {then:%B %Y} (3 days ago)"]


def test_refreshing_asks_whether_it_has_changed(tmp_path: Path, server: Server) -> None:
    now = {"tag": '"1"', "body": CSV}

    def tagged(request: str, _: socket.socket) -> bytes:
        if f"If-None-Match: {now['tag']}".lower() in request.lower():
            return answer(b"", "304 Not Modified", ETag=now["tag"])
        return answer(now["body"], ETag=now["tag"])

    server.answers["/fruit.csv"] = tagged
    address = f"{server.address}/fruit.csv"
    said: list[str] = []
    rows(tmp_path, address)
    assert rows(tmp_path, address, refresh=True, report=said.append) == [{"a": 1, "b": 2}]
    assert said[0].startswith(f"{address} has not changed since ")
    now.update(tag='"2"', body=b"a,b\n3,4\n5,6\n")
    assert rows(tmp_path, address, refresh=True, report=said.append) == [{"a": 3, "b": 4}, {"a": 5, "b": 6}]
    assert said[1] == f"fetched {address} (12 bytes)"
    assert len(list((tmp_path / "data/.cache").iterdir())) == 2


def test_a_refresh_that_fails_leaves_the_copy_and_says_so(tmp_path: Path, server: Server) -> None:
    server.answers["/fruit.csv"] = answer(CSV)
    address = f"{server.address}/fruit.csv"
    rows(tmp_path, address)
    before = {file: file.read_bytes() for file in (tmp_path / "data/.cache").iterdir()}
    day = f"{datetime.now(UTC).day} {datetime.now(UTC):%B %Y}"
    for broken in (answer(CSV, promise=100), answer(b"", "500 Oops"), answer(LOGIN, Content_Type="text/html")):
        server.answers["/fruit.csv"] = broken
        said = message(tmp_path, address, refresh=True)
        assert said.endswith(f"; the copy from {day} is used without --refresh"), said
        assert {file: file.read_bytes() for file in (tmp_path / "data/.cache").iterdir()} == before
    assert rows(tmp_path, address) == [{"a": 1, "b": 2}]


def test_a_copy_that_was_changed_is_not_used(tmp_path: Path, server: Server) -> None:
    server.answers["/fruit.csv"] = answer(CSV)
    rows(tmp_path, f"{server.address}/fruit.csv")
    (copy,) = (tmp_path / "data/.cache").glob("*.csv")
    copy.write_bytes(b"a,b\n9,9\n")
    assert message(tmp_path, f"{server.address}/fruit.csv") == (
        f"error: the copy of {server.address}/fruit.csv is not as it came: data/.cache/{copy.name} was changed\n"
        "  --> course.toml:4\n"
        "hint: fetch it again with --refresh"
    )


# What goes wrong on the way: the answer, or a function that gives it, and what is said


def slowly(_: str, connection: socket.socket) -> None:
    connection.sendall(answer(CSV)[:-4])
    connection.recv(1)  # until the other side has had enough


def dribbling(_: str, connection: socket.socket) -> None:
    connection.sendall(answer(b"", promise=10_000))
    ended = threading.Event()
    while not ended.wait(0.02):
        connection.sendall(b"x")


def chunked(_: str, connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\na,b\n1,2\n\r\n5\r\n3,")


TOO_LONG = (
    "ADDRESS is larger than the limit of 1,000,000 bytes\n"
    "hint: if that is right, allow more in course.toml: [fetch] limit"
)
BOMB = answer(gzip.compress(b"0" * 50_000_000), Content_Encoding="gzip")
WRONG: dict[str, tuple[Any, str]] = {
    "gone": (answer(b"", "404 Not Found"), "ADDRESS answered 404 Not Found\nhint: check the address"),
    "forbidden": (answer(b"", "403 Forbidden"), "ADDRESS answered 403 Forbidden\nhint: check the address"),
    "broken": (answer(b"", "500 Oops"), "ADDRESS answered 500 Oops\nhint: check the address"),
    "short": (
        answer(CSV, promise=1000),
        "ADDRESS cannot be fetched: it broke off after 8 of 1,000 bytes\nhint: NETWORK",
    ),
    "chunked": (chunked, "ADDRESS cannot be fetched: it broke off in the middle\nhint: NETWORK"),
    "slow": (slowly, "ADDRESS cannot be fetched: nothing came for 0.3 seconds\nhint: NETWORK"),
    "no HTTP": (b"hello\r\n\r\n", "ADDRESS cannot be fetched: its answer is no HTTP\nhint: NETWORK"),
    "nothing": (b"", "ADDRESS cannot be fetched: its answer is no HTTP\nhint: NETWORK"),
    "not gzip": (
        answer(CSV, Content_Encoding="gzip"),
        "ADDRESS cannot be fetched: it is not compressed as it says\nhint: NETWORK",
    ),
    "gzip that is cut off": (
        answer(gzip.compress(LONG)[:-12], promise=0, Content_Encoding="gzip").replace(b"Content-Length: 0\r\n", b""),
        "ADDRESS cannot be fetched: it broke off in the middle\nhint: NETWORK",
    ),
    "gzip whose last piece is cut off": (
        answer(gzip.compress(CSV) + gzip.compress(LONG)[:40], Content_Encoding="gzip"),
        "ADDRESS cannot be fetched: it broke off in the middle\nhint: NETWORK",
    ),
    "deflate that is cut off": (
        answer(zlib.compress(LONG)[:-9], Content_Encoding="deflate"),
        "ADDRESS cannot be fetched: it broke off in the middle\nhint: NETWORK",
    ),
    "too long": (
        answer(b"", promise=2_000_000_000),
        TOO_LONG,
    ),
    "a bomb": (
        BOMB,
        TOO_LONG,
    ),
    "a circle": (
        answer(b"", "302 Found", Location="/fruit.csv"),
        "ADDRESS leads from one address to the next without an end\nhint: NETWORK",
    ),
    "to a file": (
        answer(b"", "302 Found", Location="file:///etc/passwd"),
        "ADDRESS leads to an address of the kind file:, which is not followed\nhint: check the address",
    ),
    "to ftp": (
        answer(b"", "302 Found", Location="ftp://127.0.0.1/x"),
        "ADDRESS leads to an address of the kind ftp:, which is not followed\nhint: check the address",
    ),
    "a login page": (
        answer(LOGIN, Content_Type="text/html"),
        'ADDRESS answered with a web page called "Log in", not with CSV\n'
        "hint: open the address in a browser: perhaps one has to log in there first",
    ),
    "a login page that says it is CSV": (
        answer(LOGIN, Content_Type="text/csv"),
        'ADDRESS answered with a web page called "Log in", not with CSV\n'
        "hint: open the address in a browser: perhaps one has to log in there first",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_goes_wrong_is_one_message(name: str, tmp_path: Path, server: Server) -> None:
    server.answers["/fruit.csv"], says = WRONG[name]
    address = f"{server.address}/fruit.csv"
    fetch = Fetch(limit="1 MB", seconds=0.3 if name == "slow" else 20)
    expected = says.replace("ADDRESS", address).replace("NETWORK", "check the address and the network")
    said, _, hint = expected.partition("\n")
    assert message(tmp_path, f"{address}?token=secret", fetch=fetch) == f"error: {said}\n  --> course.toml:4\n{hint}"
    assert not (tmp_path / "data").exists()


RAW = zlib.compressobj(wbits=-zlib.MAX_WBITS)


@pytest.mark.parametrize(
    ("packing", "body"),
    [
        ("gzip", gzip.compress(CSV[:5]) + gzip.compress(CSV[5:])),
        ("gzip", gzip.compress(CSV) + b"\0" * 100),
        ("x-gzip", gzip.compress(CSV)),
        ("deflate", zlib.compress(CSV)),
        ("deflate", RAW.compress(CSV) + RAW.flush()),
        ("gzip, identity", gzip.compress(CSV)),
        ("deflate, gzip", gzip.compress(zlib.compress(CSV))),
        ("gzip", b""),
    ],
)
def test_what_is_packed_on_the_way_is_unpacked_to_its_end(
    tmp_path: Path, server: Server, packing: str, body: bytes
) -> None:
    server.answers["/fruit.csv"] = answer(body, Content_Encoding=packing)
    if body:
        assert rows(tmp_path, f"{server.address}/fruit.csv") == [{"a": 1, "b": 2}]
    else:
        assert "fruit.csv is empty" in message(tmp_path, f"{server.address}/fruit.csv")


@pytest.mark.parametrize("body", [gzip.compress(CSV), gzip.compress(gzip.compress(CSV))])
def test_a_packed_file_that_is_said_to_be_packed_on_the_way(tmp_path: Path, server: Server, body: bytes) -> None:
    server.answers["/fruit.csv.gz"] = answer(body, Content_Encoding="gzip")
    assert rows(tmp_path, f"{server.address}/fruit.csv.gz") == [{"a": 1, "b": 2}]


def open_ended(body: bytes) -> bytes:
    return answer(body, promise=0).replace(b"Content-Length: 0\r\n", b"")


def test_an_answer_that_ends_with_the_connection_is_read_to_its_end(tmp_path: Path, server: Server) -> None:
    address = f"{server.address}/fruit.csv"
    server.answers["/fruit.csv"] = open_ended(LONG + b"3")
    said = message(tmp_path, address)
    assert said.startswith("error: line 50,002 of fruit.csv has 1 value, where the first row has 2"), said
    assert not [one for one in (tmp_path / "data").rglob("*") if one.is_file()]
    server.answers["/fruit.csv"] = open_ended(CSV)
    told: list[str] = []
    assert rows(tmp_path, address, report=told.append) == [{"a": 1, "b": 2}]
    assert told == [f"fetched {address} (8 bytes; nothing says how long it is, so a break would not show)"]


def test_a_server_that_dribbles_is_given_up(tmp_path: Path, server: Server) -> None:
    server.answers["/fruit.csv"] = dribbling
    said = message(tmp_path, f"{server.address}/fruit.csv", fetch=Fetch(seconds=0.2))
    assert said.startswith(f"error: {server.address}/fruit.csv is too slow: it was given up after ")


def test_a_login_page_behind_a_redirect_says_where_it_is(tmp_path: Path, server: Server) -> None:
    server.answers["/fruit.csv"] = answer(b"", "303 See Other", Location="/login?back=fruit.csv")
    server.answers["/login"] = answer(LOGIN, Content_Type="text/html; charset=utf-8")
    said = message(tmp_path, f"{server.address}/fruit.csv")
    where = f'a web page called "Log in", at {server.address}/login, not with CSV'
    assert said.startswith(f"error: {server.address}/fruit.csv answered with {where}\n")


def test_a_stranger_cannot_lead_into_a_private_network(tmp_path: Path, server: Server) -> None:
    server.answers["/fruit.csv"] = answer(b"", "302 Found", Location="http://169.254.169.254/latest/meta-data")
    with pytest.raises(CoursewrightError) as raised, (tmp_path / "x").open("wb") as file:
        web.download(
            server.address.replace("127.0.0.1", "localhost") + "/fruit.csv",
            file,
            limit=1000,
            seconds=5,
            resolve=lambda host: ["93.184.216.34"] if host == "localhost" else [],  # as if it stood on the web
        )
    assert raised.value.problem.message.endswith(
        "/fruit.csv leads into a private network, to 169.254.169.254, which is not followed"
    )


def test_a_server_of_the_own_network_may_lead_within_it(tmp_path: Path, server: Server) -> None:
    server.answers["/old.csv"] = answer(b"", "301 Moved", Location="/fruit.csv")
    server.answers["/fruit.csv"] = answer(CSV)
    assert rows(tmp_path, f"{server.address}/old.csv") == [{"a": 1, "b": 2}]


@pytest.mark.parametrize("address", ["http:///a.csv", "https://x:y/a"])
def test_an_address_that_is_none(address: str, tmp_path: Path) -> None:
    assert "cannot be fetched: this is no address" in message(tmp_path, address)


def test_nobody_listens(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closing:
        port = closing.getsockname()[1]
    said = message(tmp_path, f"http://127.0.0.1:{port}/fruit.csv")
    assert said.startswith(f"error: http://127.0.0.1:{port}/fruit.csv cannot be fetched: the connection was refused\n")


def test_no_such_host(tmp_path: Path) -> None:
    said = message(tmp_path, "http://nobody.invalid/fruit.csv")
    assert said.startswith("error: http://nobody.invalid/fruit.csv cannot be fetched: there is no such host\n")


def test_a_certificate_that_nobody_vouches_for(tmp_path: Path, certificate: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            with connection, pytest.raises(OSError):  # noqa: PT011 - the other side hangs up, in one way or another
                context.wrap_socket(connection, server_side=True)

        thread = threading.Thread(target=serve)
        thread.start()
        said = message(tmp_path, f"https://127.0.0.1:{listening.getsockname()[1]}/fruit.csv")
        thread.join()
    assert "cannot be fetched: its certificate is not to be trusted (self-signed certificate)" in said


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate that its owner signed, with its key."""
    import subprocess

    folder = tmp_path_factory.mktemp("certificate")
    file, key = folder / "cert.pem", folder / "key.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", file, *subject]
    subprocess.run(command, check=True, capture_output=True)
    both = folder / "both.pem"
    both.write_bytes(key.read_bytes() + file.read_bytes())
    return both


# Formats


def test_the_type_of_the_answer_says_what_the_address_does_not(tmp_path: Path, server: Server) -> None:
    server.answers["/export"] = answer(b'[{"a": 1}]', Content_Type="application/json")
    assert rows(tmp_path, f"{server.address}/export") == [{"a": 1}]


def test_the_course_says_what_nobody_else_does(tmp_path: Path, server: Server) -> None:
    server.answers["/export"] = answer(CSV, Content_Type="application/octet-stream")
    source = Source(file=f"{server.address}/export", format="csv")
    database = EmbeddedDatabase(tmp_path, [Table("t", source)])
    assert database.rows(database.select("t")) == [{"a": 1, "b": 2}]


@pytest.mark.parametrize("bad", [b"PAR1 and nothing more", b"<p>", b""])
def test_what_cannot_be_read_is_never_kept(tmp_path: Path, server: Server, bad: bytes) -> None:
    stream = io.BytesIO()
    pa.parquet.write_table(pa.table({"name": ["fig"]}), stream)
    address = f"{server.address}/fruit.parquet"
    server.answers["/fruit.parquet"] = answer(bad)
    for _ in range(2):
        with pytest.raises(CoursewrightError):
            open_course(course(tmp_path, address)).database().table("fruit")
    assert not [one for one in (tmp_path / "data").rglob("*") if one.is_file()]
    server.answers["/fruit.parquet"] = answer(stream.getvalue())
    assert open_course(tmp_path).database().table("fruit").num_rows == 1
    server.answers["/fruit.parquet"] = answer(bad)
    with pytest.raises(CoursewrightError, match="is used without --refresh"):
        open_course(tmp_path, refresh=True).database().table("fruit")
    assert open_course(tmp_path).database().table("fruit").num_rows == 1


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("cut.csv", LONG, LONG + b"3"),
        ("quote.csv", LONG, LONG + b'3,"4\n'),
        ("cut.jsonl", b'{"a": 1}\n' * 50_000, b'{"a": 1}\n' * 50_000 + b'{"a": '),
        ("cut.json", b'[{"a": 1}]', b'[{"a": 1}, {"a'),
    ],
)
def test_a_copy_gives_way_only_to_what_can_be_read_to_its_end(
    tmp_path: Path, server: Server, name: str, good: bytes, bad: bytes
) -> None:
    address = f"{server.address}/{name}"
    server.answers[f"/{name}"] = answer(good)
    before = rows(tmp_path, address)
    server.answers[f"/{name}"] = answer(bad)
    assert "is used without --refresh" in message(tmp_path, address, refresh=True)
    assert rows(tmp_path, address) == before
    server.answers[f"/{name}"] = answer(good.replace(b"1", b"7"))
    assert rows(tmp_path, address, refresh=True)[0]["a"] == 7


def test_json_that_is_cut_off_is_never_kept(tmp_path: Path, server: Server) -> None:
    server.answers["/a.jsonl"] = answer(b'{"a": 1}\n{"a": ')
    assert "line 2 of a.jsonl is no JSON" in message(tmp_path, f"{server.address}/a.jsonl")
    assert not [one for one in (tmp_path / "data").rglob("*") if one.is_file()]


# The lock


def course(root: Path, address: str) -> Path:
    (root / "course.toml").write_text(f'[course]\ntitle = "T"\n[tables]\nfruit = "{address}"\n')
    return root


def test_a_lock_holds_what_was_fetched(tmp_path: Path, server: Server) -> None:
    server.answers["/fruit.csv"] = answer(CSV, ETag='"1"')
    address = f"{server.address}/fruit.csv"
    file = lock(open_course(course(tmp_path, address)))
    assert file == tmp_path / "data.lock"
    text = file.read_text()
    assert f'address = "{address}"' in text
    assert 'etag = "\\"1\\""' in text
    assert lock(open_course(tmp_path)).read_text() == text

    # Somebody else has the lock and no copy, and the page has changed meanwhile.
    for kept in (tmp_path / "data/.cache").iterdir():
        kept.unlink()
    server.answers["/fruit.csv"] = answer(b"a,b\n7,8\n")
    opened = open_course(tmp_path)
    day = f"{datetime.now(UTC).day} {datetime.now(UTC):%B %Y}"
    with pytest.raises(CoursewrightError) as raised:
        opened.database().table("fruit")
    assert str(raised.value) == (
        f"error: {address} has changed since it was locked on {day}\n"
        f"  --> {tmp_path}/course.toml:4, [tables] fruit\n"
        "hint: take it as it is now: --refresh"
    )
    assert not (tmp_path / "data").exists()

    # Refreshing takes what is there now, and the lock follows.
    said: list[str] = []
    fetched = open_course(tmp_path, refresh=True, report=said.append).database().table("fruit")
    assert fetched.to_pylist() == [{"a": 7, "b": 8}]
    assert said[0] == f"data.lock: {address} has changed since {day}"
    assert file.read_text() != text
    assert open_course(tmp_path).database().table("fruit").to_pylist() == [{"a": 7, "b": 8}]


def test_a_file_of_the_course_is_locked_when_that_is_asked(tmp_path: Path) -> None:
    (tmp_path / "course.toml").write_text('[course]\ntitle = "x"\n[tables]\nfruit = "fruit.csv"\n')
    (tmp_path / "fruit.csv").write_text("name\nfig\n")
    assert "fruit.csv" not in lock(open_course(tmp_path)).read_text()
    file = lock(open_course(tmp_path), files=True)
    text = file.read_text()
    assert 'address = "fruit.csv"\nkey = "file:fruit.csv"' in text
    assert lock(open_course(tmp_path)).read_text() == text  # once locked, always
    assert open_course(tmp_path).database().table("fruit").num_rows == 1
    (tmp_path / "fruit.csv").write_text("name\nfig\nplum\n")
    with pytest.raises(CoursewrightError) as raised:
        open_course(tmp_path).database().table("fruit")
    today = datetime.now(UTC)
    assert str(raised.value) == (
        f"error: fruit.csv has changed since it was locked on {today.day} {today:%B %Y}\n"
        f"  --> {tmp_path / 'course.toml'}:4, [tables] fruit\n"
        "hint: take it as it is now: --refresh"
    )
    said: list[str] = []
    assert open_course(tmp_path, refresh=True, report=said.append).database().table("fruit").num_rows == 2
    assert said == [f"data.lock: fruit.csv has changed since {today.day} {today:%B %Y}"]
    assert open_course(tmp_path).database().table("fruit").num_rows == 2


def test_a_copy_that_is_not_the_locked_one_is_not_used(tmp_path: Path, server: Server) -> None:
    server.answers["/fruit.csv"] = answer(CSV)
    file = lock(open_course(course(tmp_path, f"{server.address}/fruit.csv")))
    (entry,) = [line for line in file.read_text().splitlines() if line.startswith("sha256")]
    file.write_text(file.read_text().replace(entry, f'sha256 = "{"0" * 64}"'))
    with pytest.raises(CoursewrightError) as raised:
        open_course(tmp_path).database().table("fruit")
    assert raised.value.problem.message.endswith("(today), is not the one in data.lock")
    assert raised.value.problem.hint == "restore that copy, or take what is there now: --refresh"


def test_a_damaged_lock_is_named_with_its_line(tmp_path: Path, server: Server) -> None:
    server.answers["/fruit.csv"] = answer(CSV)
    lock(open_course(course(tmp_path, f"{server.address}/fruit.csv"))).write_text("[[source]]\naddres = 1\n")
    with pytest.raises(CoursewrightError) as raised:
        open_course(tmp_path).database().table("fruit")
    assert raised.value.problem.where == Place(tmp_path / "data.lock", 2, "[source[0]] addres")


@pytest.mark.parametrize("fetch", ['limit = "much"', 'limit = "0 MB"', "seconds = 0"])
def test_limits_that_are_none(fetch: str, tmp_path: Path) -> None:
    (tmp_path / "course.toml").write_text(f'[course]\ntitle = "T"\n[fetch]\n{fetch}\n')
    with pytest.raises(CoursewrightError) as raised:
        open_course(tmp_path)
    assert str(raised.value) == (
        f"error: [fetch] has a limit that is none\n  --> {tmp_path}/course.toml:3, [fetch]\n"
        'hint: for instance: limit = "200 MB" and seconds = 60'
    )


# Rows of a query


def test_rows_are_kept_as_the_same_bytes_however_they_are_cut(tmp_path: Path) -> None:
    table = pa.table({"n": pa.array(range(150_000)), "t": pa.array([str(n) for n in range(150_000)])})
    digests = set()
    for number, size in enumerate((1000, 65_536, 70_000, 150_000)):
        kept = CopyStore(tmp_path / str(number))
        copy = kept.rows("select 1", "postgresql://u@h/db", None, lambda size=size: table.to_reader(size))
        digests.add(copy.sha256)
        with pa.ipc.open_file(kept.path(copy)) as reader:
            assert reader.read_all() == table
    assert len(digests) == 1


def test_rows_that_break_off_leave_nothing(tmp_path: Path) -> None:
    def broken() -> Iterator[pa.RecordBatch]:
        yield pa.record_batch({"n": [1]})
        raise CoursewrightError("the server went away")

    kept = CopyStore(tmp_path)
    with pytest.raises(CoursewrightError, match="the server went away"):
        kept.rows("q", "a", None, lambda: pa.RecordBatchReader.from_batches(pa.schema({"n": pa.int64()}), broken()))
    assert not (tmp_path / "data").exists()


# Secrets


def test_a_secret_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_PASSWORD", "a b/@:x")
    assert fill("postgresql://me:${SHOP_PASSWORD}@h/db", None) == "postgresql://me:a%20b%2F%40%3Ax@h/db"
    with pytest.raises(CoursewrightError) as raised:
        fill("https://h/x?key=${NOT_SET_ANYWHERE}", None)
    assert str(raised.value) == (
        "error: https://h/x needs the environment variable NOT_SET_ANYWHERE, which is not set\n"
        "hint: for instance: export NOT_SET_ANYWHERE=…"
    )


def test_a_password_that_is_written_out_is_refused() -> None:
    for address in ("https://me:hunter2@h/x", "postgresql://me:hun/t@er2@h/db", "mysql://me:hunter2@h/db?a=b@c"):
        with pytest.raises(CoursewrightError) as raised:
            fill(address, None)
        assert "has its password written out\nhint: write ${NAME} in its place" in str(raised.value)
        assert "er2" not in str(raised.value)


def test_a_password_comes_from_the_keyring() -> None:
    keyring = pytest.importorskip("keyring", reason="install keyring: pip install 'coursewright[keyring]'")
    from keyring.backend import KeyringBackend

    class Held(KeyringBackend):
        priority = 1

        def get_password(self, service: str, username: str) -> str | None:
            return {("coursewright", "me@db.example.org"): "s/1"}.get((service, username))

        def set_password(self, service: str, username: str, password: str) -> None:
            raise NotImplementedError

    before = keyring.get_keyring()
    keyring.set_keyring(Held())
    try:
        assert (
            fill("postgresql://me@db.example.org:5432/shop", None) == "postgresql://me:s%2F1@db.example.org:5432/shop"
        )
        assert fill("postgresql://you@db.example.org/shop", None) == "postgresql://you@db.example.org/shop"
    finally:
        keyring.set_keyring(before)


@given(st.text(min_size=3), st.sampled_from(["postgresql", "mysql+pymysql", "https"]))
def test_no_password_is_ever_shown(password: str, scheme: str) -> None:
    from urllib.parse import quote

    written = quote("#~" + password, safe="")
    address = f"{scheme}://me:{written}@h.example/db?token={written}"
    assert shown(address) == (f"{scheme}://h.example/db" if scheme == "https" else f"{scheme}://me@h.example/db")
