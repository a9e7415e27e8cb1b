"""Rows that lie in the parts of a cluster, told where they are: of Dask, Spark and Ray."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.words.clusters.errand import Errand
    from coursewright.words.clusters.kinds import tell_there
else:
    __getattr__ = on_first_use(__name__, __file__)
