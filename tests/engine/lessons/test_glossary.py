"""The glossary holds every term of the vocabularies, and finds what people type."""

from __future__ import annotations

import pytest
from whyllm.engine.lessons.glossary import Glossary
from whyllm.kb.errors import UnknownNameError
from whyllm.kb.knowledge import KnowledgeBase


@pytest.fixture(scope="module")
def glossary(kb: KnowledgeBase) -> Glossary:
    return Glossary(kb)


@pytest.mark.parametrize(
    ("typed", "term"),
    [("KV cache", "KV cache"), ("kv-cache", "KV cache"), ("moe", "mixture of experts (MoE)"),
     ("fine_tuning", "fine-tuning"), ("salience", "salience"),
     ("sliding window", "sliding window"), ("vram", "VRAM")],
)  # fmt: skip
def test_found(glossary: Glossary, typed: str, term: str) -> None:
    assert term in [entry.term for entry in glossary.find(typed)]


def test_a_misspelt_word_gets_a_suggestion(glossary: Glossary) -> None:
    with pytest.raises(UnknownNameError) as refused:
        glossary.find("quantization")
    assert "did you mean quantisation" in str(refused.value)


@pytest.mark.parametrize("typed", ["", " ", "zzzzqq", "\x00", "x" * 5000])
def test_not_found(glossary: Glossary, typed: str) -> None:
    with pytest.raises(UnknownNameError):
        glossary.find(typed)


def test_every_term_of_the_vocabularies_is_in_it(glossary: Glossary, kb: KnowledgeBase) -> None:
    held = {(entry.id, entry.text) for entry in glossary.entries}
    for vocabulary in type(kb.terms).model_fields:
        for term in getattr(kb.terms, vocabulary):
            assert (term.id, term.description) in held
    assert all(entry.text and entry.term for entry in glossary.entries)
    assert {entry.source for entry in glossary.entries} <= set(kb.sources)
