"""Random decision graphs with hostile labels, and a run of hundreds of models, for pictures."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from whyllm.engine.graph.elements import (
    EdgeKind,
    NodeKind,
    State,
    add_edge,
    add_node,
    new_graph,
    plain_text,
)

if TYPE_CHECKING:
    from whyllm.engine.graph.elements import DecisionGraph

HOSTILE = (
    "</text><script>alert(1)</script>",
    "]]><!-- <![CDATA[ --",
    "quotes \" and ' and &amp; and & and &#65; and &lt;",
    r"\N \G \E \l \r %s %(n)s",
    "ends on a backslash\\",
    "ends on two\\\\",
    "<b>markup</b>",
    "<<table><tr><td>x</td></tr></table>>",
    "w" * 300,
    "so many words " * 12,
    "👩‍🔬 emoji 🇫🇷",
    "שלום עולם and العربية",
    "\u202eturned round\u202c",
    "control \x00\x07\x1b[31m characters \x85",
    "lone \ud800 surrogate",
    "line one\nline two\n\nline four",
    "tab\tand no-break\u00a0space",
    "{record|fields}",
    "node -> edge; }",
    'a" onload="alert(1)',
    "\n\n",
    " ",
    "",
    "-",
    "graph",
)

URLS = (
    "",
    "https://huggingface.co/a/b?c=d&e=f",
    "rules.md#lic-010",
    "../docs/a.md",
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "java\nscript:alert(1)",
    " javascript:alert(1)",
    "data:text/html,x",
    "file:///etc/passwd",
    "//elsewhere.example/x",
    "\\\\elsewhere.example\\x",
    'https://x.example/"onload="alert(1)',
)


def random_graph(seed: int, nodes: int = 12) -> DecisionGraph:
    """A graph of any kinds and states, with loops, parallel edges and hostile text all over."""
    chance = random.Random(seed)
    graph = new_graph(
        "random",
        chance.choice(HOSTILE) or "name",
        chance.choice(HOSTILE),
        chance.choice(("TB", "BT", "LR")),
    )
    ids: list[str] = []
    for number in range(nodes):
        node = plain_text(f"{chance.choice(HOSTILE)}:{number}")
        add_node(
            graph,
            node,
            chance.choice(list(NodeKind)),
            chance.choice(HOSTILE),
            state=chance.choice(list(State)),
            note=chance.choice(HOSTILE),
            url=chance.choice(URLS),
            members=tuple(chance.sample(HOSTILE, chance.randrange(3))),
        )
        ids.append(node)
    for _ in range(nodes * 3 // 2):
        add_edge(
            graph,
            chance.choice(ids),
            chance.choice(ids),
            chance.choice(list(EdgeKind)),
            chance.choice(HOSTILE) if chance.random() < 0.5 else "",
            state=chance.choice(list(State)),
        )
    return graph


def large_run(models: int = 460, rules: int = 30, stages: int = 8) -> DecisionGraph:
    """A run: a path of stages, their rules, and many models, each hung on one to three rules."""
    chance = random.Random(7)
    graph = new_graph("run", "A large run", "What became of each model.")
    add_node(graph, "start", NodeKind.START, "What is your need", state=State.TAKEN)
    previous, rule_ids = "start", [f"RULE-{number:03}" for number in range(rules)]
    for stage in range(stages):
        add_node(graph, f"stage{stage}", NodeKind.STAGE, f"Stage {stage}", state=State.TAKEN)
        add_edge(graph, previous, f"stage{stage}", EdgeKind.THEN, state=State.TAKEN)
        previous = f"stage{stage}"
        for rule in rule_ids[stage::stages]:
            label = f"{rule}\nA model that is too large is out"
            add_node(graph, rule, NodeKind.RULE, label, state=State.TAKEN)
            add_edge(graph, previous, rule, EdgeKind.RULE, state=State.TAKEN)
    add_node(graph, "end", NodeKind.END, "What is left", state=State.TAKEN)
    add_edge(graph, previous, "end", EdgeKind.THEN, state=State.TAKEN)
    for number in range(models):
        model, kept = f"model-{number}", number % 8 == 0
        state = State.KEPT if kept else State.EXCLUDED
        add_node(graph, model, NodeKind.MODEL, f"Publisher-model-{number}-instruct", state=state)
        if kept:
            add_edge(graph, "end", model, EdgeKind.KEEPS, state=state)
        else:
            for rule in chance.sample(rule_ids, chance.randint(1, 3)):
                add_edge(graph, rule, model, EdgeKind.EXCLUDES, state=state)
    return graph
