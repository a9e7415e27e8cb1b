"""The names and the behaviour of pytracery (PyPI `tracery` 0.1, and its main branch), for programs written for it.

    from coursewright.words import tracery
    from coursewright.words.tracery.modifiers import base_english

    grammar = tracery.Grammar({"origin": "#hello.capitalize#, world", "hello": ["hi", "hello"]})
    grammar.add_modifiers(base_english)
    grammar.flatten("#origin#")

As there, and unlike in `coursewright.words`, choices come from the `random` module (`random.seed` makes them repeat),
what is saved stays saved from one text to the next, and a save inside a tag is not undone after it. The language is
Kate Compton's Tracery, the Python names are Allison Parrish's; the code is this project's own. Unlike there, a
grammar used for many texts does not keep every node that it ever made.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from coursewright.words.language import scan
from coursewright.words.language.scan import unescape

__all__ = ["Grammar", "Node", "NodeAction", "RuleSet", "Symbol", "parse", "parse_tag"]

_ROOT = -1
_REMEMBERED = 100


class Node:
    """A stretch of a rule and what became of it: `type` is -1 for a rule, 0 for text, 1 for a tag, 2 for an action."""

    def __init__(self, parent: Grammar | Node, child_index: int, settings: Mapping[str, Any]) -> None:
        """Below a grammar it is a root, below a node one of its children."""
        self.errors: list[str] = []
        root = isinstance(parent, Grammar)
        self.grammar: Grammar = parent if isinstance(parent, Grammar) else parent.grammar
        self.parent = None if isinstance(parent, Grammar) else parent
        self.depth: int = 0 if isinstance(parent, Grammar) else parent.depth + 1
        self.child_index = 0 if root else child_index
        self.raw = settings.get("raw")
        if self.raw is None:
            self.errors.append("Empty input for node")
            self.raw = ""
        self.type = settings.get("type")
        self.is_expanded = False
        self.children: list[Node] = []
        self.finished_text = ""

    def expand_children(self, child_rule: str | None, prevent_recursion: bool = False) -> None:
        """Makes nodes of a rule's sections and joins their texts."""
        self.children, self.finished_text, self.child_rule = [], "", child_rule
        if child_rule is None:
            self.errors.append("No child rule provided, can't expand children")
            return
        sections, errors = parse(child_rule)
        self.errors.extend(errors)
        for index, section in enumerate(sections):
            child = Node(self, index, section)
            self.children.append(child)
            if not prevent_recursion:
                child.expand(prevent_recursion)
            self.finished_text += child.finished_text

    def expand(self, prevent_recursion: bool = False) -> None:
        """Works out the text of this node, once."""
        if self.is_expanded:
            return
        self.is_expanded = True
        if self.type == _ROOT:
            self.expand_children(self.raw, prevent_recursion)
        elif self.type == scan.TEXT:
            self.finished_text = self.raw or ""
        elif self.type == scan.TAG:
            self._expand_tag(prevent_recursion)
        elif self.type == scan.ACTION:
            self.action = NodeAction(self, self.raw or "")
            self.action.activate()

    def _expand_tag(self, prevent_recursion: bool) -> None:
        parsed = parse_tag(self.raw or "")
        self.symbol, self.modifiers = parsed["symbol"], parsed["modifiers"]
        self.preactions = [NodeAction(self, section["raw"]) for section in parsed["preactions"]]
        self.postactions = [undo for action in self.preactions if (undo := action.create_undo())]
        for action in self.preactions:
            action.activate()
        self.expand_children(self.grammar.select_rule(self.symbol, self, self.errors), prevent_recursion)
        for name, arguments in map(scan.read_modifier, self.modifiers):
            modify = self.grammar.modifiers.get(name)
            if modify is None:
                self.errors.append(f"Missing modifier {name}")
                self.finished_text += f"((.{name}))"
            else:
                self.finished_text = modify(self.finished_text, *arguments)

    def clear_escape_chars(self) -> None:
        """Takes the backslashes of escapes out of the text."""
        self.finished_text = unescape(self.finished_text)


class NodeAction:
    """`[target:rule]` (type 0), `[target:POP]` (type 1) or `[target]` (type 2), in a node."""

    def __init__(self, node: Node, raw: str) -> None:
        """Reads the action from the text in its brackets."""
        self.node = node
        self.target, *rest = raw.split(":")
        self.rule = rest[0] if rest else None
        self.type = 2 if not rest else 1 if rest[0] == "POP" else 0

    def create_undo(self) -> NodeAction | None:
        """The action that forgets what this one saves."""
        return NodeAction(self.node, f"{self.target}:POP") if self.type == 0 else None

    def activate(self) -> None:
        """Saves, forgets, or expands the target for its actions alone."""
        grammar = self.node.grammar
        if self.type == 0:
            self.rule_sections = (self.rule or "").split(",")
            self.finished_rules = []
            for section in self.rule_sections:
                root = grammar.create_root(section)
                root.expand()
                self.finished_rules.append(root.finished_text)
            grammar.push_rules(self.target, self.finished_rules, self)
        elif self.type == 1:
            grammar.pop_rules(self.target)
        else:
            grammar.flatten(self.target, allow_escape_chars=True)


