"""Questions with a chart of plotnine, against drawing the charts alone in one process."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from coursewright.figures import Chart
from coursewright.questions import Quiz, ask, read_question
from coursewright.questions.drawing.draw import DrawMaterials

CODE = """\
import pandas
from plotnine import aes, geom_point, ggplot

xs = [rng.random() for _ in range(40)]
slope = pick([-2, -1, 1, 2])
frame = pandas.DataFrame({"x": xs, "y": [slope * x + rng.gauss(0, 0.2) for x in xs]})
chart = Chart(ggplot(frame, aes("x", "y")) + geom_point(), alt=f"40 points that lie around a line of slope {slope}")
answer = slope
"""
QUESTION = (
    f"---\nkind: number\nseconds: 60\n---\n```python\n{CODE}```\n\n# Question\n\n{{{{ chart }}}}\n\nWhich slope?\n"
)
NUMBER = 100


def alone() -> float:
    """Seconds for the charts, with plotnine imported and warm."""
    import random

    names = {"rng": random.Random(1), "pick": random.Random(2).choice, "Chart": Chart}  # noqa: S311 - a benchmark
    code = compile(CODE, "chart", "exec")
    exec(code, names)  # noqa: S102 - the same code as in the question
    names["chart"].figure()
    start = time.perf_counter()
    for _ in range(NUMBER):
        exec(code, names)  # noqa: S102 - the same code as in the question
        names["chart"].figure()
    return time.perf_counter() - start


def asked() -> float:
    """Seconds for as many variants to Moodle XML, the process that draws them started and warmed up as well."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "slope.md")
        file.write_text(QUESTION, encoding="utf-8")
        start = time.perf_counter()
        done = ask(
            [(read_question(file), DrawMaterials())],
            [str(number) for number in range(NUMBER)],
            quiz=Quiz(name="slope", title="Slope"),
            to=["moodle"],
            folder=Path(folder),
        )
        assert not done.problems, done.problems
        return time.perf_counter() - start


def main() -> None:
    charts, questions = min(alone() for _ in range(2)), min(asked() for _ in range(2))
    print(
        f"| questions with a chart of plotnine to Moodle XML | {NUMBER / questions:.1f} a second "
        f"| the charts alone: {NUMBER / charts:.1f} a second | {questions / charts:.2f} × the time | 1.2 × |"
    )


if __name__ == "__main__":
    main()
