"""A cell that asks its kernel to end: `exit()` and `quit()` of Python, `q()` of R.

As in Jupyter, its code goes on to its end, for the kernel is only asked. Jupyter then ends the kernel; here it goes on
until it has said what it read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from coursewright.errors import CoursewrightError
from coursewright.pages.engines.asked import CellTask

_ENDS = re.compile(r"\b(?:exit|quit|q)\b")


def ends_its_kernel(cell: CellTask, cells: Sequence[CellTask]) -> str:
    """What the author should know of a cell of a page that ends its kernel.

    Raises CoursewrightError where cells come after it in that kernel, which would have none any more.
    """
    lines = enumerate(cell.code.splitlines(), start=1)
    number, call = next(((number, found[0]) for number, line in lines if (found := _ENDS.search(line))), (1, "exit"))
    if any(each.language == cell.language for each in cells[cells.index(cell) + 1 :]):
        hint = f"take {call}() away; to keep cells from being run, tag them: :tags: [skip-execution]"
        raise CoursewrightError("this cell ends its kernel, which cells after it need", cell.place(number), hint)
    said = f"{call}() ends a kernel when its cell is done; what stands behind it in the cell was run"
    return f"{cell.place(number)}: {said}"
