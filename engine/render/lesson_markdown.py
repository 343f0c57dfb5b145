"""Lessons and cases to predict as Markdown, for a handout."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from whyllm.engine.lessons.lesson import Lesson, Table
from whyllm.engine.render.lesson_text import fallen_told
from whyllm.engine.render.quiz_words import LETTERS
from whyllm.engine.render.review.markdown_escapes import prose

if TYPE_CHECKING:
    from whyllm.engine.lessons.prediction import PredictionStep


def lesson_markdown(lesson: Lesson, tree: str) -> str:
    """A lesson; `tree` is the course's tree in Mermaid, put where a step draws it first."""
    parts = [f"# {prose(lesson.title)}"]
    drawn = False
    for number, step in enumerate(lesson.steps, 1):
        parts.append(f"## {number}. {prose(step.title)}")
        parts += [prose(paragraph) for paragraph in step.paragraphs]
        if step.path and not drawn:
            parts.append(f"```mermaid\n{tree.strip()}\n```")
            drawn = True
        if step.path:
            parts.append("Path: " + " → ".join(map(prose, step.path)))
        if step.table is not None:
            parts.append(_table(step.table))
        if step.left is not None:
            parts.append(prose(fallen_told(step)))
        for claim in step.claims:
            evidence = "".join(f"\n  - {prose(line)}" for line in claim.evidence)
            sign = "✓" if claim.holds else "✗"
            parts.append(f"- {sign} {prose(claim.says)}{evidence}")
    return "\n\n".join(parts) + "\n"


def prediction_markdown(title: str, steps: Sequence[PredictionStep]) -> str:
    """A case: first the questions, then the answers."""
    parts = [f"# {prose(title)}"]
    for number, step in enumerate(steps, 1):
        options = "\n".join(
            f"- {letter}) {prose(option)}"
            for letter, option in zip(LETTERS, step.options, strict=False)
        )
        parts.append(f"{number}. {prose(step.question)}\n\n{options}")
    parts.append("## Answers")
    for number, step in enumerate(steps, 1):
        reveal = " ".join(map(prose, step.reveal))
        parts.append(f"{number}. {LETTERS[step.right]}. {reveal}")
    return "\n\n".join(parts) + "\n"


def _table(table: Table) -> str:
    lines = [table.head, ("---",) * len(table.head), *table.rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"
                     for row in lines)  # fmt: skip
