"""Retelling: a page's facts and sentences, found and told again in the reader's browser."""

from coursewright.sites.retelling.engine import ENGINE, Answer, look_for_engine, run
from coursewright.sites.retelling.told import (
    FOLDER,
    Choices,
    Made,
    Own,
    Part,
    Text,
    Told,
    When,
    can_draw,
    can_retell,
    charts_file,
    charts_files,
    check_size,
    engine_file,
    engine_files,
    table_file,
)

__all__ = [
    "ENGINE",
    "FOLDER",
    "Answer",
    "Choices",
    "Made",
    "Own",
    "Part",
    "Text",
    "Told",
    "When",
    "can_draw",
    "can_retell",
    "charts_file",
    "charts_files",
    "check_size",
    "engine_file",
    "engine_files",
    "look_for_engine",
    "run",
    "table_file",
]
