"""Fork servers: processes that begin where another one has loaded what they need, for the sandbox and for kernels.

`ForkServer` is one, whoever it forks for, and `ForkServers` those that a process keeps; `ForkedProcess` stands for what
one has forked. `can_fork` says whether this system has them, `ServerGone` that one is no more.
"""

from coursewright.faces import on_first_use

TYPE_CHECKING = False  # `typing` is slow to load, and every walled-off process begins with this room

if TYPE_CHECKING:
    from coursewright.sandbox.forking.servers import ForkedProcess, ForkServer, ForkServers, ServerGone, can_fork
else:
    __getattr__ = on_first_use(__name__, __file__)
