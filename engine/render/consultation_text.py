"""Consultations and explanations as text for a terminal."""

from __future__ import annotations

from collections import Counter

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from rich.tree import Tree
from whyllm.engine.consult import NOTHING_REMAINS, OUT_OF_SCOPE, Consultation
from whyllm.engine.explain.explanation import Explanation
from whyllm.engine.explain.proof import Proof
from whyllm.engine.render.consultation_json import consultation_json, duties, reasons
from whyllm.engine.render.shapes import (
    CandidateJson,
    ConsultationJson,
    DutyJson,
    ExcludedJson,
    ReasonJson,
)
from whyllm.engine.render.standing_text import print_standing
from whyllm.engine.words import Words

FAR_STAGES = ("modality", "course-licence")
"""Stages at which models fall that were never meant; they are counted, not listed."""

LISTED = 10
USUAL_QUANTISATION = "Q4_K_M"
"""What the tags of the Ollama library mostly hold."""


def print_consultation(console: Console, consultation: Consultation, every: bool) -> None:
    """Print an answer; `every` lists each excluded model instead of the nearest ones."""
    data = consultation_json(consultation)
    console.print(Text(_headline(consultation), style="bold"))
    if consultation.leaf:
        console.print(Text(" → ".join(consultation.path), style="dim"))
        console.print(Text(f"The chapter's leaf: {'; '.join(consultation.leaf)}"))
    console.print()
    if data["outcome"] == OUT_OF_SCOPE:
        _print_out_of_scope(console, consultation, data)
        return
    if data["outcome"] == NOTHING_REMAINS:
        console.print(Text("No model remains.", style="bold red"))
        console.print(Text("`whyllm why MODEL` tells the smallest change that admits a model."))
        console.print()
    for place, item in enumerate(data["shortlist"], 1):
        _print_candidate(console, consultation, place, item)
    _print_rest(console, consultation, data, every)
    _print_notes(console, data["caveats"])


def print_explanation(console: Console, explanation: Explanation) -> None:
    """Print why a model has its verdict: causes with proof, fixes, duties, what to take instead."""
    consultation, model = explanation.consultation, explanation.model
    name = consultation.catalogue.models[model].name
    style = {"excluded": "bold red", "undecided": "bold yellow"}.get(
        explanation.verdict, "bold green"
    )
    console.print(Text.assemble((name, "bold"), " is ", (explanation.verdict, style), "."))
    console.print(Text(_headline(consultation), style="dim"))
    console.print()
    for cause, proof in zip(explanation.causes, explanation.proofs, strict=True):
        tree = Tree(Text.assemble((cause.rule, "bold"), "  ", cause.text))
        _grow(tree, proof)
        console.print(tree)
    if len(explanation.causes) > 1 and explanation.verdict == "excluded":
        console.print(
            Text(f"Each of these {len(explanation.causes)} causes suffices alone.", style="dim")
        )
    console.print()
    if explanation.verdict in ("excluded", "undecided"):
        _print_fixes(console, explanation)
    print_standing(console, explanation)
    _print_duties(console, consultation.words, duties(consultation, model), indent=0)
    for title, type_name in (("Depends on", "Depends"), ("Mind", "Caveat")):
        _print_list(console, title, reasons(consultation, model, type_name), indent=0)
    if explanation.instead:
        names = [consultation.catalogue.models[m].name for m in explanation.instead]
        console.print(Text.assemble(("Instead: ", "bold"), ", ".join(names)))


def _headline(consultation: Consultation) -> str:
    options = " ".join(consultation.need.as_options()) or "no constraint stated"
    assumed = [a for a in consultation.asked if a["origin"] != "stated" and a["axis"] != "machine"]
    words = consultation.words
    taken = ", ".join(
        f"{words.name('axis', a['axis'])} {words.name(str(a['axis']), a['value'])}" for a in assumed
    )
    return f"{consultation.rulebook.id} rulebook · {options}" + (
        f" · assumed: {taken}" if taken else ""
    )


def _print_candidate(
    console: Console, consultation: Consultation, place: int, item: CandidateJson
) -> None:
    memory = "memory not known" if item["memory_gb"] is None else f"{item['memory_gb']} GB"
    licences = " + ".join(consultation.words.name("licence", key) for key in item["licences"])
    console.print(
        Text.assemble(
            (f"{place}. {item['name']}", "bold green"),
            f"  {memory} at {item['quantisation']}  ",
            (licences or "licence not known", "cyan"),
        )
    )
    repo = consultation.catalogue.models[item["model"]].hf_repo
    if item["pull"] and item["quantisation"] != USUAL_QUANTISATION:
        item["pull"] += "  (fetches the library's own quantisation)"
    pull = item["pull"] or (f"weights: huggingface.co/{repo}" if repo else "no download known")
    console.print(Padding(Text(pull, style="magenta"), (0, 0, 0, 3)))
    for reason in item["because"]:
        console.print(Padding(Text(reason["text"]), (0, 0, 0, 3)))
    _print_duties(console, consultation.words, item["duties"], indent=3)
    _print_list(console, "Depends on", item["depends_on"], indent=3)
    _print_list(console, "Mind", item["caveats"], indent=3)
    console.print()


