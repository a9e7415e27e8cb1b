"""Environments: the services in which a course runs, put together from tiers."""

from coursewright.environments.environment import Environment, Stack, read_environment
from coursewright.environments.explaining import explain
from coursewright.environments.tier import Tier

__all__ = ["Environment", "Stack", "Tier", "explain", "read_environment"]
