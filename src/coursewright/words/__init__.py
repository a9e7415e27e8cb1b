"""Words from rows: Tracery grammars, run over tables.

    from coursewright.words import Grammar, tell

    grammar = Grammar({"origin": "#name# was placed #place.upper#!"})
    tell(grammar, [{"name": "Jo", "place": "first"}])      # ["Jo was placed FIRST!"]

The names below load what they need when they are first used, so that importing this room costs next to nothing.
"""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.words.explaining import Explanation, explain
    from coursewright.words.grammar import Grammar
    from coursewright.words.readying import ready
    from coursewright.words.rowwise.trouble import MissingValueWarning, NotToldWarning
    from coursewright.words.streaming import tell_file
    from coursewright.words.telling import tell
else:
    __getattr__ = on_first_use(__name__, __file__)
