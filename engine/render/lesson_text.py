"""Lessons as text for a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.table import Table as RichTable
from rich.text import Text
from rich.tree import Tree
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.lessons.lesson import Claim, Lesson, Step, Table

SHOWN = 8
"""Models that are named of those who fall."""


def print_lesson(console: Console, lesson: Lesson, catalogue: Catalogue) -> None:
    """A lesson, step by step."""
    console.print(Text(lesson.title, style="bold"))
    for number, step in enumerate(lesson.steps, 1):
        console.print()
        console.print(Text(f"{number}. {step.title}", style="bold cyan"))
        _print_step(console, step, catalogue)


def _print_step(console: Console, step: Step, catalogue: Catalogue) -> None:
    for paragraph in step.paragraphs:
        console.print(Padding(Text(paragraph), (0, 0, 0, 2)))
    if step.table is not None:
        console.print(Padding(_table(step.table), (0, 0, 0, 2)))
    if step.path:
        console.print(Padding(_path(step.path, catalogue), (0, 0, 0, 2)))
    if step.left is not None:
        told = fallen_told(step)
        console.print(Padding(Text(told, style="dim"), (0, 0, 0, 2)))
    for claim in step.claims:
        console.print(Padding(_claim(claim), (0, 0, 0, 2)))


def fallen_told(step: Step) -> str:
    """Who falls at a node, and how many are left."""
    left = "1 model is left" if step.left == 1 else f"{step.left} models are left"
    if not step.falls:
        return f"Nobody falls here; {left}."
    shown = ", ".join(fallen.name for fallen in step.falls[:SHOWN])
    more = len(step.falls) - SHOWN
    rest = f" and {more} more" if more > 0 else ""
    verb = "falls" if len(step.falls) == 1 else "fall"
    return f"{len(step.falls)} {verb} here: {shown}{rest}. {left.capitalize()}."


def _path(path: tuple[str, ...], catalogue: Catalogue) -> Tree:
    """The way to the node, as a branch of the tree; beside it what the last node leads to."""
    labels = [" ".join(catalogue.nodes[node].label.split("<br/>")) for node in path]
    tree = Tree(Text(labels[0]), guide_style="dim")
    branch = tree
    for label in labels[1:]:
        branch = branch.add(Text(label))
    last = path[-1]
    if last != path[0]:
        branch.label = Text(f"▶ {labels[-1]}", style="bold")
    for edge in catalogue.edges:
        if edge.source == last:
            to = " ".join(catalogue.nodes[edge.target].label.split("<br/>"))
            said = f"[{', '.join(edge.label.split('<br/>'))}] " if edge.label else ""
            branch.add(Text(f"{said}{to}", style="dim"))
    return tree


def _claim(claim: Claim) -> Text:
    sign = ("✓ ", "green") if claim.holds else ("✗ ", "bold red")
    told = Text.assemble(sign, claim.says)
    for evidence in claim.evidence:
        told.append(f"\n  {evidence}", style="dim")
    return told


def _table(table: Table) -> RichTable:
    shown = RichTable(box=None, padding=(0, 1), pad_edge=False, header_style="bold")
    for head in table.head:
        shown.add_column(Text(head), overflow="fold")
    for row in table.rows:
        shown.add_row(*map(Text, row))
    return shown
