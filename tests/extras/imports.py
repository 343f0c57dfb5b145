"""What the code imports, read from it: what each module needs, and what it asks of an extra."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("kb", "engine", "cli")


@dataclass(frozen=True)
class Import:
    """One module that is imported, by its whole name: as its importer is loaded, or later.

    `extra` is the one that the import is asked of, by `from_extra`.
    """

    name: str
    line: int
    on_loading: bool
    extra: str | None


@dataclass(frozen=True)
class Block:
    """The imports under one `with from_extra(…)`, as a program."""

    where: str
    extra: str
    program: str


@dataclass
class Module:
    """A module of the package by its name, with what it imports but for the sake of types."""

    name: str
    imports: list[Import] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)


@cache
def modules() -> dict[str, Module]:
    """Every module of the package by name; `__main__` runs the command and is left out."""
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            if parts[-1] != "__main__":
                name = ".".join(("whyllm", *(p for p in parts if p != "__init__")))
                found[name] = Module(name)
                _Reader(found[name]).visit(ast.parse(path.read_text()))
    return found


class _Reader(ast.NodeVisitor):
    """Notes the imports of a module, and under which `with from_extra(…)` they stand."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self.within_function = False
        self.extra: str | None = None

    def visit_If(self, node: ast.If) -> None:
        if not (isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"):
            self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        before, self.within_function = self.within_function, True
        self.generic_visit(node)
        self.within_function = before

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self.visit_FunctionDef(node)

    def visit_With(self, node: ast.With) -> None:
        before = self.extra
        for item in node.items:
            call = item.context_expr
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "from_extra":
                assert isinstance(call.args[0], ast.Constant), "an extra is named in so many words"
                self.extra = str(call.args[0].value)
                program = "\n".join(map(ast.unparse, node.body))
                where = f"{self.module.name}:{node.lineno}"
                self.module.blocks.append(Block(where, self.extra, program))
        self.generic_visit(node)
        self.extra = before

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self._note(alias.name, node.lineno)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        assert node.module, "imports are absolute"
        self._note(node.module, node.lineno)
        for alias in node.names:  # those that are modules are told apart once all are known
            self._note(f"{node.module}.{alias.name}", node.lineno)

    def _note(self, name: str, line: int) -> None:
        self.module.imports.append(Import(name, line, not self.within_function, self.extra))


def ours(name: str) -> Iterator[str]:
    """The modules of the package that importing a name loads: it, and the packages around it."""
    parts = name.split(".")
    for length in range(2, len(parts) + 1):
        if (module := ".".join(parts[:length])) in modules():
            yield module


@cache
def libraries_of(module: str) -> frozenset[str]:
    """The libraries without which a module cannot be loaded, its own imports and what they load."""
    found: set[str] = set()
    reached, ahead = set(), [*ours(module)]
    while ahead:
        here = ahead.pop()
        if here in reached:
            continue
        reached.add(here)
        for item in modules()[here].imports:
            if item.on_loading:
                ahead += ours(item.name)
                found |= library(item.name)
    return frozenset(found)


def library(name: str) -> set[str]:
    """The library that a name is of; none for what is ours or Python's own."""
    top = name.partition(".")[0]
    return set() if top == "whyllm" or top in sys.stdlib_module_names else {top}
