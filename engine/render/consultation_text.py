"""Consultations as text for a terminal."""

from __future__ import annotations

from collections import Counter

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from whyllm.engine.consulting import NOTHING_REMAINS, OUT_OF_SCOPE, Consultation
from whyllm.engine.render.consultation_json import consultation_json
from whyllm.engine.render.listing_text import LISTED, headline, print_duties, print_list
from whyllm.engine.render.shapes import (
    CandidateJson,
    ConsultationJson,
    ExcludedJson,
    ReasonJson,
)

FAR_STAGES = ("modality", "course-licence")
"""Stages at which models fall that were never meant; they are counted, not listed."""

USUAL_QUANTISATION = "Q4_K_M"
"""What the tags of the Ollama library mostly hold."""


def print_consultation(console: Console, consultation: Consultation, every: bool) -> None:
    """Print an answer; `every` lists each excluded model instead of the nearest ones."""
    data = consultation_json(consultation)
    console.print(Text(headline(consultation), style="bold"))
    if consultation.leaf:
        console.print(Text(" → ".join(consultation.path), style="dim"))
        console.print(Text(f"The chapter's leaf: {'; '.join(consultation.leaf)}"))
    console.print()
    if data["outcome"] == OUT_OF_SCOPE:
        _print_out_of_scope(console, consultation, data)
        return
    if data["outcome"] == NOTHING_REMAINS:
        console.print(Text("No model remains.", style="bold red"))
        console.print(
            Text("`whyllm relax` tells what to give up, `whyllm why MODEL` what admits a model.")
        )
        console.print()
    for place, item in enumerate(data["shortlist"], 1):
        _print_candidate(console, consultation, place, item)
    _print_rest(console, consultation, data, every)
    _print_notes(console, data["caveats"])


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
    print_duties(console, consultation.words, item["duties"], indent=3)
    print_list(console, "Depends on", item["depends_on"], indent=3)
    print_list(console, "Mind", item["caveats"], indent=3)
    console.print()


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
        print_list(console, "Mind", items, indent=0)


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
