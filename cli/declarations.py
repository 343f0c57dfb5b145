"""Lays what is declared of a model over the catalogue, as a licence review does."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from whyllm.cli.exits import WrongQuestionError, tell
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.knowledge import knowledge_base, recogniser


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
    from whyllm.engine.reviewing.identified import Identifier
    from whyllm.engine.reviewing.subject import called, with_subjects

    names = catalogue.names
    identifier = Identifier(catalogue, names, lambda: recogniser(knowledge_base(folders)))
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
    laid = with_subjects(catalogue, {subject.id: subject})
    return (laid if subject.model else called(laid, {subject.id: name})), subject.id
