"""A sound of a notebook: samples that a variable holds, or a file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from coursewright.errors import CoursewrightError, did_you_mean
from coursewright.figures import RATE, audio
from coursewright.media import ending
from coursewright.pages import Directive, Materials
from coursewright.pages.blocks import Sound
from coursewright.pages.directives import audio as plugin


class AudioMagicOptions(plugin.AudioOptions, frozen=True):
    """Those of `{audio}`, and the `rate` of samples: how many of them a second has."""

    rate: int = RATE


class CellAudio:
    """What carries out an `{audio}` in a notebook, whose `variables` may hold samples."""

    Options = AudioMagicOptions

    def __init__(self, variables: Mapping[str, Any]) -> None:
        self.variables = variables

    def run(self, directive: Directive, options: AudioMagicOptions, materials: Materials) -> Sound:
        """The sound."""
        samples = self.variables.get(directive.argument)
        if samples is None or isinstance(samples, str):
            return self._of_file(directive, options, materials)
        if "rate" not in directive.options:
            asked = f"{RATE:,} of these samples are played in a second: say how many are, --rate {RATE}"
            materials.remarks.append(f"{directive.place()}: {asked}")
        transcript = options.transcript or directive.content.strip()
        made = audio(samples, options.rate, alt=options.alt, caption=options.caption, transcript=transcript)
        name = f"{directive.argument}{ending(made.media_type)}"
        return Sound(name, made.media_type, made.data, made.alt, made.caption, made.transcript)

    def _of_file(self, directive: Directive, options: AudioMagicOptions, materials: Materials) -> Sound:
        """The sound in a file, which has a rate of its own: with one given, samples are meant."""
        if "rate" in directive.options:
            if Path(directive.argument).suffix:
                hint = "leave it out: it is for samples, and a file has its own"
                raise CoursewrightError("a file takes no --rate", directive.place(), hint)
            known = [name for name, value in self.variables.items() if not name.startswith("_") and _has_samples(value)]
            hint = did_you_mean(directive.argument, known) or "make them in a cell above"
            raise CoursewrightError(f'no samples called "{directive.argument}"', directive.place(), hint)
        return plugin.run(directive, options, materials)


def _has_samples(value: Any) -> bool:
    """Whether it is an array, or a list of numbers."""
    if isinstance(value, list | tuple):
        return bool(value) and isinstance(value[0], int | float)
    return getattr(getattr(value, "dtype", None), "kind", "") in ("f", "i") and hasattr(value, "__array__")
