"""Reads a rule's Python: what a TEST asks and what a body yields, as expressions over variables.

An expression is Python source of a small kind: constants, variables, arithmetic, comparisons,
f-strings without formats, and calls of the functions in NAMED. Constants of a module are put in by
value, assigned variables and helpers of the rules by what they stand for.
"""

from __future__ import annotations

import ast
import builtins
import copy
import inspect
import linecache
from collections.abc import Iterator
from functools import cache
from typing import Any

from whyllm.engine.facts import WorkingFact
from whyllm.engine.rulebook import RuleError

NAMED = {
    "builtins.round": "round",
    "whyllm.engine.rules.need.primary_subtag": "primary_subtag",
    "whyllm.kb.dates.month_count": "month_count",
    "whyllm.kb.dates.months_between": "months_between",
    "whyllm.engine.rules.task.too_early": "too_early",
    "whyllm.engine.rules.task.too_coarse": "too_coarse",
    "whyllm.engine.memory.CacheShape": "CacheShape",
    "whyllm.engine.memory.weights_gb": "weights_gb",
    "whyllm.engine.memory.cache_gb": "cache_gb",
    "whyllm.engine.memory.assumed_cache_gb": "assumed_cache_gb",
    "whyllm.engine.memory.overhead_gb": "overhead_gb",
}
"""The functions that expressions may call: full name -> name; the checker has each of its own."""

_ALLOWED = (
    ast.BinOp, ast.UnaryOp, ast.Compare, ast.JoinedStr, ast.FormattedValue, ast.Load,
    ast.Add, ast.Sub, ast.Mult, ast.Div, ast.USub,
    ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE,
)  # fmt: skip

Names = dict[str, ast.expr]
"""What a name stands for: itself for a variable of the rule, an expression for a local name."""


def test_expression(function: Any) -> str:
    """What the function of a TEST returns; RuleError when that is no expression."""
    node = _definition(function)
    names: Names = {name: ast.Name(name) for name in inspect.signature(function).parameters}
    return ast.unparse(_result(function, node, names))


def conclusions(body: Any) -> Iterator[tuple[type[WorkingFact], dict[str, str]]]:
    """The facts that a rule's body yields: type, and slot -> expression, in order.

    Raises RuleError for a body that does more than assign names and yield facts.
    """
    names: Names = {name: ast.Name(name) for name in inspect.signature(body).parameters}
    for statement in _statements(_definition(body)):
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Yield):
            kind, slots = _fact(body, statement.value.value, names)
            yield kind, {slot: ast.unparse(value) for slot, value in slots.items()}
        else:
            _assign(body, statement, names)


def _fact(
    function: Any, call: ast.expr | None, names: Names
) -> tuple[type[WorkingFact], dict[str, ast.expr]]:
    """The fact that a call makes, itself or through a helper."""
    if not isinstance(call, ast.Call):
        raise _refusal(function, call, "expected a fact")
    made_by = _value(function, call.func)
    if isinstance(made_by, type) and issubclass(made_by, WorkingFact):
        slots = {str(k.arg): _Expand(function, names).visit(k.value) for k in call.keywords}
        if call.args or set(slots) != set(made_by.slots()):
            raise _refusal(function, call, f"expected the slots {', '.join(made_by.slots())}")
        return made_by, {slot: slots[slot] for slot in made_by.slots()}
    inner = _arguments(function, made_by, call, names)
    return _fact(made_by, _returned(made_by, _definition(made_by), inner), inner)


def _arguments(function: Any, helper: Any, call: ast.Call, names: Names) -> Names:
    """What the parameters of a helper stand for in a call of it."""
    if not inspect.isfunction(helper) or helper is function:
        raise _refusal(function, call, "expected a function of the rules or one with a name")
    given = [_Expand(function, names).visit(argument) for argument in call.args]
    named = {str(k.arg): _Expand(function, names).visit(k.value) for k in call.keywords}
    try:
        return dict(inspect.signature(helper).bind(*given, **named).arguments)
    except TypeError as error:
        raise _refusal(function, call, str(error)) from None


def _result(function: Any, node: ast.AST, names: Names) -> ast.expr:
    """What a lambda or a helper returns, in terms of the rule's variables."""
    returned = node.body if isinstance(node, ast.Lambda) else _returned(function, node, names)
    return _Expand(function, names).expanded(returned)


def _returned(function: Any, node: ast.AST, names: Names) -> ast.expr:
    """The expression after the one `return`, once the assignments before it are in `names`."""
    *before, last = _statements(node)
    for statement in before:
        _assign(function, statement, names)
    if not isinstance(last, ast.Return) or last.value is None:
        raise _refusal(function, last, "expected assignments, then one return")
    return last.value


