"""English for the words that data brings: articles, plurals, past tenses, possessives, capitals, pronouns.

Written for names, numbers and abbreviations ("an 18th win", "an F1 car", "Grands Prix"), where the usual libraries,
which know dictionaries, go wrong.
"""

from __future__ import annotations

from coursewright.words.english.articles import article
from coursewright.words.english.persons import is_one, possessive, pronoun
from coursewright.words.english.plurals import plural
from coursewright.words.english.verbs import agreeing, past

__all__ = ["agreeing", "article", "is_one", "past", "plural", "possessive", "pronoun"]
