"""The pages: for each the template that shows it, and what it shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from whyllm.cli.desk import Desk
from whyllm.cli.rules import card_of
from whyllm.cli.web import json_answers
from whyllm.cli.web.forms import SLIDERS, fields
from whyllm.cli.web.page import Page, Pages, Pictures, common, with_rulebook
from whyllm.cli.web.teaching_pages import TEACHING_PAGES, TEACHING_PICTURES
from whyllm.cli.web.wanted import Wanted, address, as_pairs
from whyllm.engine.consulting import Consultation
from whyllm.engine.explaining.what_if import what_if
from whyllm.engine.interview.choice import Question, axes_of
from whyllm.engine.need import AXES, Need
from whyllm.engine.render.change_json import what_if_json
from whyllm.engine.render.consultation_json import consultation_json
from whyllm.engine.render.rule_words import rule_json
from whyllm.engine.reviewing.review import AXES as TERMS
from whyllm.engine.stages import RULEBOOKS
from whyllm.engine.stages import rulebook as rulebook_named

if TYPE_CHECKING:
    from whyllm.engine.graph.elements import DecisionGraph

SHOWN = 6
"""Turns that are told at once; the others are folded."""


def home(desk: Desk, wanted: Wanted) -> Page:
    """What this is, and where to begin."""
    count = len(desk.catalogue.models)
    return "home.html.j2", {"title": "whyllm", "here": "/", "count": count}


def tree(desk: Desk, wanted: Wanted) -> Page:
    """The course's tree, node by node."""
    return _walked(desk, wanted, "/tree", "course")


def choose(desk: Desk, wanted: Wanted) -> Page:
    """The expert's questions, the most deciding first."""
    return _walked(desk, wanted, "/choose", "expert")


def recommended(desk: Desk, wanted: Wanted) -> Page:
    """The shortlist for a need, and what fell."""
    answered = desk.consultation(wanted.need, wanted.rulebook, wanted.on)
    data = consultation_json(answered)
    first = Counter(item["causes"][0]["rule"] for item in data["excluded"])
    titles = {card.id: card.title for card in rulebook_named(wanted.rulebook).cards}
    fell = [
        (rule, titles[rule], [x for x in data["excluded"] if x["causes"][0]["rule"] == rule])
        for rule, _ in first.most_common()
    ]
    return "recommend.html.j2", {
        "title": "Recommendation",
        "here": "/recommend",
        "data": data,
        "fell": fell,
        "fields": fields(desk.catalogue, wanted.need, tuple(AXES)),
        "rulebook": wanted.rulebook,
        "rulebooks": RULEBOOKS,
        **common(desk, wanted),
    }


def why(desk: Desk, wanted: Wanted) -> Page:
    """The verdict on one model, with its proof folded."""
    data = json_answers.why(desk, wanted)
    fixes = [
        (
            fix,
            address(
                "/recommend", with_rulebook(wanted, as_pairs(wanted.need.with_changes(fix["set"])))
            ),
        )
        for fix in data["fixes"]
    ]
    name = data["name"]
    return "why.html.j2", {
        "title": f"Why {name}?" if data["verdict"] != "excluded" else f"Why not {name}?",
        "here": "",
        "data": data,
        "fixes": fixes,
        **common(desk, wanted),
    }


def changed(desk: Desk, wanted: Wanted) -> Page:
    """What other figures would change; the sliders."""
    before = desk.consultation(wanted.need, wanted.rulebook, wanted.on)
    to = {name[3:]: text for name, text in wanted.pairs if name.startswith("to_") and text.strip()}
    changes = {Need.axis_named(axis): text for axis, text in to.items()}
    found = what_if_json(what_if(before, changes), changes) if changes else None
    return "what_if.html.j2", {
        "title": "What if?",
        "here": "/what-if",
        "before": consultation_json(before),
        "found": found,
        "shown": SHOWN,
        "sliders": [slider.at(wanted.need, to.get(slider.axis)) for slider in SLIDERS],
        "fields": fields(desk.catalogue, wanted.need, tuple(AXES)),
        "rulebook": wanted.rulebook,
        "rulebooks": RULEBOOKS,
        **common(desk, wanted),
    }


def reviewed(desk: Desk, wanted: Wanted) -> Page:
    """The licence review of a pasted list."""
    data = json_answers.reviewed(desk, wanted) if wanted.text.strip() else None
    return "review.html.j2", {
        "title": "Licence review",
        "here": "/review",
        "data": data,
        "text": wanted.text,
        "fields": fields(desk.catalogue, wanted.need, TERMS),
        **common(desk, wanted),
    }


def models(desk: Desk, wanted: Wanted) -> Page:
    """All models by family."""
    families: dict[str, list[Any]] = {}
    for entry in desk.catalogue.models.values():
        families.setdefault(desk.catalogue.labels["family"][entry.family], []).append(entry)
    return "models.html.j2", {
        "title": "Models",
        "here": "/models",
        "families": sorted(families.items(), key=lambda item: item[0].casefold()),
        **common(desk, wanted),
    }


