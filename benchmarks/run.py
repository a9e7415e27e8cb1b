"""Run every benchmark and write what it measured to benchmarks/RESULTS.md."""

import importlib.metadata
import os
import platform
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
TOOLS = ("coursewright", "cyclopts", "duckdb", "jinja2", "numpy", "pandas", "plotnine", "polars", "pyarrow", "typer")


def main() -> int:
    """Every other script of this folder prints rows of a table; a script that fails stops the run."""
    rows = []
    for script in sorted(HERE.glob("*.py")):
        if script.name == Path(__file__).name:
            continue
        print(f"{script.name} …", file=sys.stderr, flush=True)
        os.sync()  # what a script leaves to be written to disk does not slow the next
        done = subprocess.run([sys.executable, script], stdout=subprocess.PIPE, text=True, check=True)
        rows += [line for line in done.stdout.splitlines() if line.startswith("|")]
        print("\n".join(done.stdout.splitlines()), flush=True)
    (HERE / "RESULTS.md").write_text(report(rows), encoding="utf-8")
    return 0


def report(rows: list[str]) -> str:
    """The rows below the machine and the versions they were measured with."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    machine = f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()}"
    versions = ", ".join(f"{tool} {version(tool)}" for tool in TOOLS if version(tool))
    return (
        "# What was measured\n\n"
        "Written by `make bench`: each row is one claim, measured against the peer named in it in the same run.\n\n"
        f"Machine: {machine}. Python {platform.python_version()}; {versions}.\n\n"
        "| claim | ours | peer | ratio | target |\n| --- | --- | --- | --- | --- |\n" + "\n".join(rows) + "\n"
    )


def version(tool: str) -> str:
    """The installed version of a tool, or nothing."""
    try:
        return importlib.metadata.version(tool)
    except importlib.metadata.PackageNotFoundError:
        return ""


if __name__ == "__main__":
    sys.exit(main())
