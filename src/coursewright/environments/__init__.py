"""Environments: the services in which a course runs, put together from tiers."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.environments.environment import Environment, Stack, read_environment
    from coursewright.environments.explaining import explain
    from coursewright.environments.feasible import infeasible
else:
    __getattr__ = on_first_use(__name__, __file__)
