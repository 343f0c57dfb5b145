"""Reviews made by hand, and the mentions and findings that they are made of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from whyllm.engine.catalogue import Catalogue
from whyllm.engine.explaining.explanation import Cause
from whyllm.engine.inventory.mention import Fault, Mention, Place
from whyllm.engine.need import Need
from whyllm.engine.reviewing.finding import Condition, DutyDue, Finding, Item, Review, Verdict

DAY = dt.date(2026, 11, 23)
LLAMA = "llama-3.1-8b-instruct"
LLAMA_LICENCE = "LicenseRef-Llama-3.1-Community"
HOSTILE = (
    "[click](https://example.org/x) {0} </script>",
    'quote " back \\ slash',
    "line\nbreak\ttab\x1b[31m",
    "٣‮gnp.exe",
    "pkg:huggingface/meta-llama/Llama-3.1-8B",
    " spaced ",
    "🦙" * 50,
)


def cause(text: str = "Not for commercial use (section 3.2).", rule: str = "LIC-020") -> Cause:
    return Cause(rule, "licence", text, ("A text <https://example.org>",))


def judged(
    name: str,
    verdict: Verdict = Verdict.ALLOWED,
    place: Place | None = None,
    declared: tuple[str, ...] = (),
    bases: tuple[str, ...] = (),
    **said: Any,
) -> Item:
    mention = Mention(name, place or Place("src/app.py", 3, 9), declared, bases)
    return Item(mention, Finding(name, said.pop("model", None), verdict, **said))


def review(models: Catalogue, *found: Item | Fault, need: dict[str, Any] | None = None) -> Review:
    return Review(Need.of(need or {"use": "commercial"}), DAY, models, found)


def mixed() -> Iterable[Item | Fault]:
    """One item of each verdict, with all that a finding can say, and a fault between them."""
    duty = DutyDue("x/notice", "Keep the notice.", "x", "section 4", "on distribution")
    yield judged(
        "meta-llama/Llama-3.1-8B-Instruct", model=LLAMA, licences=(LLAMA_LICENCE,), duties=(duty,)
    )
    causes = (cause(), cause("A second reason.", "LIC-030"))
    place = Place("a b/ü%.py", 7, 4)
    yield judged(
        "Codestral 22B", Verdict.FORBIDDEN, place, ("mnpl",), causes=causes, instead=(LLAMA,)
    )
    yield Fault(Place("broken.json", 2, 5), "is no JSON: Expecting value")
    condition = Condition("users", "up to 700 million users", "LIC-060")
    place = Place("Modelfile", 1)
    yield judged("llama3.1:8b", Verdict.CONDITIONAL, place, model=LLAMA, depends_on=(condition,))
    place = Place("http://[::1]:11434/api/tags")
    yield judged(
        "acme/secret", Verdict.UNKNOWN, place, ("acme",), ("acme/base",), unrecognised=("acme",)
    )
