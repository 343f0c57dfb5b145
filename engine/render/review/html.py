"""A licence review as one HTML page that needs no network and, but for its filters, no script."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from whyllm.engine.render.page_policy import policy
from whyllm.engine.render.review import told
from whyllm.engine.render.review.groups import Group, grouped
from whyllm.engine.reviewing.finding import DutyDue, Finding, Review, Verdict
from whyllm.kb.errors import printable

PLACES = 30
"""Places of a finding that its details list; the rest is counted."""

SHOWN = 2
"""Places of a finding that its row lists."""

_SHARED = Path(__file__).parents[1] / "page"
_FOLDER = Path(__file__).parent / "page"


@dataclass
class _Task:
    """A duty on the checklist, and the models for which it is due."""

    duty: DutyDue
    names: list[str] = field(default_factory=list)


def html(review: Review) -> str:
    """The page on a review: findings in a table, gravest first, details folded, duties, faults.

    What runs and what styles the page is named by its hash in the page's content security policy:
    should a name ever escape its markup, a browser still runs nothing that it holds.
    """
    import jinja2
    from markupsafe import Markup

    groups = grouped(review, PLACES)
    groups.sort(key=lambda group: told.GRAVEST_FIRST.index(group.finding.verdict))
    looks = (_SHARED / "base.css", _FOLDER / "review.css")
    style = "".join(path.read_text(encoding="utf-8") for path in looks)
    script = (_FOLDER / "review.js").read_text(encoding="utf-8")
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    return environment.get_template("review.html.j2").render(
        review=review,
        policy=policy([script], [style]),
        style=Markup(style),
        script=Markup(script),
        groups=groups,
        tasks=_checklist(groups),
        told=told,
        shown=SHOWN,
        verdicts=told.GRAVEST_FIRST,
        mentions=sum(review.summary.values()),
    )


def _shown(value: object) -> object:
    """Whatever the template prints: what could not be written or seen, by its escape."""
    from markupsafe import Markup

    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _checklist(groups: Iterable[Group]) -> dict[str, list[_Task]]:
    """The duties of the models that may be used, each once, by licence."""
    found: dict[str, dict[str, _Task]] = {}
    for group in groups:
        if _usable(group.finding):
            for duty in group.finding.duties:
                task = found.setdefault(duty.licence, {}).setdefault(duty.id, _Task(duty))
                task.names.append(group.finding.name)
    return {licence: list(tasks.values()) for licence, tasks in sorted(found.items())}


def _usable(finding: Finding) -> bool:
    lets = finding.exemption is not None and not finding.exemption.expired
    return lets or finding.verdict in (Verdict.ALLOWED, Verdict.CONDITIONAL)