def _print_duties(console: Console, words: Words, items: list[DutyJson], indent: int) -> None:
    if not items:
        return
    console.print(Padding(Text("Duties:", style="bold"), (0, 0, 0, indent)))
    for item in items:
        where = f" ({words.name('section', item['section'])}; on {item['trigger']})"
        _print_item(console, Text.assemble(item["text"], (where, "dim")), indent)


def _print_list(console: Console, title: str, items: list[ReasonJson], indent: int) -> None:
    if not items:
        return
    console.print(Padding(Text(f"{title}:", style="bold"), (0, 0, 0, indent)))
    for item in items:
        _print_item(console, Text(item["text"]), indent)


def _print_item(console: Console, text: Text, indent: int) -> None:
    """One item of a list, its further lines under its first word."""
    grid = Table.grid(padding=0)
    grid.add_column(width=2)
    grid.add_column(ratio=1)
    grid.add_row("•", text)
    console.print(Padding(grid, (0, 0, 0, indent + 2)))


def _print_rest(
    console: Console, consultation: Consultation, data: ConsultationJson, every: bool
) -> None:
    names = {key: entry.name for key, entry in consultation.catalogue.models.items()}
    besides = [names[m] for m in consultation.kept if m not in consultation.shortlist]
    if besides:
        shown = besides if every else besides[:LISTED]
        more = f" and {len(besides) - len(shown)} more" if len(shown) < len(besides) else ""
        console.print(
            Text.assemble((f"Kept besides ({len(besides)}): ", "bold"), ", ".join(shown), more)
        )
    for item in data["undecided"][: None if every else LISTED]:
        causes = " ".join(cause["text"] for cause in item["causes"])
        console.print(Text.assemble((f"Undecided: {names[item['model']]}. ", "yellow"), causes))
    left = len(data["undecided"]) - LISTED
    if left > 0 and not every:
        console.print(Text(f"Undecided besides: {left} more.", style="yellow"))
    _print_excluded(console, names, data["excluded"], every)


def _print_excluded(
    console: Console, names: dict[str, str], excluded: list[ExcludedJson], every: bool
) -> None:
    if not excluded:
        return
    near = [x for x in excluded if all(c["stage"] not in FAR_STAGES for c in x["causes"])]
    listed = excluded if every else near[:LISTED]
    rest = len(excluded) - len(listed)
    console.print(Text(f"Excluded ({len(excluded)}):", style="bold red"))
    table = Table(box=None, show_header=False, padding=(0, 1), pad_edge=True)
    table.add_column(style="red", ratio=1)
    table.add_column(ratio=3)
    for item in listed:
        lines = [f"{c['rule']}  {c['text']}" for c in item["causes"]]
        sources = dict.fromkeys(s for c in item["causes"] for s in c["sources"])
        body = Text("\n".join(lines))
        body.append("\nSource: " + "; ".join(list(sources)[-1:]), style="dim") if sources else None
        table.add_row(names[item["model"]], body)
    if listed:
        console.print(table)
    if rest:
        shown = {x["model"] for x in listed}
        stages = Counter(x["causes"][0]["stage"] for x in excluded if x["model"] not in shown)
        counts = ", ".join(f"{count} by {stage}" for stage, count in stages.items())
        tail = f"{rest} more: {counts} (--all lists them, `whyllm why MODEL` explains each)"
        console.print(Padding(Text(tail, style="dim"), (0, 0, 0, 1)))


def _print_notes(console: Console, items: list[ReasonJson]) -> None:
    if items:
        console.print()
        _print_list(console, "Mind", items, indent=0)


def _print_out_of_scope(
    console: Console, consultation: Consultation, data: ConsultationJson
) -> None:
    for firing, _ in consultation.trace.concluding("OutOfScope"):
        console.print(Text(f"Out of scope. {consultation.sentence(firing)}", style="bold yellow"))
    instead = data["instead"]
    if instead is not None:
        console.print(Text(instead["why"]))
        console.print(Text.assemble(("Use instead: ", "bold"), ", ".join(instead["examples"])))
        if instead["libraries"]:
            console.print(Text.assemble(("With: ", "bold"), ", ".join(instead["libraries"])))


def _print_fixes(console: Console, explanation: Explanation) -> None:
    name = explanation.consultation.catalogue.models[explanation.model].name
    if not explanation.fixes:
        console.print(Text(f"No small change of the need was found that admits {name}."))
        return
    console.print(Text(f"Each of these smallest changes admits {name}:", style="bold"))
    for fix in explanation.fixes:
        _print_item(console, Text(fix.text), indent=0)


def _grow(tree: Tree, proof: Proof) -> None:
    for premise in proof.premises:
        label = Text(premise.text)
        if premise.rule is not None:
            label = Text.assemble((premise.rule, "bold"), "  ", premise.text)
        elif premise.source:
            label.append(f"  [{premise.source}]", style="dim")
        _grow(tree.add(label), premise)
    for absence in proof.absences:
        tree.add(Text(f"absent: {absence}", style="dim"))
