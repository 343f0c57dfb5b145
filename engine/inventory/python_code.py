"""Finds the models that Python code names: arguments that are models, and variables named so."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator

from whyllm.engine.inventory import commands
from whyllm.engine.inventory.mention import Mention
from whyllm.engine.inventory.name_shapes import Sense, is_stated, name_in, sense_of
from whyllm.engine.inventory.passage import Passage, line_starts
from whyllm.engine.inventory.vocabulary import word_list

LONGEST = 2_000_000
"""Characters of a program; its tree takes about a hundred times as much memory."""

_FIRST = frozenset(word_list("calls_model_first"))
"""Calls whose first argument is a model, or may be: from_pretrained(NAME), LLM(NAME)."""
_SURE = _FIRST - {"load_model", "init_chat_model"}
_MODEL = _FIRST | frozenset(word_list("calls_with_model"))
"""Calls whose argument `model` is one, whatever word it is."""
_OLLAMA = frozenset(word_list("calls_of_ollama"))
_RUNS = frozenset(word_list("calls_of_programs"))
_TELLING = re.compile(
    "|".join(["(?i:model|repo_id|hf_|hf |ollama|vllm|pipeline)", *sorted(_FIRST)])
)
_OTHER_KINDS = ("dataset", "space")
_QUOTES = re.compile(r"[A-Za-z]{0,2}(?:\"\"\"|'''|\"|')")


def models_in(passage: Passage) -> Iterator[Mention]:
    """The models that a program names; SyntaxError when it is none that Python can parse."""
    if not _TELLING.search(passage.text):
        return  # spares most programs of a folder the parsing
    if len(passage.text) > LONGEST:
        raise SyntaxError(f"holds more than {LONGEST:,} characters of Python")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of escapes that a string has not: not ours to tell
            tree = ast.parse(passage.text)
            nodes = list(ast.walk(tree))
    except (ValueError, RecursionError, MemoryError):
        raise SyntaxError("is no Python that can be parsed") from None
    yield from _Reader(passage, nodes).mentions()


class _Reader:
    """One program: its nodes, and the names of variables that are given as models."""

    def __init__(self, passage: Passage, nodes: list[ast.AST]) -> None:
        self.passage = passage
        self.nodes = nodes
        self.starts = line_starts(passage.text)
        self.variables: set[str] = set()

    def mentions(self) -> Iterator[Mention]:
        for node in self.nodes:
            if isinstance(node, ast.Call):
                yield from self._call(node)
            elif isinstance(node, ast.Dict):
                for key, value in zip(node.keys, node.values, strict=True):
                    if isinstance(key, ast.Constant) and isinstance(key.value, str):
                        yield from self._valued(sense_of(key.value), value)
            elif isinstance(node, ast.arguments):
                yield from self._defaults(node)
        for node in self.nodes:  # when all variables that are given as models are known
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                yield from self._assignment(node)

    def _call(self, call: ast.Call) -> Iterator[Mention]:
        name = _last_name(call.func)
        keywords = {word.arg: word.value for word in call.keywords if word.arg}
        kind = keywords.get("repo_type")
        if isinstance(kind, ast.Constant) and kind.value in _OTHER_KINDS:
            return
        if name == "add_argument":
            yield from self._argument(call, keywords)
        if call.args and (name in _FIRST or _is_ollama(call.func, name)):
            sense = Sense.SURE if name in _SURE or name in _OLLAMA else Sense.LIKELY
            yield from self._given(sense, call.args[0])
        elif name == "pipeline" and len(call.args) > 1:
            yield from self._given(Sense.SURE, call.args[1])
        if name in _RUNS and call.args:
            yield from self._command(call.args[0])
        for word, value in keywords.items():
            sense_here = sense_of(word)
            if word == "model" and name in _MODEL:
                sense_here = Sense.SURE
            if sense_here is not None:
                yield from self._given(sense_here, value)

    def _given(self, sense: Sense, value: ast.expr) -> Iterator[Mention]:
        """What is given as a model: the strings that it can be; a variable is kept in mind."""
        if isinstance(value, ast.Name):
            self.variables.add(value.id)
        elif isinstance(value, ast.Attribute):
            self.variables.add(value.attr)
        yield from self._valued(sense, value)

    def _argument(self, call: ast.Call, keywords: dict[str, ast.expr]) -> Iterator[Mention]:
        """`add_argument("--model", default=NAME)`."""
        flags = [arg.value for arg in call.args if isinstance(arg, ast.Constant)]
        senses = [sense_of(flag.lstrip("-")) for flag in flags if isinstance(flag, str)]
        if any(senses) and "default" in keywords:
            yield from self._valued(max(filter(None, senses)), keywords["default"])

    def _defaults(self, arguments: ast.arguments) -> Iterator[Mention]:
        """`def f(model=NAME)`."""
        plain = [*arguments.posonlyargs, *arguments.args]
        count = len(arguments.defaults)
        pairs = [
            *zip(plain[len(plain) - count :], arguments.defaults, strict=True),
            *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
        ]
        for argument, default in pairs:
            if default is not None:
                yield from self._valued(sense_of(argument.arg), default)

    def _assignment(self, node: ast.Assign | ast.AnnAssign) -> Iterator[Mention]:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        names = [_last_name(target) for target in targets]
        senses = [
            Sense.SURE if name in self.variables or name == "MODEL" else sense_of(name)
            for name in names
            if name
        ]
        if any(senses) and node.value is not None:
            yield from self._valued(max(filter(None, senses)), node.value)

    def _valued(self, sense: Sense | None, value: ast.expr) -> Iterator[Mention]:
        if sense is None:
            return
        for constant in _strings(value):
            name = name_in(str(constant.value))
            if name is not None:
                offset = self._content(constant)
                offset += max(self.passage.text[offset : offset + 200].find(name), 0)
                yield Mention(name, self.passage.place(offset), stated=is_stated(sense, name))

    def _command(self, value: ast.expr) -> Iterator[Mention]:
        """`subprocess.run(["ollama", "pull", NAME])`, `os.system("ollama pull NAME")`."""
        parts = value.elts if isinstance(value, ast.List | ast.Tuple) else [value]
        lines = [list(commands.commands(part)) for part in self._passages(parts)]
        if isinstance(value, ast.List | ast.Tuple):
            yield from commands.in_words([w for line in lines for words in line for w in words])
        else:
            for line in lines:
                for words in line:
                    yield from commands.in_words(words)

    def _passages(self, parts: list[ast.expr]) -> Iterator[Passage]:
        for part in parts:
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                start = self._content(part)
                end = self._offset(part.end_lineno or part.lineno, part.end_col_offset or 0)
                yield self.passage.part([(start, max(start, end - 1))])

    def _content(self, constant: ast.Constant) -> int:
        """The offset at which a string's text begins, past prefix and quotes."""
        start = self._offset(constant.lineno, constant.col_offset)
        quotes = _QUOTES.match(self.passage.text, start)
        return quotes.end() if quotes else start

    def _offset(self, line: int, column: int) -> int:
        """The offset in characters of a place that the tree gives in bytes of UTF-8."""
        start = self.starts[line - 1]
        text = self.passage.text[start : start + column]
        if text.isascii():
            return start + column
        return start + len(text.encode()[:column].decode(errors="ignore"))


