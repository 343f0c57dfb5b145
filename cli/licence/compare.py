"""`whyllm licence compare`: licences side by side, clause by clause."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from whyllm.cli.exits import ANSWERED, WrongQuestionError
from whyllm.cli.licence.lookup import licences_meant
from whyllm.cli.options import kb_option, output_options
from whyllm.cli.output import write_json, write_rich
from whyllm.engine.knowledge import knowledge_base
from whyllm.kb.knowledge import KnowledgeBase

if TYPE_CHECKING:
    from whyllm.engine.render.licence_comparison import Side

MOST = 6
"""Licences beyond which nobody reads a comparison."""


@click.command("compare")
@click.argument("names", metavar="A B …", nargs=-1, required=True)
@kb_option
@output_options("text", "json")
def compare_licences(
    names: tuple[str, ...], folders: tuple[Path, ...], format_: str, output: Path | None, color: str
) -> int:
    """Two licences or more side by side: what differs first, with sections, and which is stricter.

    Each is named as for `licence show`; a model stands for every licence that binds it.
    """
    from whyllm.engine.render.licence_comparison import licence_comparison_json
    from whyllm.engine.render.licence_comparison_text import print_licence_comparison

    kb = knowledge_base(folders)
    data = licence_comparison_json(kb, _sides(kb, names))
    if format_ == "json":
        write_json(data, output)
    else:
        write_rich(lambda console: print_licence_comparison(console, kb, data), output, color)
    return ANSWERED


def _sides(kb: KnowledgeBase, names: tuple[str, ...]) -> list[Side]:
    """Each licence that is meant once, in the order of the names."""
    from whyllm.engine.render.licence_comparison import Side

    if len(names) < 2:
        raise WrongQuestionError("expected two licences or more to compare, found one")
    sides: dict[str, Side] = {}
    for name in names[: MOST + 1]:
        meant = licences_meant(kb, name)
        model = meant.model.id if meant.model else None
        for licence in meant.licences:
            sides.setdefault(licence.id, Side(licence, name, model))
    if len(names) > MOST or len(sides) > MOST:
        count = max(len(names), len(sides))
        raise WrongQuestionError(f"expected at most {MOST} licences to compare, found {count}")
    if len(sides) < 2:
        (only,) = sides.values()
        raise WrongQuestionError(
            f"{' and '.join(map(repr, names))} mean one licence, {only.licence.short}; expected two"
        )
    return list(sides.values())
