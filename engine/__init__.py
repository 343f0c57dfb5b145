"""How it decides: facts, rules, the machine that fires them, and what is read off the trace.

For Python programs: `from whyllm.engine import consult, explain, review, as_json, as_text`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from whyllm.engine.api import as_json, as_text, consult, explain, review

__all__ = ["as_json", "as_text", "consult", "explain", "review"]


def __getattr__(name: str) -> Any:
    """Import the functions when one is wanted: modules below are imported without them."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from whyllm.engine import api

    return getattr(api, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
