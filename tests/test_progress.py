"""The bar that long work shows: what it says is text, whatever a page or a question is called."""

from __future__ import annotations

import io

import pytest

from coursewright.cli import progress

NAME = "a [/red] [bold]b \x1b[31mc"


@pytest.mark.parametrize("terminal", [True, False])
def test_what_work_says_is_text(monkeypatch: pytest.MonkeyPatch, *, terminal: bool) -> None:
    said = io.StringIO()
    console = progress.Console(file=said, force_terminal=terminal, width=120, color_system=None, soft_wrap=True)
    monkeypatch.setattr(progress, "Console", lambda **_: console)
    with progress.bar() as bar:
        bar.show(NAME, 1, 2)
        bar.say(NAME)
        bar.progress.refresh()
        bar.done(NAME)
    text = said.getvalue()
    assert text.count("a [/red] [bold]b \ufffd[31mc") >= 2
    assert "\x1b[31m" not in text
