"""What the quiz tests share: cases to draw from, and keys by hand."""

from __future__ import annotations

import pytest
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.quiz.cases import Cases
from whyllm.kb.knowledge import KnowledgeBase

from tests.engine.quiz.by_hand import ByHand


@pytest.fixture(scope="session")
def cases(models: Catalogue) -> Cases:
    return Cases(models)


@pytest.fixture(scope="session")
def by_hand(kb: KnowledgeBase, models: Catalogue) -> ByHand:
    return ByHand(kb, models)
