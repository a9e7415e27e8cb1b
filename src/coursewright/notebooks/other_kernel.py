"""`%%code-cell LANGUAGE`: code that a kernel of another language carries out, beside that of the notebook."""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coursewright.errors import CoursewrightError
from coursewright.notebooks.problem import CellProblem

if TYPE_CHECKING:
    from coursewright.notebooks.frames import Frames
    from coursewright.notebooks.session import AskingMaterials
    from coursewright.pages.engines import CellTask, Kernel, Ran


_ENDED = "the kernel for {} was ended, with its variables"


class OtherKernel:
    """The kernels of a notebook by language, begun when they are first asked for and ended with it."""

    _ipython_magic_no_var_expand = True

    def __init__(self, ipython: Any, frames: Frames) -> None:
        self.__name__ = "code-cell"
        self.ipython, self.frames = ipython, frames
        self.kernels: dict[str, Kernel] = {}
        self.handed: dict[str, dict[str, Any]] = {}  # the parameters that each has, as they were handed over

    def __call__(self, line: str, cell: str = "") -> None:
        """Carry it out and show what it gives. Raises CellProblem with what is wrong."""
        try:
            self._carry_out(line, cell)
        except CoursewrightError as error:
            raise CellProblem(error) from None

    def _carry_out(self, line: str, cell: str) -> None:
        from coursewright.notebooks.magic import session
        from coursewright.pages.engines import CellOptions, asking
        from coursewright.pages.reading import read_options
        from coursewright.pages.text import standing_alone

        file = Path(f"cell {len(self.ipython.user_ns['In']) - 1}")
        directive = standing_alone("code-cell", line, cell, file)
        asked = asking(directive, read_options(directive, CellOptions))
        materials = session().materials(self.ipython.user_ns, "")
        kernel = self._kernel(asked, materials.language)
        self._hand_over(kernel, asked, materials)
        ran = self._run(kernel, asked)
        _show(ran, asked.language, materials.language)
        if ran.failure:
            raise CoursewrightError(ran.failure.message, asked.place(ran.failure.line or 1))
        for name in asked.gives:
            self._give(kernel, asked, name)
        if ran.ends:
            self._end(asked.language)
            sys.stderr.write(f"note: {_ENDED.format(asked.language)}\n")

    def _kernel(self, asked: CellTask, language: str) -> Kernel:
        from coursewright.pages.engines import Kernel, engine_for
        from coursewright.pages.engines.sides import SIDES

        if asked.language not in self.kernels:
            kernel = Kernel(engine_for(asked.language, asked.place()), Path.cwd(), asked.place(), language=language)
            self.kernels[asked.language] = kernel
            if side := SIDES.get(asked.language):
                kernel.ask(side.begin(), asked.place())
        return self.kernels[asked.language]

    def _hand_over(self, kernel: Kernel, asked: CellTask, materials: AskingMaterials) -> None:
        """Have the parameters that the code names, and the frames that it takes, as variables there.

        One that is there already stays what the code made of it, until it changes here.
        """
        from coursewright.pages.engines import is_named
        from coursewright.pages.engines.sides import SIDES

        side = SIDES.get(asked.language)
        if side is None and (asked.takes or asked.gives):
            place = asked.directive.place_of("in" if asked.takes else "out")
            raise CoursewrightError("frames go to Python and R alone", place, "read or write a file in this language")
        values = {name: value for name, value in materials.parameters.items() if name not in materials.present.free}
        named = {name: value for name, value in values.items() if is_named(name, asked.code, asked.language)}
        handed = self.handed.setdefault(asked.language, {})
        new = {name: value for name, value in named.items() if name not in handed or handed[name] != value}
        try:
            if side and (usable := {name: value for name, value in new.items() if side.is_name(name)}):
                kernel.ask(side.assign(usable), asked.place())
                handed |= usable
        except TypeError as error:
            raise CoursewrightError(f"a parameter has a value of the kind {error}", asked.place()) from None
        for name in asked.takes:
            file = self.frames.given(name, materials, asked.directive.place_of("in"))
            if side:
                kernel.ask(side.take(name, file), asked.directive.place_of("in"))

    def _run(self, kernel: Kernel, asked: CellTask) -> Ran:
        """What the code gives; who interrupts it, or waits for too long, ends its kernel."""
        from coursewright.pages.engines import CellTooSlow

        try:
            return kernel.run(asked.code, asked.seconds or math.inf)
        except RuntimeError as error:
            self._end(asked.language)
            raise kernel.died(error, asked.place()) from None
        except CellTooSlow:
            self._end(asked.language)
            said = f"this cell takes longer than {asked.seconds:g} seconds"
            raise CoursewrightError(said, asked.place(), "allow more: :seconds: …") from None
        except KeyboardInterrupt:
            self._end(asked.language)
            sys.stderr.write(f"note: {_ENDED.format(asked.language)}\n")
            raise

    def _end(self, language: str) -> None:
        self.handed.pop(language, None)
        self.kernels.pop(language).stop()

    def _give(self, kernel: Kernel, asked: CellTask, name: str) -> None:
        """Have a frame of the other kernel as a variable of the notebook."""
        from coursewright.pages.engines import read_given
        from coursewright.pages.engines.sides import SIDES

        place, file = asked.directive.place_of("out"), self.frames.file_for(name)
        kernel.ask(SIDES[asked.language].give(name, file), place)
        if left := read_given(name, file, place):
            sys.stderr.write(f"note: {left}\n")
        self.frames.take_file(name, file)
        self.frames.gave.add(name)

    def close(self) -> None:
        """End the kernels."""
        for language in list(self.kernels):
            self._end(language)


def _show(ran: Ran, kernel: str, language: str) -> None:
    """Show what a kernel gave, as the notebook's own would."""
    from IPython.display import display

    from coursewright.pages.engines import given

    for output in json.loads(given(ran, kernel, language) or b"[]"):
        if output["output_type"] == "stream":
            (sys.stdout if output["name"] == "stdout" else sys.stderr).write(output["text"])
        elif output["output_type"] != "error":
            show: Any = display
            show(output["data"], metadata=output["metadata"], raw=True)
