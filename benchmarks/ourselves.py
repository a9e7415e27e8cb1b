"""The first variant of a question in the browser's Python takes at most twice what Python itself takes to start there.

Pyodide under Node.js, as it comes, and with Coursewright's wheels and one question drawn; processor time, medians of
three pairs, in turn.
"""

import json
import resource
import shutil
import statistics
import subprocess
import tempfile
from pathlib import Path

from coursewright.sites.runtimes.ourselves import wheels
from coursewright.sites.runtimes.parts import part

ROOT = Path(__file__).parent.parent
QUESTION = ROOT / "examples" / "assessment" / "questions" / "savings.md"
DRAW = """
from pathlib import Path
from coursewright.questions import read_question
from coursewright.questions.drawing.variants import Drawing
from coursewright.questions.widget import section
file = Path("/questions/savings.md")
answer = section(Drawing(read_question(file, file.read_text("utf-8")), "0", folder=file.parent).variant("1"))
"""


def took(code: str, packages: list[str], files: dict[str, str]) -> float:
    """Seconds of the processor."""
    given = {"python": str(part("pyodide").folder), "wheels": packages, "files": files, "code": code}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [str(shutil.which("node")), str(ROOT / "tests" / "node" / "python.js")],
        input=json.dumps(given),
        check=True,
        text=True,
        stdout=subprocess.DEVNULL,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, content in wheels().items():
            (Path(folder) / name).write_bytes(content)
        packages = [str(file) for file in Path(folder).iterdir()]
        files = {"/questions/savings.md": QUESTION.read_text(encoding="utf-8")}
        pairs = [(took("answer = ''", [], {}), took(DRAW, packages, files)) for _ in range(3)]
    bare, drawn = (statistics.median(each) for each in zip(*pairs, strict=True))
    peer = f"bare Pyodide's start, {bare:.1f} s"
    print(
        f"| first variant of a question in the browser's Python | {drawn:.1f} s | {peer} | {drawn / bare:.2f} | ≤ 2 |"
    )


if __name__ == "__main__":
    main()
