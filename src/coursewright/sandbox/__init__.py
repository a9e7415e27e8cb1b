"""The sandbox: processes for code that somebody else wrote, with limits and with a wall that the kernel makes.

    from coursewright.sandbox.policy import Limits
    from coursewright.sandbox.program import Program

    with Program("def double(n): return 2 * n", "response.py", Limits(seconds=2)) as program:
        program.run()
        program.call("double(21)").value  # 42

`Process` is what lies below it: a function of ours in a process of its own, spoken to in messages. `Wall` says what a
process may reach, `lacking` what this system lacks for one, `can_fork` whether it has fork servers; `enclose`
keeps this program itself to a few folders. The names below
load what they need when they are first used, without `coursewright.faces`: every such process begins with this room.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from coursewright.sandbox.enclosed import enclose
    from coursewright.sandbox.fence import Forbidden
    from coursewright.sandbox.forking import can_fork
    from coursewright.sandbox.patience import TooLong, Watch, limited
    from coursewright.sandbox.policy import Limits, NoWall, Wall
    from coursewright.sandbox.process import Process, Stopped
    from coursewright.sandbox.program import Came, Program
    from coursewright.sandbox.running import TOO_LONG
    from coursewright.sandbox.values import pack, unpack
    from coursewright.sandbox.wall import lacking

_HOMES = {
    "enclosed": ("enclose",),
    "fence": ("Forbidden",),
    "forking": ("can_fork",),
    "patience": ("TooLong", "Watch", "limited"),
    "policy": ("Limits", "NoWall", "Wall"),
    "process": ("Process", "Stopped"),
    "program": ("Came", "Program"),
    "running": ("TOO_LONG",),
    "values": ("pack", "unpack"),
    "wall": ("lacking",),
}


def __getattr__(name: str) -> Any:
    home = next((module for module, names in _HOMES.items() if name in names), None)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    module = import_module(f"{__name__}.{home}")
    globals().update({public: getattr(module, public) for public in _HOMES[home]})
    return globals()[name]
