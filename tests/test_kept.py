"""Pictures that were drawn before are taken from the user's cache, when nothing that they are made from has changed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from coursewright.errors import MissingPart
from coursewright.figures import Figure
from coursewright.figures.diagrams import tex
from coursewright.figures.diagrams.automata import automaton
from coursewright.figures.diagrams.graphs import graph
from coursewright.figures.diagrams.tikz_pictures import tikz
from coursewright.figures.pictures import kept

A, B = (Figure(f"<svg>{name}</svg>", name, white=lambda name=name: f"<svg>white {name}</svg>") for name in "AB")


@pytest.fixture(autouse=True)
def pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of pictures, which is empty."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "coursewright" / "pictures"


def test_a_picture_is_drawn_once() -> None:
    first = kept.kept("one", lambda: A)
    again = kept.kept("one", lambda: B)
    assert first == again == A
    assert again.white is not None
    assert again.white() == "<svg>white A</svg>"
    assert kept.kept("another", lambda: B) == B


def test_it_is_drawn_anew_when_the_program_is_another(monkeypatch: pytest.MonkeyPatch) -> None:
    kept.kept("one", lambda: A)
    monkeypatch.setattr(kept, "_drawer", lambda: "another version")
    assert kept.kept("one", lambda: B) == B


@pytest.mark.parametrize("change", ["cut", "changed", "writable", "writable folder", "link", "folder", "no picture"])
def test_what_is_not_whole_or_not_the_users_own_is_drawn_anew(change: str, pictures: Path, tmp_path: Path) -> None:
    kept.kept("one", lambda: A)
    (file,) = pictures.iterdir()
    content = file.read_bytes()
    if change == "cut":
        file.write_bytes(content[:-5])
    elif change == "changed":
        file.write_bytes(content.replace(b"<svg>A", b"<svg>C"))
    elif change == "no picture":
        file.write_bytes(kept._check(b"{}") + b"\n{}")
    elif change == "writable":
        file.chmod(0o666)
    elif change == "writable folder":
        pictures.chmod(0o777)
    else:
        file.unlink()
        if change == "folder":
            file.mkdir()
        else:
            (tmp_path / "elsewhere").write_bytes(content)
            file.symlink_to(tmp_path / "elsewhere")
    assert kept.kept("one", lambda: B) == B


def test_where_nothing_can_be_written_everything_is_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert [kept.kept("one", lambda: A), kept.kept("one", lambda: B)] == [A, B]


def test_there_are_never_more_than_so_many(pictures: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_MOST", 4)
    for number in range(20):
        kept.kept(number, lambda: A)
        assert len(list(pictures.iterdir())) <= 4
    assert kept.kept(19, lambda: B) == A


def test_automata_and_graphs_are_kept_with_all_that_tells_them_apart(pictures: Path) -> None:
    def machine(accept: str, *highlight: str) -> str:
        made = automaton({"A": {"0": "B"}, "B": {"1": "A"}}, start="A", accept=[accept])
        return made.figure(highlight).svg

    edges = [("a", "b", 1), ("b", "c", 2)]
    for _ in range(2):
        drawn = [machine("A"), machine("B"), machine("B", "A"), graph(edges).svg, graph(edges, directed=True).svg]
        drawn += [graph(edges, highlight=["a"]).svg, graph(edges, alt="Words").svg]
        assert len(set(drawn)) == len(drawn) == len(list(pictures.iterdir()))


@pytest.mark.skipif(not all(map(shutil.which, tex.PROGRAMS)), reason="TeX is not installed")
def test_tex_runs_once_for_a_picture_and_is_asked_for_where_it_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    first = tikz(r"\draw (0,0) -- (1,1);", alt="A line", caption="One")
    with monkeypatch.context() as patched:
        patched.setattr(tex, "pictures", lambda *_: pytest.fail("TeX ran again"))
        again = tikz(r"\draw (0,0) -- (1,1);", alt="A line", caption="Two")
    assert (first.svg, first.alt) == (again.svg, again.alt)
    assert [first.caption, again.caption] == ["One", "Two"]
    assert first.on_white().svg == again.on_white().svg
    monkeypatch.setenv("PATH", "")
    with pytest.raises(MissingPart, match="pictures in TikZ need TeX"):
        tikz(r"\draw (0,0) -- (1,1);", alt="A line")
