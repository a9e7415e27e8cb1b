"""Nothing stands in the code for tests alone: what a module defines, something else of ours uses."""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src"
# Texts in which names stand that our code or a reader's calls: pages, settings, scripts, R, and code in documents.
TEXTS = {"src": "js html toml", "r": "R Rmd", "examples": "md Rmd ipynb toml"}
# What another program looks for under its own name.
OF_OTHERS = {
    "_jupyter_server_extension_points": "Jupyter's server",
    "_load_jupyter_server_extension": "Jupyter's server",
    "load_ipython_extension": "IPython",
}

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")


def defined(node: ast.stmt) -> Iterator[str]:
    """The names that a statement at the top of a module gives to it."""
    if isinstance(node, Definition):
        yield node.name
    elif isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        yield from (target.id for target in targets if isinstance(target, ast.Name))


def words() -> Iterator[str]:
    for folder, kinds in TEXTS.items():
        for path in (ROOT / folder).rglob("*"):
            if path.suffix[1:] in kinds.split() and path.is_file() and "build" not in path.parts:
                yield from re.findall(r"\w+", path.read_text(encoding="utf-8"))
    for path in (ROOT / "docs").rglob("*.md"):
        for code in re.findall(r"```python.*?```|`[^`\n]*`", path.read_text(encoding="utf-8"), re.DOTALL):
            yield from re.findall(r"\w+", code)
    yield from re.findall(r"\w+", (ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def walk(node: ast.AST) -> Iterator[ast.AST]:
    """As `ast.walk`, in half its time."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        for value in vars(node).values():
            if isinstance(value, ast.AST):
                waiting.append(value)
            elif isinstance(value, list):
                waiting += [each for each in value if isinstance(each, ast.AST)]


class Uses:
    """Who takes what from whom in all code that is no test."""

    def __init__(self) -> None:
        self.words = Counter(words())
        self.takers: dict[tuple[str, str], set[Path]] = defaultdict(set)
        self.modules: dict[Path, list[tuple[ast.stmt, set[str]]]] = {}
        for folder in ("src", "r", "examples", "benchmarks", "docs/sample"):
            for path in (ROOT / folder).rglob("*.py"):
                body = ast.parse(path.read_text(encoding="utf-8")).body
                self.modules[path] = [(node, self._read(node, path)) for node in body]

    def _read(self, statement: ast.stmt, path: Path) -> set[str]:
        """Note what a statement uses of others, and give the names that it loads."""
        names, documents = set(), set()
        for node in walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                names.add(node.id)
            elif isinstance(node, ast.Attribute):
                self.words[node.attr] += 1
            elif isinstance(node, ast.Expr):
                documents.add(id(node.value))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documents:
                self.words.update(re.findall(r"\w+", node.value))
            elif isinstance(node, ast.ImportFrom):
                above = path.relative_to(ROOT / "src").parts[: -node.level] if node.level else ()
                module = ".".join((*above, node.module) if node.module else above)
                for name in node.names:
                    self.takers[module, name.name].add(path)
        return names

    def taken(self, module: str, name: str) -> bool:
        """Whether a file imports the name, not counting a package that only hands it on to nobody."""
        return any(
            path.name != "__init__.py"
            or any(name in names for _, names in self.modules[path])
            or (module_of(path) != module and self.taken(module_of(path), name))
            for path in self.takers.get((module, name), ())
        )

    def unused(self, path: Path) -> Iterator[str]:
        for node, _ in self.modules[path]:
            for name in defined(node):
                here = any(name in names for other, names in self.modules[path] if other is not node)
                known = here or name.startswith("__") or name in OF_OTHERS or self.words[name]
                if not known and not self.taken(module_of(path), name):
                    yield f"{path.relative_to(SOURCE)}:{node.lineno}: {name}"


def test_no_name_is_there_for_tests_alone() -> None:
    uses = Uses()
    assert [one for path in uses.modules if SOURCE in path.parents for one in uses.unused(path)] == []
