"""What is wrong in a cell: one message, and the cell has failed."""

from __future__ import annotations

from coursewright.errors import CoursewrightError


class CellProblem(Exception):
    """Problems of a cell, as Jupyter shows them: the messages alone, with no way through our code."""

    def __init__(self, error: CoursewrightError) -> None:
        self.text = "\n\n".join(str(problem) for problem in error.problems)
        super().__init__(self.text)

    def _render_traceback_(self) -> list[str]:
        """The lines that stand in place of a traceback."""
        return self.text.split("\n")
