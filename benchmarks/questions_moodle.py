"""Variants a second to Moodle XML, against what R/exams does, and whether a hundred thousand cost what a hundred do."""

from __future__ import annotations

import hashlib
import resource
import tempfile
import time
from pathlib import Path

from coursewright.questions import Quiz, ask, read_question
from coursewright.questions.drawing.draw import DrawMaterials

QUESTION = """\
---
title: A quadratic equation
kind: number
tolerance: 0.01
tries: 3
hints: [Complete the square.]
---
```python
a = pick(range(1, 10_000))
b = pick(range(1, 10_000))
answer = round((a + b) / 2, 1)
other = a + b
```

# Question

The numbers {{ a }} and {{ b }} are the solutions of $x^2 - {{ a + b }} x + {{ a * b }} = 0$. Where is the lowest
point of $f(x) = x^2 - {{ a + b }} x + {{ a * b }}$?

# Answers

- {{ other }}
  > That is the *sum* of the solutions.

# Solution

Half way between the solutions: {{ answer }}.
"""
R_EXAMS = 20  # variants a second at the best, version 2.4-2, n = 100, on a quiet machine of this kind


def rate(folder: Path, number: int, jobs: int = 1) -> tuple[float, str]:
    """Variants a second, and what tells the file from others."""
    file = folder / "quadratic.md"
    file.write_text(QUESTION, encoding="utf-8")
    question = read_question(file)
    start = time.perf_counter()
    asked = ask(
        [(question, DrawMaterials())],
        [str(who + 1) for who in range(number)],
        quiz=Quiz(name=f"n{number}", title="Quadratic"),
        to=["moodle"],
        folder=folder,
        jobs=jobs,
    )
    taken = time.perf_counter() - start
    assert not asked.problems, asked.problems
    with asked.files[0].open("rb") as written:
        assert sum(line.count(b'<question type="numerical"') for line in written) == number
        written.seek(0)
        return number / taken, hashlib.file_digest(written, "sha256").hexdigest()


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rate(folder, 100)
        few, _ = max(rate(folder, 2_000) for _ in range(3))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        many, one = rate(folder, 100_000)
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        both, two = rate(folder, 100_000, jobs=2)
        assert one == two, "two jobs wrote something else"
        rows = (
            ("a text with two formulas to Moodle XML, 2,000 variants", f"{few:,.0f} a second",
             f"R/exams 2.4-2: {R_EXAMS} at best (measured before)", f"{few / R_EXAMS:.0f} ×", "1,000 a second"),
            ("the same, 100,000 variants", f"{many:,.0f} a second", f"2,000 variants: {few:,.0f}",
             f"{few / many:.2f} times the time each, {grown:.0f} MB more", "linear, bounded"),
            ("the same, `--jobs 2`, identical bytes", f"{both:,.0f} a second", f"one job: {many:,.0f}",
             f"{both / many:.2f} ×", "1.7 ×"),
        )  # fmt: skip
        for row in rows:
            print(f"| {' | '.join(row)} |")


if __name__ == "__main__":
    main()
