"""Judges mentions: identifies what is meant, has the rules judge it, and says what follows.

What is judged are subjects, of which there are far fewer than mentions. Mentions are taken some at
a time, so that the rules judge the subjects of all of them at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from cachetools import LRUCache
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.explaining.explanation import Cause
from whyllm.engine.inventory.mention import Fault, Found, Mention
from whyllm.engine.need import Need
from whyllm.engine.reviewing.declared import Recogniser
from whyllm.engine.reviewing.finding import Finding, Item, Verdict
from whyllm.engine.reviewing.identified import REMEMBERED, Identified, Identifier
from whyllm.engine.reviewing.policy import Policy
from whyllm.engine.reviewing.reading import Reading
from whyllm.engine.reviewing.subject import Subject
from whyllm.engine.reviewing.verdicts import TERMS, Verdicts, named
from whyllm.kb.names import NameIndex

UNKNOWN_NAME = "REVIEW-NAME"
"""In place of a rule's id, where a name has no one meaning for rules to judge."""

TOGETHER = 1_000
"""Mentions that are taken at a time."""

_Key = tuple[str, tuple[str, ...], tuple[str, ...], bool]


class Judge:
    """Judges mentions against one need on one day, under a policy."""

    def __init__(
        self,
        catalogue: Catalogue,
        names: NameIndex,
        recogniser: Callable[[], Recogniser],
        need: Need,
        on: dt.date,
        policy: Policy,
    ) -> None:
        self._catalogue = policy.laid_over(catalogue)
        self._identifier = Identifier(catalogue, names, recogniser)
        self._on, self._policy = on, policy
        self._verdicts = Verdicts(self._catalogue, need, on, policy.fulfilled)
        self._known: LRUCache[_Key, Finding] = LRUCache(REMEMBERED)

    def items(self, found: Iterable[Found], together: int = TOGETHER) -> Iterator[Item | Fault]:
        """The mentions judged, and the faults, in order; so many are taken together.

        A mention is left out where nobody says, and nothing shows, that it is a model.
        """
        source = iter(found)
        while taken := list(islice(source, together)):
            told = [one for one in taken if isinstance(one, Fault) or self._is_model(one)]
            findings = self._findings(_key(one) for one in told if isinstance(one, Mention))
            for one in told:
                yield one if isinstance(one, Fault) else Item(one, findings[_key(one)])

    def _is_model(self, mention: Mention) -> bool:
        return mention.stated or self._identifier.is_one(mention.name)

    def _findings(self, keys: Iterable[_Key]) -> Mapping[_Key, Finding]:
        """What is said of each that is wanted, worked out once for those that are alike."""
        wanted = dict.fromkeys(keys)
        found = {key: self._known[key] for key in wanted if key in self._known}
        identified = {key: self._identifier.identified(*key) for key in wanted if key not in found}
        judged = self._verdicts.on(s for one in identified.values() for s in one.subjects)
        for key, one in identified.items():
            found[key] = self._known[key] = self._finding(key[0], one, judged)
        return found

    def _finding(
        self, name: str, identified: Identified, judged: Mapping[Subject, Finding]
    ) -> Finding:
        reading = identified.reading
        findings = [judged[subject] for subject in identified.subjects]
        if len(findings) > 1:
            found = self._one_of(name, reading, findings)
        else:
            found = named(findings[0], name)
            if reading.untuned:
                found = replace(found, name=name, model=None)
        names = [self._catalogue.models[model].name for model in found.made_from]
        remarks = [f"made from {' and '.join(names)}, as declared"] if names else []
        if reading.remark and not (names and not reading.models):
            remarks.insert(0, reading.remark)
        said = {cause.text for cause in found.causes}
        like = (*reading.models, *found.made_from, *reading.alike)
        instead = () if found.verdict is Verdict.ALLOWED else self._verdicts.replacements
        return replace(
            found,
            instead=instead.for_any(like) if instead else (),
            unrecognised=identified.declaration.unrecognised,
            remarks=tuple(text for text in map(_sentence, remarks) if text not in said),
            exemption=self._policy.exemption(found.model, found.name, self._on),
        )

    def _one_of(self, name: str, reading: Reading, findings: Sequence[Finding]) -> Finding:
        """A name of several models: their verdict where they share it, else unknown."""
        if len({(one.verdict, one.licences) for one in findings}) == 1:
            return replace(findings[0], name=name, model=None)
        cause = Cause(UNKNOWN_NAME, TERMS, _sentence(reading.remark), ())
        licences = dict.fromkeys(key for one in findings for key in one.licences)
        return Finding(name, None, Verdict.UNKNOWN, tuple(licences), causes=(cause,))


def _key(mention: Mention) -> _Key:
    return mention.name, mention.declared, mention.bases, mention.to_ollama


def _sentence(remark: str) -> str:
    return f"{remark[:1].upper()}{remark[1:]}" + ("" if remark.endswith((".", "?")) else ".")
