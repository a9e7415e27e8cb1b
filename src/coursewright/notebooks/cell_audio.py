"""A sound of a notebook: samples that a variable holds, or a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coursewright.figures.audio import RATE, audio
from coursewright.media import ending
from coursewright.pages import Directive, Materials, Sound
from coursewright.pages.directives import audio as plugin


class AudioOptions(plugin.Options, frozen=True):
    """Those of `{audio}`, and the `rate` of samples: how many of them a second has."""

    rate: int = RATE


class CellAudio:
    """What carries out an `{audio}` in a notebook, whose `variables` may hold samples."""

    Options = AudioOptions

    def __init__(self, variables: Mapping[str, Any]) -> None:
        self.variables = variables

    def run(self, directive: Directive, options: AudioOptions, materials: Materials) -> Sound:
        """The sound."""
        samples = self.variables.get(directive.argument)
        if samples is None or isinstance(samples, str):
            return plugin.run(directive, options, materials)
        transcript = options.transcript or directive.content.strip()
        made = audio(samples, options.rate, alt=options.alt, caption=options.caption, transcript=transcript)
        name = f"{directive.argument}{ending(made.media_type)}"
        return Sound(name, made.media_type, made.data, made.alt, made.caption, made.transcript)
