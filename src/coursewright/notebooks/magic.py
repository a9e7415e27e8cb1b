"""A magic: the directive of the same name, with a cell as its content."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Mapping
from functools import cache, partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coursewright.errors import CoursewrightError
from coursewright.notebooks.problem import CellProblem

if TYPE_CHECKING:
    from coursewright.notebooks.frames import Frames
    from coursewright.notebooks.live import Live
    from coursewright.notebooks.session import Session
    from coursewright.pages import Directive


_DIAGRAMS = frozenset({"automaton", "circuit", "graph", "logic", "number_line", "tikz", "venn"})
_MOST_DRAWN = 500
_DRAWN: dict[tuple[str, ...], tuple[Any, frozenset[str]]] = {}
"""What diagrams of this process showed, by all that their authors wrote."""


class Magic:
    """`%name` and `%%name`: called by IPython with the line behind the name, and with the cell below it."""

    _ipython_magic_no_var_expand = True  # braces and dollars are the author's own

    def __init__(self, name: str, ipython: Any) -> None:
        self.__name__ = name
        self.name, self.ipython = name, ipython

    def __call__(self, line: str, cell: str | None = None) -> Any:
        """What the directive gives, to be shown. Raises CellProblem with all that is wrong, in one message."""
        try:
            return self._carry_out(line, cell)
        except CoursewrightError as error:
            raise CellProblem(error) from None

    def getdoc(self) -> str:
        """What IPython shows for `%%name?`."""
        return help_of(self.name)

    def complete(self, _shell: Any, event: Any) -> list[str]:
        """The options that fit what stands before the cursor."""
        return [f"--{name}" for name in options_of(self.name) if f"--{name}".startswith(event.symbol or "--")]

    def _carry_out(self, line: str, cell: str | None) -> Any:
        from coursewright.errors import Place
        from coursewright.notebooks.line import read_line
        from coursewright.notebooks.live import stands_alone
        from coursewright.pages.text import standing_alone

        file = Path(f"cell {len(self.ipython.user_ns['In']) - 1}")  # the last of what was typed
        argument, options = read_line(line, options_of(self.name), Place(file, 1, f"%%{self.name}"))
        if self.name == "form":
            return self._form(standing_alone(self.name, argument, "", file), cell)
        directive = directive_of(self.name, argument, cell or "", options, file)
        shown, read = self._told(directive)
        if live().hangs_on(read) and stands_alone(self.name, self.ipython.user_ns["In"][-1]):
            return live().show(self.ipython, shown, read, lambda: self._told(directive))
        return shown

    def _form(self, directive: Directive, code: str | None) -> Any:
        """The form; with a cell, the code in it is run at first and after each change."""
        from coursewright.notebooks.cell_form import CellForm

        variables, asked = self.ipython.user_ns, session()
        run = (lambda: self.ipython.run_cell(code)) if code and code.strip() else None
        read, let = (lambda: asked.materials(variables, "")), partial(asked.let, variables)
        return CellForm(directive, read, let, live(), run).show()

    def _told(self, directive: Directive) -> tuple[Any, frozenset[str]]:
        """What the directive gives, to be shown, and the parameters that it read; a diagram is drawn once."""
        key = _words_of(directive)
        if key is None:
            return self._carried_out(directive)
        if key not in _DRAWN:
            if len(_DRAWN) >= _MOST_DRAWN:
                _DRAWN.clear()
            _DRAWN[key] = self._carried_out(directive)
        return _DRAWN[key]

    def _carried_out(self, directive: Directive) -> tuple[Any, frozenset[str]]:
        from dataclasses import replace

        from coursewright.pages.blocks import Sentences
        from coursewright.pages.executing import ParameterLog, carry_out
        from coursewright.pages.formats import show

        variables: dict[str, Any] = self.ipython.user_ns
        plugin = _plugin(directive, variables)
        texts = (directive.argument, directive.content, *directive.options.values())
        materials = session().materials(variables, "\n".join(texts))
        noted = ParameterLog(materials.parameters)
        block = carry_out(directive, replace(materials, parameters=noted), plugin)
        materials.present.check(noted.read, materials.database)
        for remark in [*materials.remarks, *materials.present.notes(noted.read)]:
            sys.stderr.write(f"note: {remark}\n")
        if isinstance(block, Sentences) and not block.items:
            sys.stderr.write("note: there is nothing to tell\n")
        shown: Any = show(block, materials.language)
        if self.name == "table":
            from coursewright.notebooks.answer import answer

            shown = answer(materials.rows[0], shown.html)
            if out := directive.options.get("out"):
                variables[out] = shown
        return shown, frozenset(noted.read)


def _words_of(directive: Directive) -> tuple[str, ...] | None:
    """All that a diagram hangs on; None for what may hang on a parameter, and for what is no diagram."""
    words = (directive.name, directive.argument, directive.content, *chain(*directive.options.items()))
    return words if directive.name in _DIAGRAMS and not any("{{" in each for each in words) else None


@cache
def live() -> Live:
    """What forms of this process change."""
    from coursewright.notebooks.live import Live

    return Live()


def take(frames: Frames, line: str) -> None:
    """`%frames planets`: have tables of the course as variables, as `#| in: planets` says. Raises CellProblem."""
    from coursewright.errors import Place

    place = Place(f"cell {len(frames.space['In']) - 1}", 1, "#| in")
    try:
        materials = session().materials(frames.space, "")
        for name in line.split():
            frames.take(name, materials, place)
    except CoursewrightError as error:
        raise CellProblem(error) from None


@cache
def session() -> Session:
    """The session of this process."""
    import atexit

    from coursewright.notebooks.session import Session

    made = Session()
    atexit.register(made.close)
    return made


def options_of(name: str) -> dict[str, Any]:
    """The options of a magic by name: those of its directive, and its own."""
    import msgspec

    from coursewright import plugins

    shape = plugins.load("directives", name).Options
    found = {each.name: each.type for each in msgspec.structs.fields(shape)}
    if name == "question":
        from coursewright.notebooks.cell_question import settings

        found |= settings()
    own: dict[str, dict[str, Any]] = {"audio": {"rate": int}, "table": {"out": str}}
    return found | own.get(name, {})


def help_of(name: str) -> str:
    """What a magic does and which options it takes, from the directive."""
    from coursewright import plugins

    plugin = plugins.load("directives", name)
    first, _, more = (plugin.__doc__ or "").strip().partition("\n")
    about = first.replace("```` ```", "").replace(" ````", "")
    said = [f"{about}{more}", inspect.getdoc(plugin.Options) or "", inspect.getdoc(plugin.run) or ""]
    own = {"audio": _AUDIO, "form": _FORM, "question": _QUESTION, "table": _TABLE}.get(name, "")
    listed = "\n".join(f"  --{option} {_word(of)}".rstrip() for option, of in options_of(name).items())
    options = f"Options, behind %%{name} or as lines such as :name: value at the top of the cell:\n{listed}"
    return "\n\n".join(filter(None, [f"%%{name}: {said[0]}", *said[1:], own, _EVERY, options]))


_EVERY = (
    "Numbers, texts and dates of the notebook are parameters, :season in SQL and {{ season }} in options, before those "
    "of the course. Its data frames can be named where tables can, unless the course has a table of that name."
)
_AUDIO = "%audio sound --rate 8000 plays samples of the notebook that a variable holds."
_FORM = (
    "Its parameters are variables of the notebook from then on. When one is changed, the magics below that read it are "
    "told again where they stand. %%form has code in its cell, which is run again below the form."
)
_TABLE = "The answer is a data frame: answer = %table NAME, or --out answer on the line of a cell."
_QUESTION = (
    "A cell holds the whole question: its text, or code between ```python and ``` and then # Question, # Answers, "
    "# Solution. Its settings are front matter, or options: --kind number --tolerance 0.01. What stands behind the "
    "magic is the title. %question NAME shows one of the course."
)


def _word(of: Any) -> str:
    """What the value of an option is, by its type."""
    kinds = [each for each in getattr(of, "__args__", (of,)) if each is not type(None)]
    if all(isinstance(each, str) for each in kinds):
        return "|".join(filter(None, kinds))
    return "" if kinds == [bool] else "NUMBER" if set(kinds) <= {int, float} else "TEXT"


def directive_of(name: str, argument: str, content: str, options: Mapping[str, str], file: Path) -> Directive:
    """The directive that a magic is, with the options of its line.

    Raises CoursewrightError for an option that the cell has as well.
    """
    from dataclasses import replace

    from coursewright.pages.text import standing_alone

    directive = standing_alone(name, argument, content, file)
    twice = next((name for name in options if name in directive.options), "")
    if twice:
        hint = "keep it behind the magic, or in the cell"
        raise CoursewrightError(f'the option "{twice}" is there twice', directive.place_of(twice), hint)
    return replace(directive, options={**directive.options, **options})


def _plugin(directive: Directive, variables: Mapping[str, Any]) -> Any:
    """What carries the directive out in a notebook, where that is not what does so on a page; else None."""
    if directive.name == "table":
        from coursewright.notebooks.cell_table import CellTable

        return CellTable()
    if directive.name == "question" and directive.content.strip():
        from coursewright.notebooks.cell_question import CellQuestion

        return CellQuestion()
    if directive.name == "audio":
        from coursewright.notebooks.cell_audio import CellAudio

        return CellAudio(variables)
    return None
