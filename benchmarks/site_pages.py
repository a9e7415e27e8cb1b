"""Claim: a page costs the same in a site of 10,000 as in one of 100, in time and memory; unchanged, next to nothing.

Each page has text, links to two others and a table whose cells lead to further ones. Time is the processor's.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

FEW, MANY = 100, 10_000

PAGE = """---
title: "{{ place }}"
for_each: SELECT id, name AS place, people FROM places
name: "p-{{ id }}"
---

# {{ place }}

{{ place }} has {{ people }} people. See [all of them](index.md) or [the first](place:0).

```{table}
:link: Place = place
:hide: id
SELECT id, name AS "Place", people AS "People" FROM places WHERE id BETWEEN :id AND :id + 9
```

## More

- one
- two *three* `four`
"""

BUILD = """
import json, resource, sys, time
from coursewright.courses import build, open_course
before = time.process_time()
built = build(open_course(sys.argv[1]))
spent, most = time.process_time() - before, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([built.executed, spent, most]))
"""


def course(folder: Path, pages: int) -> None:
    """A course of so many pages."""
    for name in ("pages", "data"):
        (folder / name).mkdir(parents=True)
    (folder / "course.toml").write_text('[course]\ntitle = "Many"\n[tables]\nplaces = "data/places.csv"\n')
    rows = "".join(f"{number},Place {number},{number * 37 % 9973}\n" for number in range(pages))
    (folder / "data/places.csv").write_text(f"id,name,people\n{rows}")
    (folder / "pages/index.md").write_text("# Places\n\n```{pages} place\n```\n")
    (folder / "pages/place.md").write_text(PAGE)


def built(folder: Path, executed: int) -> tuple[float, float]:
    """Seconds and megabytes (2^20 bytes) of a build in a process of its own, which makes `executed` pages."""
    done = subprocess.run([sys.executable, "-c", BUILD, folder], check=True, capture_output=True, text=True)
    made, seconds, most = json.loads(done.stdout)
    assert made == executed, (made, executed)
    return seconds, most


def main() -> None:
    """Print the rows of the claims."""
    cold, again, memory = {}, {}, {}
    for pages in (FEW, MANY):
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary) / "course"
            course(folder, pages)
            cold[pages], memory[pages] = built(folder, pages + 1)
            again[pages], _ = built(folder, 0)
    with tempfile.TemporaryDirectory() as temporary:
        course(Path(temporary) / "course", 1)
        start, _ = built(Path(temporary) / "course", 2)  # what is spent before the first page
    each = {pages: (cold[pages] - start) / pages for pages in (FEW, MANY)}
    print(
        f"| a page of a site of {MANY:,}, against one of {FEW} | {each[MANY] * 1000:.1f} ms | "
        f"{each[FEW] * 1000:.1f} ms | {each[MANY] / each[FEW]:.2f} | ≤ 1.2 |"
    )
    print(f"| memory for {MANY:,} pages | {memory[MANY]:.0f} MB | {FEW} pages: {memory[FEW]:.0f} MB | — | ≤ 300 MB |")
    limit = 0.5 + 0.0003 * MANY
    print(
        f"| {MANY:,} pages, nothing changed | {again[MANY]:.2f} s | cold: {cold[MANY]:.0f} s | "
        f"{cold[MANY] / again[MANY]:.0f} × faster | ≤ {limit:.1f} s |"
    )


if __name__ == "__main__":
    main()
