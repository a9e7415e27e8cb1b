"""Columns of tables as readers want them: in the form of their type, of the language, and of the author's choice."""

from coursewright.pages.columns.codes import amounts
from coursewright.pages.columns.grids import count, grid
from coursewright.pages.columns.looks import ColumnLooks, looks
from coursewright.pages.columns.named import named_columns, pairs
from coursewright.pages.columns.tools import tools
from coursewright.pages.columns.words import word

__all__ = ["ColumnLooks", "amounts", "count", "grid", "looks", "named_columns", "pairs", "tools", "word"]
