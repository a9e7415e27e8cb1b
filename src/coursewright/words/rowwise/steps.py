"""How a text came about, step by step."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One step of how a text came about: at which depth which symbol fired which rule, and what came of it."""

    depth: int
    symbol: str
    rule: str
    text: str

    def __str__(self) -> str:
        return f"{'  ' * self.depth}{self.symbol}: {self.rule} → {self.text}"
