"""Explanations as text for a terminal: causes with their proofs, and the ways out."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.text import Text
from rich.tree import Tree
from whyllm.engine.explaining.explanation import Explanation
from whyllm.engine.explaining.proof import Length, Proof
from whyllm.engine.render.consultation_json import CAVEATS, duties, reasons
from whyllm.engine.render.listing_text import headline, print_duties, print_item, print_list
from whyllm.engine.render.standing_text import print_standing


def print_explanation(console: Console, explanation: Explanation, length: Length) -> None:
    """Print why a model has its verdict: causes with proof, fixes, duties, what to take instead.

    `length` is that of the proofs.
    """
    consultation, model = explanation.consultation, explanation.model
    name = consultation.catalogue.models[model].name
    style = {"excluded": "bold red", "undecided": "bold yellow"}.get(
        explanation.verdict, "bold green"
    )
    console.print(Text.assemble((name, "bold"), " is ", (explanation.verdict, style), "."))
    console.print(Text(headline(consultation), style="dim"))
    console.print()
    for cause, proof in zip(explanation.causes, explanation.proofs, strict=True):
        tree = Tree(Text.assemble((cause.rule, "bold"), "  ", cause.text))
        _grow(tree, proof.told(length))
        console.print(tree)
    if len(explanation.causes) > 1 and explanation.verdict == "excluded":
        console.print(
            Text(
                f"Each of these {len(explanation.causes)} causes alone excludes it; all must fall.",
                style="dim",
            )
        )
    console.print()
    if explanation.verdict in ("excluded", "undecided"):
        _print_fixes(console, explanation)
    print_standing(console, explanation)
    print_duties(console, consultation.words, duties(consultation, model), indent=0)
    for title, types in (("Depends on", ("Depends",)), ("Mind", CAVEATS)):
        print_list(console, title, reasons(consultation, model, *types), indent=0)
    if explanation.instead:
        names = [consultation.catalogue.models[m].name for m in explanation.instead]
        console.print(Text.assemble(("Instead: ", "bold"), ", ".join(names)))


def _print_fixes(console: Console, explanation: Explanation) -> None:
    ways = explanation.ways_out
    name = explanation.consultation.catalogue.models[explanation.model].name
    if ways is None or not ways.parts:
        console.print(Text(f"No change of the need admits {name}."))
        return
    if len(ways.parts) == 1:
        console.print(Text(f"Each of these smallest changes admits {name}:", style="bold"))
        for fix in ways.parts[0]:
            print_item(console, Text(fix.text), indent=0)
        return
    console.print(
        Text(f"{name} is admitted by one change from each of these {len(ways.parts)} parts:",
             style="bold")
    )  # fmt: skip
    for number, part in enumerate(ways.parts, 1):
        told = " Or: ".join(fix.text for fix in part)
        console.print(Padding(Text(f"{number}. {told}"), (0, 0, 0, 2)))


def _grow(tree: Tree, proof: Proof) -> None:
    for premise in proof.premises:
        label = Text(premise.text)
        if premise.rule is not None:
            label = Text.assemble((premise.rule, "bold"), "  ", premise.text)
        elif premise.source:
            label.append(f"  [{premise.source}]", style="dim")
        _grow(tree.add(label), premise)
    for absence in proof.absences:
        tree.add(Text(absence[:1].upper() + absence[1:], style="dim"))
    for guard in proof.guards:
        tree.add(Text(f"and {guard.text}  [{guard.source}]", style="dim"))
