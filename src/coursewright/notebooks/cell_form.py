"""`%form`: the parameters of the course as a form; what hangs on one is told again when a reader changes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from coursewright.errors import MissingPart
from coursewright.notebooks.live import Live
from coursewright.pages import Directive
from coursewright.pages.blocks import Form
from coursewright.pages.executing import carry_out
from coursewright.tables.parameters import Field

if TYPE_CHECKING:
    import ipywidgets

    from coursewright.notebooks.session import AskingMaterials

Read = Callable[[], "AskingMaterials"]


@dataclass
class CellForm:
    """The controls of one form, and what they change: the notebook's parameters, and what is told with them.

    `read` gives the materials at the present parameters, `let` lets one of them have a value; `code` is run again at
    each change, if the cell has any.
    """

    directive: Directive
    read: Read
    let: Callable[[str, Any], None]
    live: Live
    code: Callable[[], Any] | None = None
    controls: dict[str, Any] = field(default_factory=dict)
    output: Any = None

    def show(self) -> ipywidgets.VBox:
        """The form, its parameters being variables as well from now on. Raises MissingPart without ipywidgets."""
        widgets = _ipywidgets()
        fields = self._fields()
        self.controls = {each.name: _control(widgets, each) for each in fields}
        for each in fields:
            self.let(each.name, each.value)
            self.controls[each.name].observe(partial(self._changed, each.name), "value")
        self.live.add(self)
        if not self.code:
            return widgets.VBox([*self.controls.values()])
        self.output = widgets.Output()
        self.run({*self.controls})
        return widgets.VBox([*self.controls.values(), self.output])

    def run(self, changed: Set[str]) -> None:
        """Run the code below the form, if one of its parameters has `changed`."""
        if self.code and not changed.isdisjoint(self.controls):
            self.output.clear_output(wait=True)
            with self.output:
                self.code()

    def offer(self, changed: set[str]) -> None:
        """Offer what there is at the present values; a parameter whose value is gone has the first that there is."""
        materials = self.read()
        for name, control in self.controls.items():
            field = materials.field(name)
            if not changed.isdisjoint(field.depends):
                if field.value not in [choice.value for choice in field.choices]:
                    self.let(name, field.choices[0].value)
                    changed.add(name)
                control.options = _options(field)
            control.value = self.read().parameters[name]

    def _fields(self) -> tuple[Field, ...]:
        """The parameters at the present values. Raises UsageError for a variable that is none of the choices."""
        materials = self.read()
        named = self.directive.argument.replace(",", " ").split()
        asked = named or [name for name, own in materials.declared.items() if own.offered]
        materials.present.check(asked, materials.database)  # before choices are found at values that cannot be
        block = carry_out(self.directive, materials)
        return block.fields if isinstance(block, Form) else ()

    def _changed(self, name: str, change: Mapping[str, Any]) -> None:
        if not self.live.busy:
            self.let(name, change["new"])
            self.live.change(name)


def _ipywidgets() -> Any:
    try:
        import ipywidgets
    except ImportError:
        raise MissingPart("a form needs ipywidgets", None, 'pip install "coursewright[notebooks]"') from None
    return ipywidgets


def _options(field: Field) -> list[tuple[str, Any]]:
    return [(choice.label, choice.value) for choice in field.choices]


def _control(widgets: Any, field: Field) -> Any:
    """What a reader changes the parameter with; a text or number counts when it is whole."""
    own = {"description": field.label, "style": {"description_width": "initial"}, "value": field.value}
    if field.choices:
        return widgets.Dropdown(options=_options(field), **own)
    if field.kind == "truth":
        return widgets.Checkbox(indent=False, **own)
    if field.kind == "text":
        return widgets.Text(continuous_update=False, **own)
    whole = field.kind == "whole"
    if field.range is None:
        return (widgets.IntText if whole else widgets.FloatText)(continuous_update=False, **own)
    first, last = field.range
    step = {} if whole else {"step": (last - first) / 100}
    kind = widgets.IntSlider if whole else widgets.FloatSlider
    return kind(min=first, max=last, continuous_update=False, **step, **own)
