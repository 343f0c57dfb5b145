"""The interview as text for a terminal: a question, and what each reply would do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.interview.choice import Question, Reply
from whyllm.engine.interview.session import Session
from whyllm.engine.need import Need
from whyllm.engine.rulebook import Rulebook

FEW = 6
"""So many models are named one by one; of more, the largest families are."""

RULES_SHOWN = 6

HELP = (
    ("1, 2, …", "reply; several, where several may hold: 1,3"),
    ("words", "the same, by some words of a reply, or a value of your own"),
    ("why", "which rules need this, and what each reply would leave; why 2 lists all of reply 2"),
    ("?", "explains the question; ? TERM explains a term"),
    ("skip", "I don't know: nothing is stated"),
    ("back", "undo the last answer"),
    ("change N", "answer the N-th question anew; `answers` lists them"),
    ("models", "all candidates that remain"),
    ("done", "the answer now"),
    ("quit", "leave without an answer"),
)


def print_question(
    console: Console, question: Question, number: int, left: Sequence[str], catalogue: Catalogue
) -> None:
    """The question with its replies, and who is left so far."""
    console.print()
    console.print(Text(f"{count(len(left))} left: {some(left, catalogue)}", style="dim"))
    console.print()
    console.print(Text(f"{number}. {question.text}", style="bold"))
    table = _table()
    for reply in question.replies:
        table.add_row(str(reply.id), Text(reply.label))
    console.print(table)
    console.print(Text("A number, or: why, ?, skip, back, done, help", style="dim"))


def print_why(
    console: Console, question: Question, rulebook: Rulebook, catalogue: Catalogue
) -> None:
    """The rules that need the question, and what each reply would leave."""
    titles = {card.id: card.title for card in rulebook.cards}
    console.print()
    console.print(Text("Asked, because these rules judge by it:"))
    table = _table()
    for rule in question.rules[:RULES_SHOWN]:
        table.add_row(rule, Text(titles[rule]))
    console.print(table)
    more = len(question.rules) - RULES_SHOWN
    if more > 0:
        console.print(Text(f"  and {more} more: whyllm rules list", style="dim"))
    console.print()
    for reply in question.replies:
        console.print(
            Text.assemble(
                f"  {reply.id}. {reply.label} → ",
                (count(reply.candidates), "bold"),
                _waiting(reply),
            )
        )
        if reply.candidates:
            left = (*reply.kept, *reply.undecided)
            console.print(Padding(Text(some(left, catalogue), style="dim"), (0, 0, 0, 5)))


def print_reply(console: Console, reply: Reply, catalogue: Catalogue) -> None:
    """All that one reply would leave."""
    console.print()
    console.print(Text(f"{reply.id}. {reply.label} → {count(reply.candidates)}{_waiting(reply)}"))
    print_models(console, (*reply.kept, *reply.undecided), catalogue)


def print_models(console: Console, models: Sequence[str], catalogue: Catalogue) -> None:
    """Models by name, one a line."""
    for model in models:
        console.print(Text(f"  {catalogue.models[model].name}"))


def print_answers(console: Console, session: Session, asked: dict[str, str]) -> None:
    """What has been answered, numbered; `asked` gives the text of each question by its id."""
    if not session.answers:
        console.print(Text("Nothing has been answered yet."))
    for number, answer in enumerate(session.answers, 1):
        said = " ".join(Need.of(answer.sets).as_options()) or "nothing stated"
        console.print(Text(f"  {number}. {asked.get(answer.question, answer.question)} {said}"))


def print_help(console: Console) -> None:
    """What can be typed at a question."""
    table = _table()
    for typed, meaning in HELP:
        table.add_row(typed, meaning)
    console.print(table)


def count(models: int) -> str:
    """A number of models in words."""
    return "1 model" if models == 1 else f"{models} models"


def some(models: Sequence[str], catalogue: Catalogue) -> str:
    """Few models by name; of many the families, those with most of them first."""
    if len(models) <= FEW:
        return ", ".join(catalogue.models[model].name for model in models) or "none"
    counted = Counter(catalogue.models[model].family for model in models).most_common()
    names = catalogue.labels["family"]
    shown = ", ".join(f"{names[family]} {number}" for family, number in counted[:FEW])
    more = len(counted) - FEW
    rest = "1 more family" if more == 1 else f"{more} more families"
    return f"{shown} and {rest}" if more > 0 else shown


def _waiting(reply: Reply) -> str:
    waiting = len(reply.undecided)
    return f" ({waiting} of them undecided)" if waiting else ""


def _table() -> Table:
    table = Table(box=None, show_header=False, padding=(0, 1), pad_edge=False)
    table.add_column(justify="right", no_wrap=True, style="cyan")
    table.add_column(ratio=1)
    return table
