"""Facts on the pages of one file: found in one pass when a second page asks, and the same as found alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from coursewright.courses import build, open_course
from coursewright.courses.plan import materials, plan
from coursewright.errors import CoursewrightError
from coursewright.facts import Fact, Together
from coursewright.pages import execute

TIMELINE = """
[timeline]
table = "years"
key = "year"
order = ["year"]
now = ["year"]
stages = ["start", "end"]
known = { years = "start" }
"""
FINDER = """/*---
title = "Most so far"
tell = "#fruit# had the most before: #most# tonnes"
score = "most"
---*/
SELECT fruit, tonnes AS most FROM sales WHERE tonnes = (SELECT max(tonnes) FROM sales)
"""
PAGE = """---
name: "{{ year }}"
for_each: SELECT year FROM years ORDER BY year
---

# {{ year }}

```{facts}
```
"""
FILES = {
    "course.toml": '[course]\ntitle = "Fruit"\n[parameters]\nyear = 2024\n[tables]\nsales = "data/sales.csv"\n'
    f'years = "data/years.csv"\n{TIMELINE}',
    "data/sales.csv": "year,fruit,tonnes\n2021,apple,10\n2022,pear,14\n2023,plum,12\n2024,fig,20\n",
    "data/years.csv": "year\n2021\n2022\n2023\n2024\n2025\n",
    "facts/most.sql": FINDER,
    "pages/year.md": PAGE,
}
TOLD = {
    "2021": (),
    "2022": ("apple had the most before: 10 tonnes",),
    "2023": ("pear had the most before: 14 tonnes",),
    "2024": ("pear had the most before: 14 tonnes",),
    "2025": ("fig had the most before: 20 tonnes",),
}


class Asked:
    """A way to find facts that remembers which moments it was asked about; those in `wrong` cannot be asked about."""

    def __init__(self, wrong: Sequence[int] = ()) -> None:
        self.times: list[list[int]] = []
        self.wrong = set(wrong)

    def __call__(self, moments: Sequence[Mapping[str, Any]]) -> list[Fact]:
        self.times.append([moment["year"] for moment in moments])
        if wrong := self.wrong & set(self.times[-1]):
            raise CoursewrightError(f"there is nothing for {min(wrong)}")
        return [Fact("f", f"fact {n} of {m['year']}", 9 - n, {}, m) for m in moments for n in range(m["year"] % 3)]


def told(together: Together, year: int, asked: Asked) -> list[str]:
    return [fact.sentence for fact in together.told({"year": year}, ("f",), asked)]


def test_the_first_moment_is_asked_about_alone_and_the_second_with_all_that_are_left() -> None:
    asked, together = Asked(), Together([{"year": year, "other": 1} for year in (4, 5, 6, 7)])
    assert told(together, 5, asked) == ["fact 0 of 5", "fact 1 of 5"]
    assert told(together, 4, asked) == ["fact 0 of 4"]
    assert told(together, 6, asked) == []
    assert told(together, 7, asked) == ["fact 0 of 7"]
    assert asked.times == [[5], [4, 6, 7]]


def test_another_set_of_finders_is_asked_anew() -> None:
    asked, together = Asked(), Together([{"year": 4}])
    assert told(together, 4, asked) == ["fact 0 of 4"]
    together.told({"year": 4}, ("g",), asked)
    assert asked.times == [[4], [4]]


def test_what_is_wrong_at_one_moment_is_told_there_alone() -> None:
    asked, together = Asked(wrong=[6]), Together([{"year": year} for year in (4, 5, 6)])
    assert told(together, 4, asked) == ["fact 0 of 4"]
    assert told(together, 5, asked) == ["fact 0 of 5", "fact 1 of 5"]
    with pytest.raises(CoursewrightError, match="there is nothing for 6"):
        told(together, 6, asked)


def test_pages_of_one_file_tell_what_each_would_tell_alone(make_course: Any) -> None:
    course = open_course(make_course(FILES))
    database = course.database()
    planned, problems = plan(course, database)
    assert problems == []
    one_after_the_other = {p.key: execute(p.page, p.address, materials(course, database, p)) for p in planned}
    for one in planned:
        fresh = course.database()
        alone = execute(one.page, one.address, materials(course, fresh, plan(course, fresh)[0][int(one.key) - 2021]))
        assert alone.blocks == one_after_the_other[one.key].blocks
        assert alone.blocks[0].items == TOLD[one.key]
        assert alone.outcomes == one_after_the_other[one.key].outcomes


def test_a_page_that_alone_has_changed_is_as_it_would_be_in_a_build_of_all(make_course: Any) -> None:
    root = make_course(FILES)
    build(open_course(root))
    before = (root / "build/markdown/2023.md").read_text(encoding="utf-8")
    assert TOLD["2023"][0] in before
    (root / "build/markdown/2023.md").unlink()
    (root / "pages/year.md").write_text(PAGE.replace("# {{ year }}", "# In {{ year }}"), encoding="utf-8")
    build(open_course(root))
    assert (root / "build/markdown/2023.md").read_text(encoding="utf-8") == before.replace("# 2023", "# In 2023")
