"""The sandbox: processes for code that somebody else wrote, with limits and with a wall that the kernel makes.

    from coursewright.sandbox import Limits, Program

    with Program("def double(n): return 2 * n", "response.py", Limits(seconds=2)) as program:
        program.run()
        program.call("double(21)").value  # 42

`Process` is what lies below it: a function of ours in a process of its own, spoken to in messages; `within` is what
runs in there beside it. `Wall` says what a process may reach, `walls` makes it of what the kernel has. `forking` has
fork servers, those of kernels too.
"""

from coursewright.faces import on_first_use

TYPE_CHECKING = False  # `typing` is slow to load, and every such process begins with this room

if TYPE_CHECKING:
    from coursewright.sandbox.policy import Limits, NoWall, Wall
    from coursewright.sandbox.process import Process, ProcessEnd
    from coursewright.sandbox.program import Came, Program
else:
    __getattr__ = on_first_use(__name__, __file__)