def _last_name(node: ast.expr) -> str | None:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        return str(node.slice.value)  # os.environ["MODEL"] = NAME
    return None


def _is_ollama(function: ast.expr, name: str | None) -> bool:
    """Whether a call is `ollama.pull` or the like, whose first argument is a model."""
    owner = function.value if isinstance(function, ast.Attribute) else None
    return name in _OLLAMA and isinstance(owner, ast.Name) and owner.id == "ollama"


def _strings(value: ast.expr) -> Iterator[ast.Constant]:
    """The string constants that an expression can be, or that a collection holds."""
    waiting = [value]
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, ast.Constant):
            if isinstance(node.value, str):
                yield node
        elif isinstance(node, ast.List | ast.Tuple | ast.Set):
            waiting += node.elts
        elif isinstance(node, ast.Dict):
            waiting += node.values
        elif isinstance(node, ast.IfExp):
            waiting += [node.body, node.orelse]
        elif isinstance(node, ast.BoolOp):
            waiting += node.values
        elif isinstance(node, ast.Call) and len(node.args) > 1:
            if _last_name(node.func) in ("getenv", "get", "Field"):
                waiting.append(node.args[1])
        elif isinstance(node, ast.Call):
            waiting += [word.value for word in node.keywords if word.arg == "default"]
