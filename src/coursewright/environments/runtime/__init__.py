"""What runs inside images as well as here: it needs Python's standard library and Supervisor, and nothing else."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.environments.runtime import sbom
    from coursewright.environments.runtime.keeping import magic
    from coursewright.environments.runtime.logs import Follower, last, said
    from coursewright.environments.runtime.program import WEB
    from coursewright.environments.runtime.rpc import is_up
else:
    __getattr__ = on_first_use(__name__, __file__)
