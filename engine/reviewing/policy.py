"""The policy file: what an organisation makes of licences and publishers, and its exceptions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from whyllm.engine import facts as f
from whyllm.engine.catalogue import Catalogue, KnownFacts, Source
from whyllm.engine.need import Need, NeedError
from whyllm.engine.reviewing.finding import Exemption, Verdict
from whyllm.kb.errors import KnowledgeError, UnknownNameError
from whyllm.kb.schema import Flag, Number, Text, Whole
from whyllm.kb.yaml_file import YamlFile, read_yaml

NAME = "whyllm-policy.yaml"
"""The file that is read from the working folder when none is named."""

SOURCE = "policy"
"""The source of facts that the policy states."""

Failing = Literal["forbidden", "unknown", "conditional"]

Few = Annotated[tuple[Text, ...], Field(max_length=1000)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Use(_Part):
    """The stated use: the axes of the need that bear on terms."""

    use: str | None = Field(None, description="unrestricted, commercial, internal, research …")
    deploy: str | tuple[str, ...] | None = Field(None, description="how others meet the model")
    monthly_active_users: Whole | None = None
    annual_revenue_usd: Number | None = None
    region: str | None = Field(None, description="ISO 3166 country, or EU")
    fine_tune: Flag | None = None
    train_on_outputs: Flag | None = None


class LicenceRules(_Part):
    """Licences by id or by category; when `allowed` is given, every other one is out."""

    allowed: Few | None = None
    denied: Few = ()
    needs_approval: Few = ()


class PublisherRules(_Part):
    """Publishers by their names in the catalogue; `allowed` puts every other one out."""

    allowed: Few | None = None
    denied: Few = ()


class ExceptionEntry(_Part):
    """A model that is used in spite of its verdict, who says so, and until when."""

    model: Text
    reason: Text
    approver: Text
    expires: dt.date


class PolicyFile(_Part):
    """whyllm-policy.yaml."""

    need: Use = Field(Use(), description="the stated use; options of the command win")  # type: ignore[call-arg]
    licences: LicenceRules = Field(LicenceRules(), description="licences by id or category")
    publishers: PublisherRules = PublisherRules()
    duties_fulfilled: Few = Field((), description="ids of duties, <licence>/<duty>")
    exceptions: tuple[ExceptionEntry, ...] = Field((), max_length=10_000)
    fail_on: tuple[Failing, ...] | None = Field(
        None, description="verdicts that fail the review; [forbidden, unknown] unless stated"
    )


@dataclass
class Policy:
    """A policy ready to be used: its rulings as facts, its exceptions by model.

    `exempt` maps the id of a model, or the folded name of one that the catalogue lacks, to its
    exception; those that covered an item are noted, so that the others can be told as unused.
    """

    need: Need
    rulings: tuple[f.WorkingFact, ...] = ()
    fulfilled: frozenset[str] = frozenset()
    exempt: dict[str, ExceptionEntry] = field(default_factory=dict)
    fail_on: frozenset[Verdict] = frozenset({Verdict.FORBIDDEN, Verdict.UNKNOWN})
    file: Path | None = None
    _used: set[str] = field(default_factory=set)

    def laid_over(self, catalogue: Catalogue) -> Catalogue:
        """The catalogue with the rulings among its facts."""
        if not self.rulings:
            return catalogue
        known = catalogue.known
        common = (*known.common, *self.rulings)
        source = Source(SOURCE, f"the policy file {self.file}", None)
        return replace(
            catalogue,
            known=KnownFacts(known.of_model, known.of_licence, common),
            sources={**catalogue.sources, SOURCE: source},
        )

    def exemption(self, model: str | None, name: str, on: dt.date) -> Exemption | None:
        """The exception that covers a model, known by id or else by name."""
        key = model if model in self.exempt else name.casefold()
        found = self.exempt.get(key or "")
        if found is None:
            return None
        self._used.add(found.model)
        expired = found.expires < on
        return Exemption(found.model, found.reason, found.approver, found.expires, expired)

    @property
    def unused_exceptions(self) -> list[str]:
        """The models of exceptions that have covered no item so far, in the file's order."""
        return [e.model for e in self.exempt.values() if e.model not in self._used]


def read_policy(path: Path, catalogue: Catalogue, resolve: Callable[[str], str]) -> Policy:
    """The policy of a file; KnowledgeError with file and line where it cannot be meant.

    `resolve` finds the variant of a name, or raises UnknownNameError.
    """
    file = read_yaml(path)
    if not isinstance(file.data, dict):
        keys = ", ".join(PolicyFile.model_fields)
        raise _fault(file, (), f"not a policy: expected a mapping of some of {keys}")
    try:
        written = PolicyFile.model_validate(file.data)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        where = tuple(fault["loc"])
        key = ".".join(map(str, where)) or "the file"
        raise _fault(file, where, f"{key}: {fault['msg'].removeprefix('Value error, ')}") from None
    return _Reader(file, catalogue, resolve).policy(written)


