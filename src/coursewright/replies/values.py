"""What a figure can ask for by name: parameters, and tables as data frames, each read when it is asked for."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from coursewright.errors import MissingPart
from coursewright.tables import Database
from coursewright.tables.showing import as_frame


@dataclass(frozen=True)
class SessionValues(Mapping[str, Any]):
    """The parameters of a course, and the tables of its database."""

    parameters: Mapping[str, Any]
    database: Database

    def __getitem__(self, name: str) -> Any:
        if name in self.parameters:
            return self.parameters[name]
        if name not in self.database.tables:
            raise KeyError(name)
        if importlib.util.find_spec("pandas") is None:
            raise MissingPart("figures need pandas", hint='pip install "coursewright[charts]"')
        return as_frame(self.database.query(self.database.select(name)))

    def __iter__(self) -> Iterator[str]:
        return iter({**self.parameters, **self.database.tables})

    def __len__(self) -> int:
        return len({**self.parameters, **self.database.tables})
