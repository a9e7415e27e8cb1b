"""Notebooks: what pages do, in the cells of a Jupyter notebook. A magic is a directive with a cell as its content."""

from __future__ import annotations

import atexit
from functools import partial
from typing import TYPE_CHECKING, Any

from coursewright.faces import on_first_use
from coursewright.magics import NAMES

if TYPE_CHECKING:
    from coursewright.notebooks.publish import publish_lite
else:
    __getattr__ = on_first_use(__name__, __file__)


def load(ipython: Any) -> None:
    """Give `ipython` the magics, their help and the completion of their options.

    What carries them out is loaded when one is first used.
    """
    from coursewright.notebooks.frames import Frames
    from coursewright.notebooks.magic import Magic, take
    from coursewright.notebooks.other_kernel import OtherKernel
    from coursewright.notebooks.place import PageMagic

    frames = Frames(ipython.user_ns)
    other = OtherKernel(ipython, frames)
    atexit.register(frames.close)
    atexit.register(other.close)
    ipython.input_transformers_cleanup.append(frames.transform)
    ipython.register_magic_function(partial(take, frames), "line", "frames")
    ipython.register_magic_function(PageMagic(ipython.user_ns), "line", "page")
    ipython.register_magic_function(other, "cell", "code-cell")
    ipython.register_magic_function(_keep, "line", "keep")
    for name in NAMES:
        magic = Magic(name, ipython)
        ipython.register_magic_function(magic, "line_cell", name)
        for sign in ("%", "%%"):
            ipython.set_hook("complete_command", magic.complete, str_key=f"{sign}{name}")


def _keep(line: str) -> Any:
    """`%keep`: put what you have changed into one archive, to download. `%keep restore [FILE]`: bring it back."""
    from coursewright.environments.runtime import magic

    return magic(line)


__all__ = ["NAMES", "load"]
