"""The language of grammars: how rules are read, and what is wrong with them."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.words.language import scan
    from coursewright.words.language.checks import actions_of, texts_of
    from coursewright.words.language.files import grammar_file, read_rules, rules_in
    from coursewright.words.language.phrases import Phrases
    from coursewright.words.language.scan import Rule, Tag, read, unescape
    from coursewright.words.language.unfilled import missing_in_groups, remarks, symbols
else:
    __getattr__ = on_first_use(__name__, __file__)
