"""Environments: the services in which a course runs, put together from tiers."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.environments import home, image, lock, run
    from coursewright.environments.environment import Environment, Stack, read_environment
    from coursewright.environments.explaining import explain
    from coursewright.environments.feasible import infeasible
    from coursewright.environments.image import GRACE
    from coursewright.environments.neighbours import open_services, others
    from coursewright.environments.programs import by_conda, install
    from coursewright.environments.reference import Reference, is_tag, read_reference
    from coursewright.environments.running import Running, Status
    from coursewright.environments.safety import check
else:
    __getattr__ = on_first_use(__name__, __file__)
