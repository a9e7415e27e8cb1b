"""Claim: a season of the example takes under 10 s, again with nothing changed under 1 s, and help under 0.3 s."""

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

EXAMPLE = Path(__file__).parent.parent / "examples" / "formula-one"

PART = ("--set", "since=2026", "--no-figures")  # 114 pages of the book, which `book.py` measures


def seconds(*arguments: str, times: int = 3) -> float:
    """The least of the seconds that the command took in several runs: what it needs when nothing disturbs it."""
    runs = []
    for _ in range(times):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-m", "coursewright", *arguments], check=True, capture_output=True)
        runs.append(time.perf_counter() - start)
    return min(runs)


def bare() -> float:
    """The same for Python alone."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    return time.perf_counter() - start


def main() -> None:
    """Print the rows of the claims."""
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder) / "course"
        shutil.copytree(EXAMPLE, course, ignore=shutil.ignore_patterns("build"))
        cold = seconds("build", str(course), *PART, times=1)
        again = seconds("build", str(course), *PART)
    python = min(bare() for _ in range(3))
    aid = seconds("--help")
    print(f"| `coursewright build examples/formula-one {' '.join(PART)}`, cold | {cold:.2f} s | — | — | under 10 s |")
    print(
        f"| the same, nothing changed | {again:.2f} s | cold: {cold:.2f} s | {cold / again:.0f} × faster | under 1 s |"
    )
    print(
        f"| `coursewright --help` | {aid:.2f} s | Python alone: {python:.2f} s | {aid / python:.1f} × | under 0.3 s |"
    )


if __name__ == "__main__":
    main()