def model(desk: Desk, wanted: Wanted) -> Page:
    """What is known of a model, each fact with its source."""
    from whyllm.engine.render.knowledge_json import model_json

    known = desk.kb.models.get(wanted.about)  # an id is exact, also where a family bears it
    data = model_json(desk.kb, known or desk.kb.models[desk.model(wanted.about)])
    return "entry.html.j2", {
        "title": data["name"],
        "here": "/models",
        "data": data,
        **common(desk, wanted),
    }


def licences(desk: Desk, wanted: Wanted) -> Page:
    """All licences, with what they grant."""
    from whyllm.engine.render.licence_json import licences_json

    data = licences_json(desk.kb, list(desk.kb.licences.values()), None, None, None)
    return "licences.html.j2", {
        "title": "Licences",
        "here": "/licences",
        "data": data,
        **common(desk, wanted),
    }


def licence(desk: Desk, wanted: Wanted) -> Page:
    """A licence clause by clause."""
    from whyllm.engine.render.licence_json import licence_json

    data = licence_json(desk.kb, desk.licence(wanted.about))
    clauses = {term.id: term for term in desk.kb.terms.clause}
    return "licence.html.j2", {
        "title": data["name"],
        "here": "/licences",
        "data": data,
        "clauses": clauses,
        **common(desk, wanted),
    }


def rules(desk: Desk, wanted: Wanted) -> Page:
    """All rules of both rulebooks."""
    books = [rulebook_named(name) for name in RULEBOOKS]
    return "rules.html.j2", {
        "title": "Rules", "here": "/rules", "books": books, **common(desk, wanted),
    }  # fmt: skip


def rule(desk: Desk, wanted: Wanted) -> Page:
    """One rule: condition, sentence, what it teaches."""
    data = rule_json(*card_of(wanted.about))
    return "rule.html.j2", {
        "title": f"{data['id']}: {data['title']}",
        "here": "/rules",
        "data": data,
        **common(desk, wanted),
    }


def tree_picture(desk: Desk, wanted: Wanted) -> DecisionGraph:
    """The course's tree with the path of the need marked."""
    from whyllm.engine.graph.tree import course_tree

    path = desk.consultation(wanted.need, "course", wanted.on).path
    return course_tree(desk.kb.tree, path)


PAGES: Pages = {
    "page:home": home,
    "page:tree": tree,
    "page:choose": choose,
    "page:recommend": recommended,
    "page:why": why,
    "page:what-if": changed,
    "page:review": reviewed,
    "page:models": models,
    "page:model": model,
    "page:licences": licences,
    "page:licence": licence,
    "page:rules": rules,
    "page:rule": rule,
    **TEACHING_PAGES,
}

PICTURES: Pictures = {"picture:tree": tree_picture, **TEACHING_PICTURES}


def _walked(desk: Desk, wanted: Wanted, path: str, rulebook: str) -> Page:
    """A walk through questions: the one that is due, and what each reply would leave."""
    need, passed = wanted.need, wanted.every("passed")
    interviewer = desk.interviewer(rulebook, wanted.on)
    question = interviewer.question(need, passed)
    kept, undecided = interviewer.remaining(need)
    answered = desk.consultation(need, rulebook, wanted.on)
    walked = [*wanted.pairs]
    replies = (
        []
        if question is None
        else [(reply, _to(path, walked, question, reply.sets)) for reply in question.replies]
    )
    return "walk.html.j2", {
        "title": "The course's tree" if rulebook == "course" else "Choose by questions",
        "here": path,
        "question": question,
        "replies": replies,
        "skip": None if question is None else address(path, [*walked, ("passed", question.id)]),
        "trail": _trail(desk, path, walked),
        "walked": walked,
        "kept": kept,
        "undecided": undecided,
        "data": consultation_json(answered),
        "rulebook": rulebook,
        "rule_titles": {card.id: card.title for card in rulebook_named(rulebook).cards},
        "picture": address("/tree.svg", as_pairs(need)) if rulebook == "course" else None,
        "picture_text": _path_in_words(desk, answered),
        **common(desk, wanted),
    }  # fmt: skip


def _to(
    path: str, walked: Sequence[tuple[str, str]], question: Question, sets: Mapping[str, Any]
) -> str:
    stated = as_pairs(Need.of(sets))
    return address(path, [*walked, *(stated or [("passed", question.id)])])


def _trail(desk: Desk, path: str, walked: Sequence[tuple[str, str]]) -> list[tuple[str, str, str]]:
    """Each step so far: the question's text, the reply, and the address before it."""
    texts = {axis: q.text for q in desk.catalogue.questions for axis in axes_of(q)}
    passed = {q.id: q.text for q in desk.catalogue.questions}
    steps = []
    for place, (name, text) in enumerate(walked):
        before = address(path, walked[:place])
        if name == "passed":
            steps.append((passed.get(text, text), "left open", before))
        else:
            label = desk.catalogue.labels.get(name, {}).get(text, text)
            steps.append((texts.get(name, name), label, before))
    return steps


def _path_in_words(desk: Desk, answered: Consultation) -> str:
    nodes = desk.catalogue.nodes
    labels = [" ".join(nodes[n].label.split("<br/>")) for n in answered.path if n in nodes]
    return "The course's tree; the path so far: " + ", then ".join(labels)
