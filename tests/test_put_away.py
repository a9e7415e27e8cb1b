"""Documents wait between the passes of a build: a page is read once, for the site, its Markdown and feeds."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from coursewright.courses import build, open_course
from coursewright.courses.building import making
from coursewright.courses.building.put_away import AT_HAND


def test_a_page_is_read_once_for_all_that_is_written_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "course.toml").write_text('[course]\ntitle = "Many"\nurl = "https://example.org/"\n')
    pages = [f"p{number:03}" for number in range(AT_HAND + 6)]  # more than stay in memory
    for name in pages:
        (tmp_path / "pages" / f"{name}.md").write_text(f"# {name}\n\nA *word* of {name}[^1].\n\n[^1]: A note.\n")
    seen, read = Counter[str](), making.read_document

    def counted(executed: Any, conventions: Any) -> Any:
        seen[executed.address] += 1
        return read(executed, conventions)

    monkeypatch.setattr(making, "read_document", counted)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    built = build(open_course(tmp_path))
    assert seen == Counter(pages)
    assert not [*built.folder.rglob("documents")]
    feed = (built.folder / "site" / "feed.xml").read_bytes()
    for name in pages:  # every page is made from its document again, and comes to the same
        (built.folder / "site" / f"{name}.html").unlink()
    seen.clear()
    monkeypatch.setattr(making.PutAway, "get", lambda *_: None)
    again = build(open_course(tmp_path), force=True)
    assert min(seen.values()) > 1
    assert (again.folder / "site" / "feed.xml").read_bytes() == feed
