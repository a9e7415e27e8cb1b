"""What services say is told whole, and what is not kept any more is told to be missing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import SimpleNamespace

from supervisor.loggers import RotatingFileHandler

from coursewright.environments.runtime.logs import BEGINNING, CUT, GAP, OLDER, SIZE, Follower, begin, last, said


def write(log: RotatingFileHandler, data: bytes) -> None:
    """Write as Supervisor does what it has read from a pipe."""
    log.emit(SimpleNamespace(msg=data, kw=None))


@contextmanager
def supervisors(file: Path, size: int = SIZE) -> Iterator[RotatingFileHandler]:
    handler = RotatingFileHandler(str(file), "ab", maxBytes=size, backupCount=OLDER)
    handler.setFormat("%(message)s")
    yield handler
    handler.close()


def pieces(lines: list[str]) -> list[bytes]:
    """What pipes give of lines: pieces that end anywhere."""
    data = "".join(f"{line}\n" for line in lines).encode()
    return [data[at : at + 65_521] for at in range(0, len(data), 65_521)]


def test_a_hundred_thousand_lines_are_told_while_they_are_written(tmp_path: Path) -> None:
    file, lines = tmp_path / "web.log", [f"{number} {'ü' * 60}" for number in range(100_000)]  # 12.7 MB: three files
    begin(file)

    def speak() -> None:
        with supervisors(file) as log:
            for piece in pieces(lines):
                write(log, piece)

    speaker, heard = threading.Thread(target=speak), []
    with closing(Follower(file)) as follower:
        speaker.start()
        while speaker.is_alive():
            heard += follower.new()
        heard += follower.new(finished=True)
    assert heard == lines
    assert list(said(file)) == lines  # and afterwards, over all files
    assert last(said(file), 2) == lines[-2:]
    assert last(said(file), 0) == []


def test_what_is_not_kept_is_told(tmp_path: Path) -> None:
    file, lines = tmp_path / "web.log", [f"line {number:04}" for number in range(1000)]
    begin(file)
    with supervisors(file, 1000) as log, closing(Follower(file)) as follower:
        for line in lines:
            write(log, f"{line}\n".encode())
            if line == "line 0010":
                assert list(follower.new()) == lines[:11]
        heard = list(follower.new())  # its file has gone, and others after that
    kept = list(said(file))
    assert kept[0] == CUT
    assert kept[1:] == lines[-len(kept) + 1 :]
    assert len(kept) > 300
    assert last(iter(kept), 5000) == kept
    assert last(iter(kept), 7) == lines[-7:]
    assert heard[0] == "line 0011"
    assert heard.count(GAP) == 1
    assert heard[heard.index(GAP) + 1 :] == kept[1:]


def test_lines_of_a_megabyte_and_bytes_that_are_no_text(tmp_path: Path) -> None:
    file, long = tmp_path / "web.log", b"x" * 1_000_000
    begin(file)
    with supervisors(file) as log, closing(Follower(file)) as follower:
        write(log, long + b"\n" + b"\xff\xfe caf\xe9\r\n" + "a\x0cb\u2028c\x85d\x1ce\n".encode())
        write(log, b"50 %\rdone\n\nkilled in")
        assert list(follower.new()) == [long.decode(), r"\xff\xfe caf\xe9", "a\x0cb\u2028c\x85d\x1ce", "50 %\rdone", ""]
        write(log, b" the middle")
        assert list(follower.new(finished=True)) == ["killed in the middle"]
        assert list(follower.new(finished=True)) == []
    assert last(said(file), 1) == ["killed in the middle"]


def test_a_log_is_begun_once(tmp_path: Path) -> None:
    file = tmp_path / "web.log"
    assert list(said(file)) == []
    begin(file)
    with supervisors(file) as log, closing(Follower(file)) as follower:
        write(log, b"one\n")
        begin(file)
        assert file.read_bytes() == BEGINNING + b"one\n"
        follower.skip()
        assert list(follower.new()) == []
        write(log, b"two\n")
        assert list(follower.new()) == ["two"]
