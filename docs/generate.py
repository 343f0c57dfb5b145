"""Writes the generated pages of docs/: the rules, the commands, and the chapter's tree as SVG.

`python docs/generate.py` writes them; a test compares them with what would be written.
"""

from __future__ import annotations

import os
from pathlib import Path

import click
from whyllm.cli.program import program
from whyllm.engine.graph import course_tree
from whyllm.engine.render.graph_dot import draw
from whyllm.engine.render.rule_words import rule_json
from whyllm.engine.stages import RULEBOOKS, rulebook
from whyllm.kb.loader import load

FOLDER = Path(__file__).parent


def rules_page() -> str:
    """Every rule of both rulebooks, from its card."""
    lines = ["# The rules", "", "Generated from the rules themselves by `make docs`.", ""]
    told: set[str] = set()
    for name in RULEBOOKS:
        book = rulebook(name)
        lines += [f"## The {name} rulebook: {book.title}", ""]
        for stage in book.stages:
            lines += [f"### {stage.id}: {stage.question}", ""]
            for card in stage.cards:
                if card.id in told:
                    lines += [f"- [{card.id}](#{card.id.lower()}) {card.title}", ""]
                    continue
                told.add(card.id)
                data = rule_json(card, book)
                lines += [f"#### {card.id}", "", f"**{card.title}.** {data['text']}", ""]
                lines += [
                    "```",
                    *data["condition"],
                    f"=> {', '.join(data['concludes'])}",
                    "```",
                    "",
                ]
                lines += [f"Says: {data['because']}", "", f"Example: {data['example']}", ""]
                lines += [f"Does not say: {data['does_not_say']}", ""]
    return "\n".join(lines)


def commands_page() -> str:
    """The help of every command."""
    lines = ["# The commands", "", "Generated from the commands themselves by `make docs`.", ""]
    for words, command in _commands(program, ("whyllm",)):
        context = click.Context(command, info_name=" ".join(words), terminal_width=88)
        lines += [f"## {' '.join(words)}", "", "```", command.get_help(context), "```", ""]
    return "\n".join(lines)


def _commands(
    command: click.Command, words: tuple[str, ...]
) -> list[tuple[tuple[str, ...], click.Command]]:
    found = [(words, command)]
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            if below is not None:
                found += _commands(below, (*words, name))
    return found


def tree_picture() -> str:
    """The chapter's decision tree, laid out by the packaged Graphviz: the same bytes everywhere."""
    path = os.environ.get("PATH", "")
    os.environ["PATH"] = ""
    try:
        return draw(course_tree(load().tree), "svg").decode()
    finally:
        os.environ["PATH"] = path


PAGES = {"rules.md": rules_page, "commands.md": commands_page, "course-tree.svg": tree_picture}


def main() -> None:
    """Write every page."""
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page())


if __name__ == "__main__":
    main()
