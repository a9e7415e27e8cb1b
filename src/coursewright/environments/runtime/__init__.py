"""What runs inside images as well as here: it needs Python's standard library and Supervisor, and nothing else.

So it does not go by `coursewright.faces`, which is not there.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from coursewright.environments.runtime import sbom
    from coursewright.environments.runtime.keeping import magic
    from coursewright.environments.runtime.logs import Follower, last, said
    from coursewright.environments.runtime.program import WEB
    from coursewright.environments.runtime.rpc import is_up
else:
    _HOMES = {"keeping": ("magic",), "logs": ("Follower", "last", "said"), "program": ("WEB",), "rpc": ("is_up",)}

    def __getattr__(name):
        home = next((module for module, names in _HOMES.items() if name in names), None)
        if home is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        return getattr(import_module(f"{__name__}.{home}"), name)
