"""Responses of code behind the wall, against a bare Python process for each, without a wall and limits."""

from __future__ import annotations

import resource
import subprocess
import sys

from coursewright.questions.marking.marks import mark_part
from coursewright.questions.part import Case, Code

NUMBER = 100
RESPONSE = "def mean(numbers):\n    return sum(numbers) / len(numbers)\n"
CASES = (("mean([1, 2, 3])", "2"), ("mean([0.5])", "0.5"), ("mean([-1, 1])", "0"))


def spent(*command: str) -> float:
    """Seconds of the processor's time of a program, with all the processes that it starts."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *command], stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def mark(number: int) -> None:
    """Mark so many responses."""
    part = Code(function="mean", cases=tuple(Case(call=call, expects=expects) for call, expects in CASES))
    for each in range(number):
        assert mark_part(part, f"{RESPONSE}# {each}").fraction == 1


def walled() -> float:
    """Seconds for a response, marked, without what starting the program takes that marks them."""
    return (spent(__file__, str(NUMBER + 1)) - spent(__file__, "1")) / NUMBER


def bare() -> float:
    """Seconds for a response, its values printed by Python itself."""
    program = RESPONSE + "".join(f"print(repr({call}))\n" for call, _ in CASES)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert [float(value) for value in done.stdout.split()] == [float(expects) for _, expects in CASES]
    return sum(spent("-c", program) for _ in range(NUMBER)) / NUMBER


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
    mark(int(sys.argv[1])) if sys.argv[1:] else main()
