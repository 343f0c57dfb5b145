"""The facts of the knowledge base as CSV, a line each, for a spreadsheet or a database."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from whyllm.kb.evidence import sourced_facts
from whyllm.kb.knowledge import KnowledgeBase

COLUMNS = ("kind", "id", "field", "value", "source", "url", "read", "confidence", "note")


def facts_csv(kb: KnowledgeBase) -> str:
    """Every fact with its source; a value that is no single word or number is JSON."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(COLUMNS)
    for fact in sourced_facts(kb):
        source = kb.sources[fact.evidence.source]
        table.writerow(
            (
                fact.kind,
                fact.entry,
                fact.field,
                _cell(fact.value),
                source.id,
                source.url or "",
                source.read.isoformat(),
                fact.evidence.confidence,
                fact.evidence.note or "",
            )
        )
    return text.getvalue()


def _cell(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
