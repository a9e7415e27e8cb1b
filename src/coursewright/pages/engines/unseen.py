"""What code may read that no kernel tells of: what compiled libraries open, variables, modules that are not there.

It is read from the code, and rather too much than too little counts as read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_OPENING = re.compile(
    r"\b(polars|pyarrow|duckdb|parquet|feather|read_orc|hdf5?|h5py|netCDF4|xarray|rasterio|geopandas|fiona|pyreadr"
    r"|fread|vroom|readr|readxl|haven|arrow|sf|terra|subprocess|popen|pipe|system2?|exec[lv]p?e?)\b|^\s*[!%]|reticulate",
    re.MULTILINE,
)
_ENVIRONMENT = re.compile(r"environ|getenv|expandvars|%(?:set_)?env\b")
_SHELL = re.compile(r"^\s*!|^\s*%%(?:bash|sh|script|system|sx)\b|expandvars|subprocess|popen|pipe|system", re.MULTILINE)
_NAME = r"[A-Za-z_]\w*"
_TEXT = re.compile(rf"""["']({_NAME})["']|%env\s+({_NAME})""")
_DOLLAR = re.compile(rf"\$\{{?({_NAME})")
_IMPORT = re.compile(
    rf"""^\s*(?:from|import)\s+({_NAME})|\b(?:import_module|__import__|find_spec)\(\s*["']({_NAME})""", re.MULTILINE
)
_ALSO = re.compile(r"^\s*import\s+(.+)$", re.MULTILINE)
_ATTACH = re.compile(
    r"""\b(?:library|require|requireNamespace|loadNamespace)\(\s*["']?([A-Za-z][\w.]*)|\b([A-Za-z][\w.]*):::?\w"""
)
OPEN_SEEN = frozenset(
    {
        *("IPython", "PIL", "lameenc", "matplotlib", "msgspec", "numpy", "pandas", "plotnine", "regex", "scipy"),
        *("sklearn", "statsmodels", "sympy", "yaml"),
        *("Matrix", "cli", "dplyr", "glue", "htmltools", "jsonlite", "lattice", "nlme", "purrr", "rlang", "scales"),
        *("tibble", "tidyr", "vctrs"),
    }
)
"""Packages of Python and R with compiled code that open files by their language, if they open any: it was looked at."""


def opens_unseen(code: str) -> bool:
    """Whether code names something that opens files by itself."""
    return bool(_OPENING.search(code))


def variables_in(code: str) -> Iterator[str]:
    """The variables of the environment that code may look up."""
    if _ENVIRONMENT.search(code):
        yield from (text or magic for text, magic in _TEXT.findall(code))
    if _SHELL.search(code):
        yield from _DOLLAR.findall(code)


def imported_by(code: str) -> Iterator[str]:
    """The modules that code of Python imports, or tries to."""
    yield from (name for found in _IMPORT.findall(code) for name in found if name)
    for several in _ALSO.findall(code):
        yield from re.findall(rf",\s*({_NAME})", several)


def attached_by(code: str) -> Iterator[str]:
    """The packages that code of R takes, or tries to."""
    yield from (name for found in _ATTACH.findall(code) for name in found if name)
