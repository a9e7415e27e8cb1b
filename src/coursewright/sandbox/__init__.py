"""The sandbox: processes for code that somebody else wrote, with limits and with a wall that the kernel makes.

    from coursewright.sandbox import Limits, Program

    with Program("def double(n): return 2 * n", "response.py", Limits(seconds=2)) as program:
        program.run()
        program.call("double(21)").value  # 42

`Process` is what lies below it: a function of ours in a process of its own, spoken to in messages. `Wall` says what a
process may reach, `lacking` what this system lacks for one, `can_fork` whether it has fork servers; `enclose`
keeps this program itself to a few folders. The names below
load what they need when they are first used, since every such process begins with this room.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from coursewright.sandbox.enclosed import enclose
    from coursewright.sandbox.forking import can_fork
    from coursewright.sandbox.policy import Limits, NoWall, Wall
    from coursewright.sandbox.process import Process, Stopped
    from coursewright.sandbox.program import Program
    from coursewright.sandbox.wall import lacking

__all__ = ["Limits", "NoWall", "Process", "Program", "Stopped", "Wall", "can_fork", "enclose", "lacking"]

_HOMES = {
    "Limits": "policy",
    "NoWall": "policy",
    "Process": "process",
    "Program": "program",
    "Stopped": "process",
    "Wall": "policy",
    "enclose": "enclosed",
    "can_fork": "forking",
    "lacking": "wall",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    module = import_module(f"{__name__}.{_HOMES[name]}")
    globals().update({public: getattr(module, public) for public, home in _HOMES.items() if home == _HOMES[name]})
    return globals()[name]
