"""The answer of a statement as a frame of the notebook, which shows itself as pages show tables."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING, Any

from coursewright.tables.showing import as_frame

if TYPE_CHECKING:
    import pyarrow as pa


def answer(rows: pa.Table, html: str) -> Any:
    """The rows as a data frame of pandas or, where that is not installed, of Polars.

    That of pandas shows itself as `html`, as long as it is what it was; what is made from it shows itself as ever.
    """
    if importlib.util.find_spec("pandas") is None:
        import polars

        return polars.from_arrow(rows)
    import pandas as pd

    class Answer(pd.DataFrame):
        """A data frame with a table that was made for it."""

        _html = ""
        _was: Any = None

        def _repr_html_(self) -> str | None:
            if self._was is not None and self.equals(self._was):
                return self._html
            plain: Any = pd.DataFrame(self)
            shown = plain._repr_html_()
            return None if shown is None else str(shown)

    frame = as_frame(rows)
    made = Answer(frame)
    object.__setattr__(made, "_html", html)
    object.__setattr__(made, "_was", frame.copy())
    return made
