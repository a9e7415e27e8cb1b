"""Questions: templates of which every student can have a variant of their own, for any learning platform.

Some of the names below load what they need when they are first used: every process that draws a question begins with
this room, and has no use for tables and facts.
"""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.questions.asking import AskReport, as_many_as_there_are, ask
    from coursewright.questions.drawing.draw import DrawMaterials, draw
    from coursewright.questions.export import FormatLimits, Item, Limit, Quiz
    from coursewright.questions.kinds import KINDS, kind_of
    from coursewright.questions.part import Code, Number, NumberAnswer
    from coursewright.questions.question import Question, read_question, settings_of
    from coursewright.questions.reading.rows import read_materials
    from coursewright.questions.variant import Variant
else:
    __getattr__ = on_first_use(__name__, __file__)
