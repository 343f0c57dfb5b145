"""Lays what is declared of a model over the catalogue, as a licence review does."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from whyllm.cli.exits import WrongQuestionError, tell
from whyllm.cli.knowledge import knowledge_base, name_index
from whyllm.engine.catalogue import Catalogue


def with_declarations(
    name: str,
    declared: Sequence[str],
    bases: Sequence[str],
    catalogue: Catalogue,
    folders: Sequence[Path],
) -> tuple[Catalogue, str]:
    """The catalogue with a model under its declared licences and bases, and the model's id.

    A name that the catalogue does not hold is weights that nobody knows. One that means several
    models is refused, and so is a base that means none.
    """
    from whyllm.engine.review.declared import Recogniser
    from whyllm.engine.review.identified import Identifier
    from whyllm.engine.review.subject import named, with_subject

    def recogniser() -> Recogniser:
        kb = knowledge_base(folders)
        return Recogniser(kb.licences, kb.preferences.licence_order)

    identifier = Identifier(catalogue, name_index(catalogue), recogniser)
    for base in bases:
        found = identifier.reading(base)
        if not found.models:
            raise WrongQuestionError(f"--base: {found.remark}")
    reading = identifier.reading(name)
    declaration = identifier.declaration(declared)
    subjects = identifier.subjects(reading, declaration, bases)
    if len(subjects) > 1:
        raise WrongQuestionError(reading.remark)
    (subject,) = subjects
    if reading.remark:
        tell(reading.remark)
    if not reading.models:
        tell(f"{name!r} is judged by what is declared of it")
    for text in declaration.unrecognised:
        tell(f"not known as a licence: {text}")
    laid = with_subject(catalogue, subject)
    return (laid if subject.model else named(laid, subject, name)), subject.id
