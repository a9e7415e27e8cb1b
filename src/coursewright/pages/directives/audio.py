"""```` ```{audio} FILE ````: a sound of the course with its words; inside stands the transcript, if there is one."""

from __future__ import annotations

import msgspec

from coursewright.errors import CoursewrightError
from coursewright.figures import audio
from coursewright.media import ending
from coursewright.names import file_name_for
from coursewright.pages.blocks.block import Sound
from coursewright.pages.executing.run import Materials
from coursewright.pages.in_course import file_in_course
from coursewright.pages.text.body import Directive


class AudioOptions(msgspec.Struct, frozen=True):
    """`alt` says in words what is heard, `transcript` has every word that is said, where that does not stand inside."""

    alt: str = ""
    caption: str = ""
    transcript: str = ""


Options = AudioOptions


def run(directive: Directive, options: AudioOptions, materials: Materials) -> Sound:
    """The sound in a file beside the page, or named as seen from the course's folder."""
    if not directive.argument:
        hint = "write the name of a file of the course after {audio}"
        raise CoursewrightError("which sound?", directive.place(), hint)
    if options.transcript and directive.content.strip():
        hint = "write it inside, or in the option"
        raise CoursewrightError("the transcript is there twice", directive.place_of("transcript"), hint)
    transcript = options.transcript or directive.content.strip()
    if not (options.alt or options.caption or transcript):
        hint = "say what is heard: :alt: A blackbird sings"
        raise CoursewrightError("this sound has no alternative text", directive.place(), hint)
    file = file_in_course(directive, materials, "sound")
    materials.used.add(file)
    made = audio(file, alt=options.alt, caption=options.caption, transcript=transcript)
    name = file_name_for(f"{file.stem}{ending(made.media_type)}", "sound")
    return Sound(name, made.media_type, made.data, made.alt, made.caption, made.transcript)
