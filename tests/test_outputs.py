"""Outputs appear whole or not at all, and never over what they are made of."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from coursewright.cli import main
from coursewright.errors import CoursewrightError, UsageError
from coursewright.outputs import whole
from coursewright.words import Grammar, tell_file

GRAMMAR = Grammar({"origin": "#name# came #place#"})


def test_an_output_replaces_what_was_there_and_keeps_its_permissions(tmp_path: Path) -> None:
    output = tmp_path / "a [b] ü.csv"
    for content in (b"one", b"two"):
        with whole(output) as file:
            file.write(content)
            assert not output.exists() or output.read_bytes() == b"one"
        assert output.read_bytes() == content
        output.chmod(0o640)
    assert output.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [output]


def test_an_output_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    output = tmp_path / "told.csv"
    output.write_text("old")

    def write() -> None:
        with whole(output) as file:
            file.write(b"half")
            raise ValueError("half-way")

    with pytest.raises(ValueError, match="half-way"):
        write()
    assert output.read_text() == "old"
    assert list(tmp_path.iterdir()) == [output]


def test_a_link_to_an_output_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    link = tmp_path / "link.csv"
    link.symlink_to(tmp_path / "there" / "told.csv")
    with whole(link) as file:
        file.write(b"told")
    assert link.is_symlink()
    assert (tmp_path / "there" / "told.csv").read_bytes() == b"told"


def test_a_device_is_written_into() -> None:
    with whole("/dev/null") as file:
        file.write(b"nothing")
    assert not Path("/dev/null").is_file()


HALF = """
import os, signal, sys
from coursewright.outputs import whole
with whole(sys.argv[1]) as file:
    file.write(b"x" * 3_000_000)
    os.kill(os.getpid(), signal.SIGKILL)
"""
FULL = """
import resource, signal, sys
from coursewright.cli import main
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
sys.exit(main(["tell", *sys.argv[1:]]))
"""


@pytest.mark.skipif(not hasattr(os, "O_TMPFILE"), reason="this system has no files without a name")
def test_a_process_that_is_killed_leaves_nothing(tmp_path: Path) -> None:
    output = tmp_path / "told.csv"
    output.write_text("old")
    done = subprocess.run([sys.executable, "-c", HALF, str(output)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert {path.name: path.stat().st_size for path in tmp_path.iterdir()} == {"told.csv": 3}


def test_a_full_disk_leaves_nothing_and_is_one_message(tmp_path: Path) -> None:
    (tmp_path / "g.json").write_text('{"origin": "#name# is told"}')
    (tmp_path / "rows.csv").write_text("name\n" + "".join(f"driver number {at}\n" for at in range(3000)))
    words = [str(tmp_path / name) for name in ("g.json", "rows.csv")]
    command = [sys.executable, "-c", FULL, *words, "--output", str(tmp_path / "told.csv")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"error: this file cannot be written: File too large\n  --> {tmp_path / 'told.csv'}" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["g.json", "rows.csv"]


@pytest.mark.parametrize("name", ["rows.csv", "hard.csv", "soft.csv", "folder/../rows.csv"])
@pytest.mark.parametrize("command", ["tell", "table"])
def test_nothing_is_written_over_what_it_is_made_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str, name: str
) -> None:
    rows = tmp_path / "rows.csv"
    rows.write_text("name,place\nJo,1\n")
    (tmp_path / "folder").mkdir()
    (tmp_path / "hard.csv").hardlink_to(rows)
    (tmp_path / "soft.csv").symlink_to(rows)
    (tmp_path / "g.json").write_text('{"origin": "#name#"}')
    words = ["tell", str(tmp_path / "g.json"), str(rows)] if command == "tell" else ["table", str(rows)]
    assert main([*words, "--output", str(tmp_path / name)]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f'error: "{tmp_path / name}" is what is read')
    assert said.endswith("hint: give --output another file\n")
    assert rows.read_text() == "name,place\nJo,1\n"
    with pytest.raises(UsageError):
        tell_file(GRAMMAR, rows, tmp_path / name)


@pytest.mark.parametrize("last", ["DNF", "1.5", "00417", "n/a", "2024-01-02"])
def test_a_late_value_of_another_type_is_told_like_any_other(tmp_path: Path, last: str) -> None:
    rows, output = tmp_path / "rows.csv", tmp_path / "told.csv"
    with rows.open("w") as file:
        file.write("name,place\n")
        file.writelines(f"driver number {at:06d} of the whole of a long field,{at}\n" for at in range(200_000))
        file.write(f"the last one,{last}\n")
    assert rows.stat().st_size > 8 << 20
    assert tell_file(GRAMMAR, rows, output) == 200_001
    assert pl.read_csv(output, infer_schema=False)["text"][-1] == f"the last one came {last}"


def test_a_late_value_after_nothing(tmp_path: Path) -> None:
    rows, output = tmp_path / "rows.csv", tmp_path / "told.csv"
    rows.write_text("name,place\n" + "".join(f"n{at},\n" for at in range(30_000)) + "the last one,3\n")
    tell_file(Grammar({"origin": "#name# came #place.ordinal.or(nowhere)#"}), rows, output)
    assert pl.read_csv(output, infer_schema=False)["text"][-1] == "the last one came 3rd"


def test_an_output_in_no_folder(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("name,place\nJo,1\n")
    with pytest.raises(CoursewrightError, match='no folder "'):
        tell_file(GRAMMAR, tmp_path / "rows.csv", tmp_path / "none" / "told.csv")
