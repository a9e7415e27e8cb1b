"""What an environment is written as."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.environments.targets import containerfile
    from coursewright.environments.targets.carrying import carried, expanded, of_tiers
    from coursewright.environments.targets.containerfile import Labels, Recipe, recipe
    from coursewright.environments.targets.containers import DEVCONTAINER, MARKED, RECIPE, compose, devcontainer
    from coursewright.environments.targets.content import content_recipe
    from coursewright.environments.targets.hub import (
        Hub,
        Login,
        OwnBinder,
        Profile,
        StudentLimits,
        binderhub,
        littlest,
        values,
    )
    from coursewright.environments.targets.repo2docker import FOLDER, binder
    from coursewright.environments.targets.started import is_brought
else:
    __getattr__ = on_first_use(__name__, __file__)
