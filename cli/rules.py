"""`whyllm rules list|show|new`: the rules, and the skeleton of another one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from whyllm.cli.exits import ANSWERED, WrongQuestionError
from whyllm.cli.options import output_options
from whyllm.cli.output import write_json, write_rich
from whyllm.cli.suggestions import did_you_mean
from whyllm.engine.rulebook import Rulebook, RuleCard
from whyllm.engine.stages import RULEBOOKS
from whyllm.engine.stages import rulebook as rulebook_named
from whyllm.kb.errors import UnknownNameError

if TYPE_CHECKING:
    from rich.console import Console


@click.group("rules")
def command() -> None:
    """The rules, with condition, sentence and teaching text."""


@command.command("list")
@click.option("--rulebook", type=click.Choice(RULEBOOKS), default="expert")
@output_options("text", "json")
def list_rules(rulebook: str, format_: str, output: Path | None, color: str) -> int:
    """All rules of a rulebook in the order in which they fire."""
    book = rulebook_named(rulebook)
    if format_ == "json":
        from whyllm.engine.render.rule_words import rules_json

        write_json(rules_json(book), output)
        return ANSWERED

    def show(console: Console) -> None:
        from rich.text import Text

        for stage in book.stages:
            console.print(Text(f"{stage.id}: {stage.question}", style="bold"))
            for card in stage.cards:
                console.print(Text.assemble("  ", (card.id, "cyan"), "  ", card.title))

    write_rich(show, output, color)
    return ANSWERED


@command.command("show")
@click.argument("rule")
@output_options("text", "json")
def show_rule(rule: str, format_: str, output: Path | None, color: str) -> int:
    """One rule: its condition, its sentence, what it teaches and what it does not say."""
    card, book = card_of(rule)
    from whyllm.engine.render.rule_words import rule_json

    data = rule_json(card, book)
    if format_ == "json":
        write_json(data, output)
        return ANSWERED

    def show(console: Console) -> None:
        from rich.padding import Padding
        from rich.text import Text

        console.print(Text.assemble((data["id"], "bold cyan"), "  ", (data["title"], "bold")))
        console.print(Text(f"stage {data['stage']} of the {data['rulebook']} rulebook", "dim"))
        for title, body in (
            ("When", "\n".join(data["condition"])),
            ("It says", data["because"]),
            ("It concludes", ", ".join(data["concludes"])),
            ("Why", data["text"]),
            ("Example", data["example"]),
            ("Does not say", data["does_not_say"]),
        ):
            console.print(Text(f"\n{title}", style="bold"))
            console.print(Padding(Text(body), (0, 0, 0, 2)))

    write_rich(show, output, color)
    return ANSWERED


@command.command("new")
@click.argument("stage")
@click.argument("title")
@click.option("--rulebook", type=click.Choice(RULEBOOKS), default="expert")
def new_rule(stage: str, title: str, rulebook: str) -> int:
    """Print the skeleton of a rule for a stage, and of its cases, under the next free id."""
    book = rulebook_named(rulebook)
    stages = {s.id: s for s in book.stages}
    if stage not in stages:
        raise WrongQuestionError(f"no stage {stage!r}; stages: {', '.join(stages)}")
    chosen = stages[stage]
    taken = [int(card.id.rsplit("-", 1)[1]) for s in book.stages for card in s.cards
             if s.prefix == chosen.prefix]  # fmt: skip
    rule_id = f"{chosen.prefix}-{max(taken, default=0) // 10 * 10 + 10:03}"
    click.echo(_SKELETON.format(stage=stage, id=rule_id, title=title.replace('"', "'")), nl=False)
    return ANSWERED


def card_of(rule: str) -> tuple[RuleCard, Rulebook]:
    """The rule of that id, and its rulebook; UnknownNameError for none."""
    ids = []
    for name in RULEBOOKS:
        book = rulebook_named(name)
        for card in book.cards:
            if card.id.lower() == rule.strip().lower():
                return card, book
            ids.append(card.id)
    raise UnknownNameError(f"no rule {rule!r}{did_you_mean(rule.upper(), ids)}")


_SKELETON = '''# engine/rules/{stage}: the sentence first, then the condition binding its words
@stage.rule(
    "{id}",
    "{title}",
    when=[
        Asked(axis="…", value=MATCH.value),
        Model(model=MATCH.model),
    ],
    because="{{model}} … {{value}}.",
    concludes=[Excluded],
)
def name_of_the_rule(value: str, model: str) -> Iterator[WorkingFact]:
    """What the rule teaches, in a sentence or two.

    ## Example
    A real case.

    ## Does not say
    What must not be read into it.
    """
    yield Excluded(model=model)


# tests/rules/cases/{stage}/{id}.yaml: one case that fires and a near miss, then pytest -k {id}
rule: {id}
fires:
  what happens, in a sentence:
    given:
      - Asked: {{axis: "…", value: "…"}}
      - Model: {{model: sketch}}
    concludes:
      - Excluded: {{model: sketch}}
    says: Sketch … ….
silent:
  what is different, one fact away:
    given:
      - Model: {{model: sketch}}
'''
