"""Blocks in SQL that stands alone: for an engine that is told the present parameters."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.pages.retold.elsewhere import RetoldElsewhere, retold_elsewhere
    from coursewright.pages.retold.figure import RetoldFigure, retold_figure
    from coursewright.pages.retold.rows import RetoldRows, retold_rows
    from coursewright.pages.retold.table import RetoldTable, pieces, retold_table
    from coursewright.pages.retold.tell import RetoldTexts, retold_texts, rows_of
else:
    __getattr__ = on_first_use(__name__, __file__)
