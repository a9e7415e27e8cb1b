"""How services are, as a table: followed on a terminal, and printed once for everybody else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from coursewright.environments.runtime import WEB
from coursewright.environments.services import Running, Status


def table(statuses: Iterable[Status], running: Running) -> list[str]:
    """The table as text, a service a line."""
    rows = [("service", "is", "port", "reached at"), *(_row(status, running.address) for status in statuses)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _row(status: Status, address: str) -> tuple[str, str, str, str]:
    at = ""
    if status.how == "ready" and address:
        at = address if status.name == WEB else f"{address.rstrip('/')}{status.path}" if status.path else ""
    return status.name, status.how, str(status.port or ""), at


def follow(looks: Iterable[Sequence[Status]], running: Running) -> Sequence[Status]:
    """Show the table on standard error while services change; how they are in the end."""
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

    console = Console(stderr=True, soft_wrap=True)
    if not console.is_terminal:
        return list(looks)[-1]
    statuses: Sequence[Status] = ()
    with Live(console=console, transient=True, auto_refresh=False) as live:
        for statuses in looks:
            live.update(Text("\n".join(table(statuses, running))), refresh=True)
    return statuses
