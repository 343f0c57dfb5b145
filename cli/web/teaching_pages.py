"""The pages that teach: lessons, glossary, quiz, and the pictures of the rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from whyllm.cli.desk import Desk
from whyllm.cli.web.page import Page, common
from whyllm.cli.web.wanted import Wanted, address
from whyllm.engine.graph.tree import course_tree, rulebook_tree
from whyllm.engine.lessons.glossary import Glossary
from whyllm.engine.need import NeedError
from whyllm.engine.quiz.item import Item
from whyllm.engine.quiz.kinds import KINDS
from whyllm.engine.stages import rulebook as rulebook_named
from whyllm.kb.errors import UnknownNameError

if TYPE_CHECKING:
    from whyllm.engine.graph.elements import DecisionGraph

MOST_ITEMS = 50
MOST_SEED = 10**9
USUAL_ITEMS = 10
USUAL_SEED = 1
PRINTED_ITEMS = 20

SHOWN = 12
"""Models that are named of those who fall."""

PICTURES_OF_RULES = {
    "course": "The course’s decision tree",
    "course-rules": "The course as a rulebook: stages and rules",
    "expert-rules": "The expert rulebook: stages and rules",
}


@dataclass(frozen=True)
class Given:
    """An item of a paper and what was ticked, by place."""

    number: int
    item: Item
    ticked: tuple[int, ...]

    @property
    def right(self) -> bool:
        """Whether exactly the right options were ticked."""
        return set(self.ticked) == set(self.item.key)


def lessons(desk: Desk, wanted: Wanted) -> Page:
    """The lessons, and the way to quiz and glossary."""
    return "lessons.html.j2", {
        "title": "Lessons",
        "here": "/learn",
        "lessons": list(desk.kb.curriculum.values()),
        **common(desk, wanted),
    }


def lesson(desk: Desk, wanted: Wanted) -> Page:
    """A lesson, its claims checked as it is shown."""
    if wanted.about not in desk.kb.curriculum:
        raise UnknownNameError(f"no lesson {wanted.about!r}")
    taught = desk.teacher(wanted.on).lesson(wanted.about)
    return "lesson.html.j2", {
        "title": taught.title,
        "here": "/learn",
        "lesson": taught,
        "nodes": {key: " ".join(n.label.split("<br/>")) for key, n in desk.catalogue.nodes.items()},
        "shown": SHOWN,
        **common(desk, wanted),
    }


def glossary(desk: Desk, wanted: Wanted) -> Page:
    """Every term."""
    return "glossary.html.j2", {
        "title": "Glossary",
        "here": "/learn",
        "entries": Glossary(desk.kb).entries,
        **common(desk, wanted),
    }


def quiz(desk: Desk, wanted: Wanted) -> Page:
    """A paper, one question after the other; the address holds what was answered.

    `seed`, `count` and `kind` name the paper, `q1`, `q2` … hold the places that were ticked.
    """
    content: dict[str, Any] = {"title": "Quiz", "here": "/quiz", "kinds": list(KINDS)}
    if not wanted.last("seed"):
        return "quiz_start.html.j2", {**content, "count": USUAL_ITEMS, **common(desk, wanted)}
    seed = _number(wanted, "seed", 0, MOST_SEED)
    count = _number(wanted, "count", 1, MOST_ITEMS) if wanted.last("count") else USUAL_ITEMS
    kinds = tuple(kind for kind in wanted.every("kind") if kind)
    for kind in kinds:
        if kind not in KINDS:
            raise NeedError(f"kind: found {kind!r}, expected one of {', '.join(KINDS)}")
    paper = desk.paper(seed, count, kinds)
    given = tuple(_given(wanted, paper.items))
    due = paper.items[len(given)] if len(given) < len(paper.items) else None
    return "quiz.html.j2", {
        **content,
        "paper": paper,
        "given": given,
        "item": due,
        "number": len(given) + 1,
        "score": sum(one.right for one in given),
        "pairs": wanted.pairs,
        "again": address("/quiz", [("seed", seed + 1), ("count", count)]),
        **common(desk, wanted),
    }


def paper(desk: Desk, wanted: Wanted) -> Page:
    """A paper with its answers folded, for who has no server."""
    drawn = desk.paper(USUAL_SEED, PRINTED_ITEMS, ())
    return "paper.html.j2", {
        "title": "Quiz", "here": "/quiz", "paper": drawn, **common(desk, wanted),
    }  # fmt: skip


def graphs(desk: Desk, wanted: Wanted) -> Page:
    """The pictures of the rules."""
    return "graphs.html.j2", {
        "title": "Graphs",
        "here": "/graphs",
        "pictures": PICTURES_OF_RULES,
        **common(desk, wanted),
    }


def rules_picture(desk: Desk, wanted: Wanted) -> DecisionGraph:
    """One picture of the rules."""
    if wanted.about == "course":
        return course_tree(desk.kb.tree)
    if wanted.about not in PICTURES_OF_RULES:
        raise NeedError(f"no picture {wanted.about!r}; expected {', '.join(PICTURES_OF_RULES)}")
    return rulebook_tree(rulebook_named(wanted.about.removesuffix("-rules")))


def _given(wanted: Wanted, items: tuple[Item, ...]) -> Any:
    """What was ticked, for as many items as were answered one after the other."""
    for number, item in enumerate(items, 1):
        values = wanted.every(f"q{number}")
        if not values:
            return
        places = [value for value in values if value]
        if not all(place.isdigit() and int(place) < len(item.options) for place in places):
            raise NeedError(f"q{number}: found {', '.join(places)}, expected places of its options")
        yield Given(number, item, tuple(sorted({int(place) for place in places})))


def _number(wanted: Wanted, name: str, least: int, most: int) -> int:
    text = wanted.last(name)
    if not text.isdigit() or not least <= int(text) <= most:
        raise NeedError(f"{name}: found {text!r}, expected a number from {least} to {most:,}")
    return int(text)


TEACHING_PAGES: Mapping[str, Any] = {
    "page:learn": lessons,
    "page:lesson": lesson,
    "page:glossary": glossary,
    "page:quiz": quiz,
    "page:paper": paper,
    "page:graphs": graphs,
}
TEACHING_PICTURES: Mapping[str, Any] = {"picture:rules": rules_picture}
