"""Actions that do nothing, or lose a part of what they say: Tracery passes over them without a word.

Rule of these checks: `idle-action`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from coursewright.errors import Problem
from coursewright.words.language import quoting, scan
from coursewright.words.language.checks import parts_of, tags_of, texts_of
from coursewright.words.language.scan import Action

if TYPE_CHECKING:
    from coursewright.words.grammar import Grammar

_Said = tuple[str, str]


def idle(grammar: Grammar, columns: Collection[str] | None) -> Iterator[Problem]:
    """Each action of a grammar that runs what saves nothing, saves under a name that no tag has, or loses text.

    `columns` are the names that rows bring, None where they are not known. Texts that cannot be read are passed over.
    """
    texts = [(name, scan.read(text)) for name, rules in grammar.compiled.items() for text in texts_of(rules)]
    read = [(name, rule) for name, rule in texts if not rule.errors]
    actions = [(name, rule, part) for name, rule in read for part in parts_of(rule) if isinstance(part, Action)]
    saved = {action.target for _, _, action in actions if action.kind == "push"}
    asked = {str(tag.symbol) for _, rule in texts for tag in tags_of(rule)}
    known = saved.union(grammar.compiled, columns or ())
    for name, rule, action in actions:
        said: _Said | tuple[()] = ()
        if any(scan.read(text).errors for text in action.rules):
            continue  # which is said of it
        if action.lost:
            said = _lost(action)
        elif action.kind == "run" and not _acts(grammar, action.target, saved, columns):
            said = _shown_nowhere(action, known)
        elif action.kind == "push" and action.target not in asked and ("#" in action.target or not action.target):
            said = _nameless(action)
        if said:
            yield Problem(f'{said[0]}, in "{rule.text}"', grammar.where(name, rule.text), said[1], "idle-action")


def _acts(grammar: Grammar, target: str, saved: Collection[str], columns: Collection[str] | None) -> bool:
    """Whether a text has actions in it or in rules that it leads to, as far as that is known."""
    waiting, seen = [scan.read(target)], set[str]()
    while waiting:
        rule = waiting.pop()
        if any(isinstance(part, Action) and part.kind != "run" for part in parts_of(rule)):
            return True
        for symbol in {str(tag.symbol) for tag in tags_of(rule)} - seen:
            seen.add(symbol)
            own = symbol in grammar.compiled and symbol not in (columns or ())
            if symbol in saved or not (own or symbol in (columns or ())):
                return True  # whatever is saved there; or it is not known, which is said of it
            waiting += [scan.read(text) for text in texts_of(grammar.compiled[symbol])] if own else []
    return False


def _lost(action: Action) -> _Said:
    hint = f"make it a rule of its own, and save that: [{action.target}:#rule#]"
    return f'the action on "{action.target}" ends at its second colon: ":{action.lost}" is lost', hint


def _shown_nowhere(action: Action, known: Collection[str]) -> _Said:
    target = action.target
    save = f"to save it under a name, write [name:{target}]" if target else "leave it out"
    hint = f"{save}; for the brackets themselves, write \\[{target}\\]"
    tags = list(tags_of(scan.read(target)))
    if len(tags) == 1 and target == f"#{tags[0].raw}#":
        hint = f"to show it, write {target}; to save it under a name, [name:{target}]"
    elif target in known:
        hint = f"to show it, write {quoting.tag(target)}; for the brackets themselves, write \\[{target}\\]"
    return f'the action "[{target}]" saves nothing and shows nothing', hint


def _nameless(action: Action) -> _Said:
    what = ",".join(action.rules)
    under = f'under "{action.target}", which no tag names' if action.target else "under no name"
    return f'the action "[{action.target}:{what}]" saves {under}', f"name it: [name:{what}], which #name# shows"