class RuleSet:
    """Rules of which `select_rule` gives one."""

    def __init__(self, grammar: Grammar, raw: Any) -> None:
        """A list is taken as it is, a text is the only rule, anything else is no rule."""
        self.grammar = grammar
        self.raw = raw
        self.default_uses: list[int] = []
        self.default_rules: list[Any] = raw if isinstance(raw, list) else [raw] if isinstance(raw, str | bytes) else []

    def select_rule(self) -> Any:
        """One of the rules, all equally likely. Raises IndexError if there is none."""
        return random.choice(self.default_rules)  # noqa: S311 - pytracery's users seed the random module

    def clear_state(self) -> None:
        """Forgets which rules were used."""
        self.default_uses = []


class Symbol:
    """A name and a stack of rule sets: its own and what was saved over them."""

    def __init__(self, grammar: Grammar, key: str, raw_rules: Any) -> None:
        """A symbol with its own rules."""
        self.grammar = grammar
        self.key = key
        self.raw_rules = raw_rules
        self.base_rules = RuleSet(grammar, raw_rules)
        self.clear_state()

    def clear_state(self) -> None:
        """Forgets what was saved over the symbol's own rules."""
        self.stack = [self.base_rules]
        self.uses: deque[dict[str, Node]] = deque(maxlen=_REMEMBERED)
        self.base_rules.clear_state()

    def push_rules(self, raw_rules: Any) -> None:
        """Saves rules over those there are."""
        self.stack.append(RuleSet(self.grammar, raw_rules))

    def pop_rules(self) -> None:
        """Forgets what was saved last. Raises IndexError if nothing is left."""
        self.stack.pop()

    def select_rule(self, node: Node, errors: list[str]) -> Any:
        """One of the rules on top. Raises IndexError if nothing is left."""
        self.uses.append({"node": node})
        if not self.stack:
            errors.append(f"The rule stack for '{self.key}' is empty, too many pops?")
        return self.stack[-1].select_rule()

    def get_active_rules(self) -> Any:
        """One of the rules on top, or None if nothing is left."""
        return self.stack[-1].select_rule() if self.stack else None


class Grammar:
    """Symbols, modifiers, and the errors met so far."""

    def __init__(self, raw: Mapping[str, Any] | None, settings: Mapping[str, Any] | None = None) -> None:
        """A grammar of rules by name."""
        self.modifiers: dict[str, Callable[..., Any]] = {}
        self.errors: list[str] = []
        self.settings: Mapping[str, Any] = settings or {}
        self.load_from_raw_obj(raw)

    def load_from_raw_obj(self, raw: Mapping[str, Any] | None) -> None:
        """Replaces all symbols."""
        self.raw = raw
        self.subgrammars: list[Grammar] = []
        self.symbols = {key: Symbol(self, key, rules) for key, rules in (raw or {}).items()}

    def add_modifiers(self, mods: Mapping[str, Callable[..., Any]]) -> None:
        """Adds functions of a text and the arguments in the tag."""
        self.modifiers.update(mods)

    def clear_state(self) -> None:
        """Forgets everything that was saved."""
        for symbol in self.symbols.values():
            symbol.clear_state()

    def create_root(self, rule: str | None) -> Node:
        """A node for a rule, not yet expanded."""
        return Node(self, 0, {"type": _ROOT, "raw": rule})

    def expand(self, rule: str, allow_escape_chars: bool = False) -> Node:
        """The expanded node of a rule."""
        root = self.create_root(rule)
        root.expand()
        if not allow_escape_chars:
            root.clear_escape_chars()
        self.errors.extend(root.errors)
        return root

    def flatten(self, rule: str, allow_escape_chars: bool = False, seed: Any = None) -> str:
        """The text of a rule; a seed, where one is given, is that of the `random` module from here on."""
        if seed is not None:
            random.seed(seed)
        return self.expand(rule, allow_escape_chars).finished_text

    def push_rules(self, key: str, raw_rules: Any, source_action: NodeAction | None = None) -> None:  # noqa: ARG002 - pytracery's names
        """Saves rules over a symbol, or makes it."""
        if key in self.symbols:
            self.symbols[key].push_rules(raw_rules)
        else:
            self.symbols[key] = Symbol(self, key, raw_rules)

    def pop_rules(self, key: str) -> None:
        """Forgets what was saved last over a symbol."""
        if key in self.symbols:
            self.symbols[key].pop_rules()
        else:
            self.errors.append(f"Can't pop: no symbol for key {key}")

    def select_rule(self, key: str | None, node: Node, errors: list[str]) -> Any:
        """A rule of a symbol, or `((key))` if there is none."""
        if key is not None and key in self.symbols:
            return self.symbols[key].select_rule(node, errors)
        errors.append(f"No symbol for {key}")
        if errors is not self.errors:
            self.errors.append(f"No symbol for {key}")
        return f"(({key}))"


def parse(rule: str | None) -> tuple[list[dict[str, Any]], list[str]]:
    """The sections of a rule, each a dictionary with `type` and `raw`, and what is wrong with it."""
    if rule is None:
        return [], []
    sections, errors = scan.scan(rule)
    return [{"type": kind, "raw": raw} for kind, raw in sections], [error[:1].lower() + error[1:] for error in errors]


def parse_tag(tag_contents: str) -> dict[str, Any]:
    """The `symbol`, `modifiers`, `preactions` and `postactions` of a tag. Raises ValueError for two symbols."""
    sections, _ = parse(tag_contents)
    texts = [section["raw"] for section in sections if section["type"] == scan.TEXT]
    if len(texts) > 1:
        raise ValueError(f"multiple main sections in {tag_contents}")
    symbol, *modifiers = texts[0].split(".") if texts else [None]
    actions = [section for section in sections if section["type"] != scan.TEXT]
    return {"symbol": symbol, "preactions": actions, "postactions": [], "modifiers": modifiers}
