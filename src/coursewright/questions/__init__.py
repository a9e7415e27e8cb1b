"""Questions: templates of which every student can have a variant of their own, for any learning platform."""

from coursewright.questions.asked import NothingToAsk, ask_finder
from coursewright.questions.asking import Asked, ask
from coursewright.questions.draw import Materials, draw
from coursewright.questions.export import Quiz
from coursewright.questions.question import Question, read_question
from coursewright.questions.rows import read_materials
from coursewright.questions.variant import Variant

__all__ = [
    "Asked",
    "Materials",
    "NothingToAsk",
    "Question",
    "Quiz",
    "Variant",
    "ask",
    "ask_finder",
    "draw",
    "read_materials",
    "read_question",
]
