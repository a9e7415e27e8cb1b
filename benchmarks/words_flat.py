"""Telling 100 thousand, a million and ten million rows: the same pace, and little memory beyond input and output."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path

from coursewright.words import Grammar, tell
from words_story import RULES, best_of, row, rows

SIZES = (100_000, 1_000_000, 10_000_000)
MEGABYTE = 1_000_000


def measure(count: int) -> dict[str, float]:
    """Rows per second, and the peak of memory beyond input and output in megabytes; in a process of its own."""
    grammar = Grammar(RULES)
    tell(grammar, rows(1000))
    table = rows(count)
    before = _resident()
    texts = tell(grammar, table)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    beyond = max(0.0, (max(peak, before) - before - texts.estimated_size()) / MEGABYTE)
    del texts
    times = max(3, 5_000_000 // count)  # others use the machine too: the least of many short times, or of a few long
    return {"rate": count / best_of(times, lambda: tell(grammar, table)), "beyond": beyond}


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


def main() -> str:
    """Measures each size in a process of its own and prints two lines."""
    found = []
    for size in SIZES:
        ran = subprocess.run([sys.executable, __file__, str(size)], capture_output=True, text=True, check=True)
        found.append(json.loads(ran.stdout))
    rates = [one["rate"] for one in found]
    beyond = max(one["beyond"] for one in found)
    told = ", ".join(f"{rate:,.0f}" for rate in rates)
    ends = max(rates[0], rates[-1]) / min(rates[0], rates[-1])
    # A million is the best case: enough batches to keep both processors busy, and an output that is still small.
    ratio = f"{ends:.2f} between the ends, {max(rates) / min(rates):.2f} between fastest and slowest"
    text = "\n".join(
        [
            f"| flat from 100 thousand to 10 million rows | {told} rows/s | itself | {ratio} | < 1.2 |",
            row("peak beyond input and output", f"{beyond:,.0f} MB", "300 MB", beyond / 300, "< 1"),
        ]
    )
    print(text)
    return text


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measure(int(sys.argv[1]))))
    else:
        main()
