"""A review as SARIF 2.1.0, which code-scanning services show beside the code.

A result is one cause against an item, at the place of its mention; what is allowed has none. The
results stream; the rules that they name, and what could not be read, follow them in the file.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from whyllm.engine.explaining.explanation import Cause
from whyllm.engine.render.review.stock import plain
from whyllm.engine.render.review.tool import NAME, version
from whyllm.engine.reviewing.finding import Verdict

if TYPE_CHECKING:
    from whyllm.engine.inventory.mention import Fault, Place
    from whyllm.engine.reviewing.finding import Finding, Item, Review
    from whyllm.engine.rulebook import RuleCard

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
LEVELS = {Verdict.FORBIDDEN: "error", Verdict.UNKNOWN: "warning", Verdict.CONDITIONAL: "note"}
FAULT = "unreadable"
"""The id of what is told of an input that could not be read."""

_TITLES = {
    "forbidden": "The stated use is not permitted",
    "unknown": "Not enough is known to permit the stated use",
    "conditional": "The stated use is permitted on conditions",
    FAULT: "An input, or a part of one, could not be read",
}
_IN_PATHS = "%:/?#@!$&'()*+,;=~"
_ADDRESS = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]+://")


@dataclass
class _Rules:
    """The rules that results name, numbered as they first occur."""

    numbers: dict[str, int] = field(default_factory=dict)

    def number(self, rule: str) -> int:
        return self.numbers.setdefault(rule, len(self.numbers))


def pieces(review: Review) -> Iterator[str]:
    """The log as JSON, in ASCII; reads the review, whose items stream through."""
    rules, seen = _Rules(), Counter[str]()
    yield f'{{"$schema": {json.dumps(SCHEMA)}, "version": "2.1.0", "runs": [{{\n'
    yield '"columnKind": "unicodeCodePoints",\n"results": ['
    separator = "\n"
    for item in review.items():
        for cause in _causes(item.finding):
            yield separator + json.dumps(_result(item, cause, rules, seen, review))
            separator = ",\n"
    faults = [_notification(fault) for fault in review.faults]
    invocation = {"executionSuccessful": True, "toolExecutionNotifications": faults}
    driver = {
        "name": NAME,
        "version": version(),
        "rules": [_rule(rule) for rule in rules.numbers],
        "notifications": [{"id": FAULT, "shortDescription": {"text": _TITLES[FAULT]}}],
    }
    yield f'\n],\n"invocations": [{json.dumps(invocation)}],\n'
    yield f'"tool": {json.dumps({"driver": driver})}\n}}]}}\n'


def _causes(finding: Finding) -> Iterator[Cause]:
    """What speaks against an item, or what its verdict hangs on; the verdict itself if nothing."""
    if finding.verdict not in LEVELS:
        return
    told = list(finding.causes)
    told += [Cause(c.rule, c.axis, c.text, ()) for c in finding.depends_on]
    verdict = finding.verdict.value
    yield from told or [Cause(verdict, verdict, f"{_TITLES[verdict]}.", ())]


def _result(
    item: Item, cause: Cause, rules: _Rules, seen: Counter[str], review: Review
) -> dict[str, Any]:
    finding, mention = item.finding, item.mention
    rule = cause.rule or finding.verdict.value
    named = plain(mention.name)
    text = f"{named}: {cause.text}"
    for contradiction in finding.contradictions:
        text += f" {contradiction.text}"
    if finding.instead:
        models = review.catalogue.models
        names = (models[m].name if m in models else m for m in finding.instead)
        text += f" Instead: {', '.join(names)}."
    print_ = _fingerprint(mention.place.file, mention.name, *mention.declared, rule, cause.text)
    seen[print_] += 1
    result = {
        "ruleId": rule,
        "ruleIndex": rules.number(rule),
        "level": LEVELS[finding.verdict],
        "message": {"text": _escaped(text)},
        "locations": [{"physicalLocation": _location(mention.place, mention.name)}],
        "partialFingerprints": {"whyllm/v1": f"{print_}:{seen[print_]}"},
        "properties": {
            "verdict": finding.verdict.value,
            "name": named,
            "model": finding.model,
            "licences": list(finding.licences),
            "declared": [plain(text) for text in mention.declared],
            "bases": [plain(text) for text in mention.bases],
            "sources": list(cause.sources),
        },
    }
    if finding.exemption is not None:
        exempt = finding.exemption
        result["suppressions"] = [
            {
                "kind": "external",
                "status": "rejected" if exempt.expired else "accepted",
                "justification": f"{exempt.reason} ({exempt.approver}, until {exempt.expires})",
            }
        ]
    return result


def _escaped(text: str) -> str:
    """A text as a message that holds neither placeholders nor links, whatever names say."""
    bare = plain(text).replace("{", "{{").replace("}", "}}")
    return re.sub(r"[\\\[\]]", lambda found: f"\\{found[0]}", bare) if "](" in bare else bare


def _fingerprint(*parts: str) -> str:
    """Sixteen digits that stay when lines move: of the file, the name, the terms and the rule."""
    joined = json.dumps(parts)
    return hashlib.sha256(joined.encode()).hexdigest()[:16]


def _location(place: Place, name: str = "") -> dict[str, Any]:
    location: dict[str, Any] = {"artifactLocation": {"uri": uri(place.file)}}
    if place.line:
        region = {"startLine": place.line}
        if place.column:
            region["startColumn"] = place.column
            if name and "\n" not in name:
                region["endColumn"] = place.column + len(name)
        location["region"] = region
    return location


def uri(file: str) -> str:
    """A path as a relative reference, an absolute one as a file's address; addresses as given."""
    if _ADDRESS.match(file):
        scheme, _, rest = plain(file).partition("://")
        authority, slash, path = rest.partition("/")
        authority = quote(authority, safe=":@[]%")
        return f"{scheme}://{authority}{slash}{quote(path, safe=_IN_PATHS)}"
    import os

    slashed = file.replace(os.sep, "/")
    try:
        quoted = quote(slashed, safe="/~", errors="surrogateescape")
    except UnicodeEncodeError:
        quoted = quote(plain(slashed), safe="/~")
    return f"file://{quoted}" if slashed.startswith("/") else quoted


def _notification(fault: Fault) -> dict[str, Any]:
    return {
        "descriptor": {"id": FAULT, "index": 0},
        "level": "error",
        "message": {"text": _escaped(fault.text)},
        "locations": [{"physicalLocation": _location(fault.place)}],
    }


def _rule(rule: str) -> dict[str, Any]:
    card = _card(rule)
    if card is None:
        return {"id": rule, "shortDescription": {"text": _escaped(_TITLES.get(rule, rule))}}
    teaching = card.teaching
    return {
        "id": rule,
        "name": card.body.__name__.strip("_"),
        "shortDescription": {"text": _escaped(card.title)},
        "fullDescription": {"text": _escaped(teaching[""] or card.title)},
        "help": {"text": _escaped("\n\n".join(filter(None, teaching.values())) or card.title)},
    }


def _card(rule: str) -> RuleCard | None:
    """The card of a rule, none for what is no rule's id."""
    from whyllm.engine.stages import rulebook

    try:
        return rulebook("expert").card(rule)
    except KeyError:
        return None
