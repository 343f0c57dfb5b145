"""Writes the generated pages of docs/: rules, commands, the chapter's tree, schemas for editors.

`python docs/generate.py` writes them; a test compares them with what would be written.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import click
from whyllm.cli.program import program
from whyllm.engine.graph import course_tree
from whyllm.engine.render.graph_dot import draw
from whyllm.engine.render.rule_words import rule_json
from whyllm.engine.stages import RULEBOOKS, rulebook
from whyllm.kb.editor_schemas import editor_schema
from whyllm.kb.loader import kinds_of_file, load

FOLDER = Path(__file__).parent
WIDTH = 88


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
    for context in _contexts(program, None, "whyllm"):
        lines += [f"## {context.command_path}", "", "```", context.get_help(), "```", ""]
    return "\n".join(lines)


def _contexts(
    command: click.Command, parent: click.Context | None, name: str
) -> Iterator[click.Context]:
    """The context of a command and of all commands below it, as they are when called."""
    context = click.Context(command, parent, name, terminal_width=WIDTH, **command.context_settings)
    yield context
    if isinstance(command, click.Group):
        for below in command.list_commands(context):
            found = command.get_command(context, below)
            assert found is not None
            yield from _contexts(found, context, below)


def schema_page(kind: str) -> str:
    """The JSON Schema of one kind of knowledge file, for editors that check while one types."""
    return json.dumps(editor_schema(kind), ensure_ascii=False, indent=2) + "\n"


def tree_picture() -> str:
    """The chapter's decision tree, laid out by the packaged Graphviz: the same bytes everywhere."""
    path = os.environ.get("PATH", "")
    os.environ["PATH"] = ""
    try:
        return draw(course_tree(load().tree), "svg").decode()
    finally:
        os.environ["PATH"] = path


PAGES = {
    "rules.md": rules_page,
    "commands.md": commands_page,
    "course-tree.svg": tree_picture,
    **{f"schemas/{kind}.json": partial(schema_page, kind) for kind in kinds_of_file()},
}


def main() -> None:
    """Write every page."""
    for name, page in PAGES.items():
        (FOLDER / name).parent.mkdir(exist_ok=True)
        (FOLDER / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
