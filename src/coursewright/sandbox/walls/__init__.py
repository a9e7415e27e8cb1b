"""Walls that the kernel makes: Landlock, a filter of system calls, namespaces."""

from coursewright.faces import on_first_use

TYPE_CHECKING = False  # `typing` is slow to load, and every such process begins with this room

if TYPE_CHECKING:
    from coursewright.sandbox.walls.enclosed import enclose
    from coursewright.sandbox.walls.wall import lacking
else:
    __getattr__ = on_first_use(__name__, __file__)
