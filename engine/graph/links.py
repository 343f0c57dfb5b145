"""Where a node of a decision graph leads: the page on a rule, a model's card, a text."""

from __future__ import annotations

from whyllm.engine.catalogue import Source

RULE_PAGES = "rules.md"
"""The page with all rules, beside which the project's own pictures lie."""


def rule_page(rule_id: str) -> str:
    """The section on a rule."""
    return f"{RULE_PAGES}#{rule_id.lower()}"


def model_card(hf_repo: str | None) -> str:
    """The card in a variant's repository; '' where there is none."""
    return f"https://huggingface.co/{hf_repo}" if hf_repo else ""


def source_page(source: Source | None) -> str:
    """Where a text is read; '' for one without an address."""
    return (source and source.url) or ""