def _assign(function: Any, statement: ast.stmt, names: Names) -> None:
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            names[name] = _Expand(function, names).visit(value)
        case _:
            raise _refusal(function, statement, "expected an assignment or a yield")


class _Expand(ast.NodeTransformer):
    """Puts what names stand for in their place; RuleError for what no expression may hold."""

    def __init__(self, function: Any, names: Names) -> None:
        self.function = function
        self.names = names

    def expanded(self, node: ast.expr) -> ast.expr:
        """The expression, changed in place where it can be."""
        found: ast.expr = self.visit(node)
        return found

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in self.names:
            return copy.deepcopy(self.names[node.id])
        return self._constant(node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        return self._constant(node)

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        if type(node.value) not in (str, int, float, bool):
            raise _refusal(self.function, node, "expected text, a number or a truth value")
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        called = _value(self.function, node.func)
        full = f"{getattr(called, '__module__', '')}.{getattr(called, '__qualname__', '')}"
        if full not in NAMED:
            inner = _arguments(self.function, called, node, self.names)
            return _result(called, _definition(called), inner)
        if node.keywords:
            raise _refusal(self.function, node, "expected arguments by position")
        return ast.Call(ast.Name(NAMED[full]), [self.visit(a) for a in node.args], [])

    def visit_FormattedValue(self, node: ast.FormattedValue) -> ast.AST:
        if node.conversion != -1 or node.format_spec is not None:
            raise _refusal(self.function, node, "expected an f-string without formats")
        return self.generic_visit(node)

    def generic_visit(self, node: ast.AST) -> ast.AST:
        if not isinstance(node, _ALLOWED):
            raise _refusal(self.function, node, "no expression that can be declared")
        return super().generic_visit(node)

    def _constant(self, node: ast.expr) -> ast.expr:
        value = _value(self.function, node)
        if type(value) not in (str, int, float, bool):
            raise _refusal(self.function, node, f"stands for {value!r}, which is no constant")
        written: ast.expr = ast.parse(repr(value), mode="eval").body
        return written


def _value(function: Any, node: ast.expr) -> Any:
    """The object that a name or a dotted name stands for in a function."""
    if isinstance(node, ast.Attribute):
        return getattr(_value(function, node.value), node.attr, None)
    if isinstance(node, ast.Name):
        enclosed = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
        if node.id in enclosed:
            return enclosed[node.id].cell_contents
        return function.__globals__.get(node.id, getattr(builtins, node.id, None))
    raise _refusal(function, node, "expected a name")


def _statements(node: ast.AST) -> list[ast.stmt]:
    """The statements of a function without its docstring."""
    assert isinstance(node, ast.FunctionDef)
    first = node.body[0]
    told = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return node.body[1:] if told else node.body


def _definition(function: Any) -> ast.FunctionDef | ast.Lambda:
    """The syntax of a function or lambda, found by where its code begins."""
    code = function.__code__
    found: list[ast.FunctionDef | ast.Lambda] = []
    for node in _functions(code.co_filename):
        if isinstance(node, ast.Lambda):
            if code.co_name == "<lambda>" and _spans(node, code):
                found.append(node)
        elif node.name == code.co_name:
            first = node.decorator_list[0] if node.decorator_list else node
            found += [node] if first.lineno == code.co_firstlineno else []
    if len(found) != 1:
        raise RuleError(f"{_where(function)}: its source cannot be read")
    return copy.deepcopy(found[0])  # it will be expanded in place


def _spans(node: ast.Lambda, code: Any) -> bool:
    """Whether the code's instructions lie in the lambda's body, to the column."""
    body = node.body
    inside = [
        ((body.lineno, body.col_offset) <= (line, column), (end, to) <= _end(body))
        for line, end, column, to in code.co_positions()
        if None not in (line, end, column, to) and to > 0
    ]
    return node.lineno == code.co_firstlineno and bool(inside) and all(map(all, inside))


def _end(node: ast.expr) -> tuple[int, int]:
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    return node.end_lineno, node.end_col_offset


@cache
def _functions(file: str) -> list[ast.FunctionDef | ast.Lambda]:
    """All functions and lambdas of a source file."""
    try:
        tree = ast.parse("".join(linecache.getlines(file)))
    except SyntaxError:
        return []
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.Lambda)]


def _where(function: Any) -> str:
    code = function.__code__
    return f"{code.co_filename.rsplit('/', 1)[-1]}:{code.co_firstlineno}: {code.co_name}"


def _refusal(function: Any, node: ast.AST | None, expected: str) -> RuleError:
    found = "nothing" if node is None else ast.unparse(node).split("\n")[0]
    return RuleError(f"{_where(function)}: found {found}; {expected}")
