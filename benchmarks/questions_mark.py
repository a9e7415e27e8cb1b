"""Responses of code behind the wall, against a bare Python process for each, without a wall and limits."""

from __future__ import annotations

import resource
import subprocess
import sys

from coursewright.questions.mark import mark_part
from coursewright.questions.part import Case, Code

NUMBER = 60
RESPONSE = "def mean(numbers):\n    return sum(numbers) / len(numbers)\n"
CASES = (("mean([1, 2, 3])", "2"), ("mean([0.5])", "0.5"), ("mean([-1, 1])", "0"))


def spent() -> float:
    """Seconds of the processor's time so far, with those of all processes that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def walled() -> float:
    """Seconds for a response, marked."""
    part = Code(function="mean", cases=tuple(Case(call=call, expects=expects) for call, expects in CASES))
    start = spent()
    for number in range(NUMBER):
        assert mark_part(part, f"{RESPONSE}# {number}").fraction == 1
    return (spent() - start) / NUMBER


def bare() -> float:
    """Seconds for a response, its values printed by Python itself."""
    program = RESPONSE + "".join(f"print(repr({call}))\n" for call, _ in CASES)
    start = spent()
    for _ in range(NUMBER):
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        assert [float(value) for value in done.stdout.split()] == [float(expects) for _, expects in CASES]
    return (spent() - start) / NUMBER


def main() -> None:
    ours, peer = min(walled() for _ in range(3)), min(bare() for _ in range(3))
    row = (
        "a response of code marked behind the wall, of processor time",
        f"{ours * 1000:.0f} ms",
        f"a bare Python for each: {peer * 1000:.0f} ms",
        f"{ours / peer:.1f} × the time",
        "—",
    )
    print(f"| {' | '.join(row)} |")


if __name__ == "__main__":
    main()
