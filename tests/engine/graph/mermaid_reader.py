"""Reads flowcharts with Mermaid's own parser, in an engine of JavaScript inside this process."""

from __future__ import annotations

import html
import json
import re
import threading
from collections.abc import Callable, Iterable
from typing import Any

import quickjs
from mermaidx.engines._common import context_scripts

STACK = 64 * 2**20
"""What the parser may need of a thread's stack; some platforms give a thread half a megabyte."""

READ = """
globalThis.read = null;
mermaid.mermaidAPI.getDiagramFromText(%s).then(({db}) => {
  read = JSON.stringify({
    nodes: [...db.getVertices().values()], edges: db.getEdges(), direction: db.getDirection(),
    title: db.getAccTitle(), description: db.getAccDescription(),
  });
}).catch(fault => { read = JSON.stringify({fault: String(fault && fault.message || fault)}); });
"""


def read_all(texts: Iterable[str]) -> list[dict[str, Any]]:
    """Each flowchart as Mermaid's parser has it; its nodes' `own` ids come from the comments."""
    return list(_in_a_deep_thread(lambda: _read(list(texts))))


def _read(texts: list[str]) -> list[dict[str, Any]]:
    engine = quickjs.Context()
    engine.set_max_stack_size(STACK * 3 // 4)
    engine.add_callable("__log", lambda _: None)
    for script in context_scripts():
        engine.eval(script)
    engine.eval("mermaid.initialize({startOnLoad: false, securityLevel: 'strict'})")
    return [_told(_parsed(engine, text), text) for text in texts]


def _parsed(engine: quickjs.Context, text: str) -> dict[str, Any]:
    engine.eval(READ % json.dumps(text))
    while not engine.eval("read !== null"):
        if not engine.execute_pending_job():
            assert engine.eval("__runNextTimer()"), "the parser stopped without an answer"
    parsed: dict[str, Any] = json.loads(engine.eval("read.slice(0)"))
    assert "fault" not in parsed, f"{parsed['fault']}\n{text}"
    return parsed


def _told(parsed: dict[str, Any], text: str) -> dict[str, Any]:
    own = {
        found[1]: json.loads(found[2])
        for found in re.finditer(r'^ *%% id (\w+) (".*")$', text, re.MULTILINE)
    }
    parsed["title"] = _label(parsed["title"])
    parsed["description"] = _label(parsed["description"])
    for node in parsed["nodes"]:
        node["own"] = own.get(node["id"], node["id"])
        node["label"] = _label(node.get("text", node["id"]))
    for edge in parsed["edges"]:
        edge["ends"] = tuple(own.get(edge[end], edge[end]) for end in ("start", "end"))
        edge["label"] = _label(edge["text"])
    return parsed


def _label(text: str) -> str:
    """A label as it is drawn: Mermaid keeps codes in a form of its own until then."""
    codes = text.replace("ﬂ°°", "&#").replace("ﬂ°", "&").replace("¶ß", ";")
    read = html.unescape(codes.replace("<br/>", "\n"))
    return "" if read == " " else read  # the grammar has no empty label


def _in_a_deep_thread(work: Callable[[], list[dict[str, Any]]]) -> list[dict[str, Any]]:
    answers: list[list[dict[str, Any]]] = []
    faults: list[BaseException] = []

    def run() -> None:
        try:
            answers.append(work())
        except BaseException as fault:
            faults.append(fault)

    usual = threading.stack_size(STACK)
    try:
        thread = threading.Thread(target=run)
        thread.start()
    finally:
        threading.stack_size(usual)
    thread.join()
    if faults:
        raise faults[0]
    return answers[0]