class _Reader:
    """Checks what a policy names against the catalogue, and turns it into facts."""

    def __init__(self, file: YamlFile, catalogue: Catalogue, resolve: Callable[[str], str]) -> None:
        self._file, self._catalogue, self._resolve = file, catalogue, resolve
        of_licence = catalogue.known.of_licence
        self._category = {
            key: str(fact["category"])
            for key, facts in of_licence.items()
            for fact in facts
            if isinstance(fact, f.LicenceClass)
        }

    def policy(self, written: PolicyFile) -> Policy:
        fail_on = written.fail_on
        return Policy(
            need=self._need(written.need),
            rulings=(
                *self._licence_rulings(written.licences),
                *self._publisher_rulings(written.publishers),
            ),
            fulfilled=frozenset(self._duties(written.duties_fulfilled)),
            exempt={
                self._exempted(entry.model): entry for entry in written.exceptions
            },
            fail_on=Policy(Need.of({})).fail_on if fail_on is None else frozenset(
                Verdict(word) for word in fail_on
            ),
            file=self._file.path,
        )  # fmt: skip

    def _need(self, use: Use) -> Need:
        stated = {k: v for k, v in use.model_dump().items() if v not in (None, (), False)}
        try:
            return Need.of(stated)
        except NeedError as error:
            raise self._wrong(("need", str(error).partition(":")[0]), str(error)) from None

    def _licence_rulings(self, rules: LicenceRules) -> Iterator[f.WorkingFact]:
        def ruled(key: str, written: Sequence[str]) -> list[str]:
            return [x for i, text in enumerate(written) for x in self._licences(text, key, i)]

        denied, approval = ruled("denied", rules.denied), ruled("needs_approval",
                                                                rules.needs_approval)  # fmt: skip
        allowed = ruled("allowed", rules.allowed or ())
        for licence in self._category:
            ruling = ""
            if licence in denied:
                ruling = "denied"
            elif licence in approval:
                ruling = "needs-approval"
            elif rules.allowed is not None and licence not in allowed:
                ruling = "not-listed"
            if ruling:
                yield f.LicenceRuling(licence=licence, ruling=ruling, source=SOURCE)

    def _licences(self, text: str, key: str, index: int) -> list[str]:
        """The licences of an id or of a category."""
        folded = text.casefold()
        found = [k for k, category in self._category.items() if folded in (k.casefold(), category)]
        if not found:
            categories = ", ".join(sorted(set(self._category.values())))
            raise self._wrong(
                ("licences", key, index),
                f"licences.{key}: found {text!r}, expected the id of a licence "
                f"(whyllm licence list) or a category: {categories}",
            )
        return found

    def _publisher_rulings(self, rules: PublisherRules) -> Iterator[f.WorkingFact]:
        publishers = {entry.publisher.casefold() for entry in self._catalogue.models.values()}
        for key, names in (("allowed", rules.allowed or ()), ("denied", rules.denied)):
            for index, name in enumerate(names):
                if name.casefold() not in publishers:
                    known = ", ".join(
                        sorted({e.publisher for e in self._catalogue.models.values()})
                    )
                    raise self._wrong(
                        ("publishers", key, index),
                        f"publishers.{key}: found {name!r}, expected one of {known}",
                    )
        allowed = {name.casefold() for name in rules.allowed or ()}
        denied = {name.casefold() for name in rules.denied}
        for model, entry in self._catalogue.models.items():
            publisher = entry.publisher.casefold()
            unlisted = rules.allowed is not None and publisher not in allowed
            if publisher in denied or unlisted:
                ruling = "denied" if publisher in denied else "not-listed"
                yield f.PublisherRuling(
                    model=model, publisher=entry.publisher, ruling=ruling, source=SOURCE
                )

    def _duties(self, written: Sequence[str]) -> Iterator[str]:
        known = self._catalogue.labels["duty"]
        for index, duty in enumerate(written):
            if duty not in known:
                raise self._wrong(
                    ("duties_fulfilled", index),
                    f"duties_fulfilled: found {duty!r}, expected the id of a duty, as in "
                    f"{next(iter(known))}",
                )
            yield duty

    def _exempted(self, name: str) -> str:
        """The id of the model that an exception names, or its folded name if none bears it."""
        try:
            return self._resolve(name)
        except UnknownNameError:
            return name.casefold()

    def _wrong(self, where: tuple[str | int, ...], message: str) -> KnowledgeError:
        return _fault(self._file, where, message)


def _fault(file: YamlFile, where: tuple[Any, ...], message: str) -> KnowledgeError:
    return KnowledgeError(message, file.path, file.line_of(where))
