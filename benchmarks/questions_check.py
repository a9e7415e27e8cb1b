"""Checking all questions of the example bank: 200 variants of each, what is marked and how, and its page.

The time is the processor's, of all processes, and a busy machine makes it longer. Side by side, on a machine with
ten times the work that it has cores for, a check took 77 seconds with a Python for each process and every picture
made, and takes 42; on that machine, when it was quiet, the former took 51. What is left is mostly ten charts of
plotnine, the libraries that some questions load (Pint, igraph), the samples of formulas, and the drawing itself: 2,000
more variants of every question that seems to have few.

Measured side by side on one machine at rest, November 2026: 50.0 s before a question was drawn for its check in one
process, 35.6 s since; where the former took 34.0 s, that is 24.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

BANK = Path(__file__).parent.parent / "examples" / "assessment"
TARGET = 30.0


def spent() -> float:
    """Seconds of the processor's time for a check; its servers and processes have ended by then, and count."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "coursewright", "check", str(BANK)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert said.endswith("no problems\n"), said
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    number = len(list((BANK / "questions").glob("*.md")))
    taken = min(spent() for _ in range(2))
    row = (
        f"`coursewright check` of the example bank, {number} questions and 2 finders, of processor time",
        f"{taken:.1f} s",
        f"the target: {TARGET:.0f} s",
        f"{taken / TARGET:.2f} × the time",
        f"{TARGET:.0f} s",
    )
    print(f"| {' | '.join(row)} |")


if __name__ == "__main__":
    main()
