"""Graphs to draw in tests: a small run, and one whose texts would run if they were markup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whyllm.engine.graph.elements import EdgeKind, NodeKind, State, add_edge, add_node, new_graph

if TYPE_CHECKING:
    from whyllm.engine.graph.elements import DecisionGraph


def run_graph() -> DecisionGraph:
    """A small run: two stages, three rules, models that fell, stay open or were kept."""
    graph = new_graph(
        "run",
        "Code in commercial use, on a 24 GB card",
        "What the expert rulebook did with 9 models: 1 shortlisted, 2 kept, 5 excluded, 1 open.",
    )
    add_node(graph, "start", NodeKind.START, "Your need\ncode · commercial", state=State.TAKEN)
    add_node(graph, "licence", NodeKind.STAGE, "Do its licences permit the use?", state=State.TAKEN)
    add_node(graph, "hardware", NodeKind.STAGE, "Does it run on the machine?", state=State.TAKEN)
    add_node(
        graph,
        "LIC-020",
        NodeKind.RULE,
        "LIC-020\nA licence without commercial use rules out commercial use",
        state=State.EXCLUDED,
        note="Non-commercial terms bind the use, not the user.",
        url="rules.md#lic-020",
    )
    add_node(
        graph,
        "LIC-010",
        NodeKind.RULE,
        "LIC-010\nAn unverified licence leaves the model undecided",
        state=State.UNDECIDED,
        note="Without the licence there is no permission to rely on.",
        url="rules.md#lic-010",
    )
    add_node(
        graph,
        "HW-010",
        NodeKind.RULE,
        "HW-010\nA model that does not fit at any quantisation is out",
        state=State.EXCLUDED,
        note="The smallest quantisation decides whether a model can run at all.",
        url="rules.md#hw-010",
    )
    add_node(graph, "end", NodeKind.END, "What is left", state=State.TAKEN)
    card = "https://huggingface.co/Qwen/Qwen3-Coder"
    add_node(graph, "qwen", NodeKind.MODEL, "Qwen3-Coder 30B", state=State.SHORTLISTED, url=card)
    add_node(
        graph,
        "kept",
        NodeKind.GROUP,
        "2 models",
        state=State.KEPT,
        members=("Devstral Small", "Granite Code 8B"),
    )
    add_node(
        graph,
        "codestral",
        NodeKind.MODEL,
        "Codestral 22B",
        state=State.EXCLUDED,
        note="The licence forbids it: “non-production purposes”.",
    )
    add_node(
        graph,
        "large",
        NodeKind.GROUP,
        "4 models",
        state=State.EXCLUDED,
        members=("DeepSeek-V3", "Kimi K2", "Llama 3.1 405B", "Qwen3-Coder 480B"),
    )
    add_node(graph, "nemo", NodeKind.MODEL, "Mystery 7B", state=State.UNDECIDED)
    for source, target, kind, state in (
        ("start", "licence", EdgeKind.THEN, State.TAKEN),
        ("licence", "hardware", EdgeKind.THEN, State.TAKEN),
        ("licence", "LIC-020", EdgeKind.RULE, State.EXCLUDED),
        ("licence", "LIC-010", EdgeKind.RULE, State.UNDECIDED),
        ("hardware", "HW-010", EdgeKind.RULE, State.EXCLUDED),
        ("hardware", "end", EdgeKind.THEN, State.TAKEN),
        ("LIC-020", "codestral", EdgeKind.EXCLUDES, State.EXCLUDED),
        ("LIC-010", "nemo", EdgeKind.LEAVES_OPEN, State.UNDECIDED),
        ("HW-010", "large", EdgeKind.EXCLUDES, State.EXCLUDED),
        ("HW-010", "nemo", EdgeKind.EXCLUDES, State.EXCLUDED),
        ("end", "qwen", EdgeKind.KEEPS, State.SHORTLISTED),
        ("end", "kept", EdgeKind.KEEPS, State.KEPT),
    ):
        add_edge(graph, source, target, kind, state=state)
    return graph


def hostile_graph() -> DecisionGraph:
    """Labels, notes, members, ids and addresses that would run a script if they were markup."""
    scripts = (
        "</script><script>window.hacked=1</script>",
        "<img src=x onerror=window.hacked=1>",
        "\"'><svg onload=window.hacked=1>",
        "</title></style></svg><script>window.hacked=1</script>",
        "{{ 7 * 7 }} ${window.hacked=1} javascript:window.hacked=1",
        "&lt;script&gt;window.hacked=1&lt;/script&gt; ]]> --> <!--",
    )
    graph = new_graph("tree", scripts[0], scripts[1])
    add_node(graph, scripts[0], NodeKind.START, scripts[3], note=scripts[1])
    for number, text in enumerate(scripts[1:]):
        node = f"{text} {number}"
        add_node(
            graph,
            node,
            NodeKind.GROUP if number % 2 else NodeKind.MODEL,
            text,
            note=text,
            url="javascript:window.hacked=1",
            members=(text, "a & b") if number % 2 else (),
        )
        add_edge(graph, scripts[0], node, EdgeKind.KEEPS, text)
    return graph
