"""The services of an environment as they run on this machine, and what has to be installed for them."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.environments.services import home, run
    from coursewright.environments.services.neighbours import open_services, others
    from coursewright.environments.services.programs import by_conda, install
    from coursewright.environments.services.running import Running, Status
else:
    __getattr__ = on_first_use(__name__, __file__)
