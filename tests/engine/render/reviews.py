"""Reviews made by hand: one of every verdict, one of hostile names, one of many mentions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from whyllm.engine.catalogue import Catalogue
from whyllm.engine.explaining.explanation import Cause
from whyllm.engine.inventory.mention import Fault, Mention, Place
from whyllm.engine.need import Need
from whyllm.engine.reviewing.finding import (
    Condition,
    DutyDue,
    Exemption,
    Finding,
    Item,
    Review,
    Verdict,
)

DAY = dt.date(2026, 11, 23)

LLAMA = "LicenseRef-Llama-3.1-Community"
MNPL = "LicenseRef-MNPL-0.1"

HOSTILE = (
    "=HYPERLINK(\"http://evil.example\",\"x\")", "+1", "-1", "@cmd", "'=x", "''=x", "\t=x", "\r=x",
    "\n=x", "<script>window.hacked=1</script>", "<img src=x onerror=window.hacked=1>",
    "</details></td></table>", "<!-- x", "&lt;b&gt;&amp;", "a|b", "a\\|b", "a\\", "`", "``x`` |",
    "a`b", "`|`", "**x** _y_ ~~z~~", "[x](http://evil.example)", "![x](http://evil.example/x.png)",
    "https://evil.example/x", "www.evil.example", "@octocat please", "me@evil.example", "#1 GH-1",
    "org/repo#1", "$x$", "1. x", "- x", "+ x", "# x", "> x", "---", "    x", " x ", "::error::x",
    "%0A::error::x", "x\n::error::x", "x\r\n\r\n# y", "a,b:c", "\x1b[31mred", "\u202eevil",
    "a\u2028b", "\x00", "\ud800", "é 👩‍💻 שלום", "{{ 7*7 }}", "{% raw %}", "x" * 300,
    "javascript:x", "\" onclick=\"window.hacked=1", "' autofocus onfocus='window.hacked=1",
    "<a@b.example>", "",
)  # fmt: skip
"""Names that some format, or a program that shows it, has a meaning of its own for."""


def display(*, fulfilled: bool = False) -> DutyDue:
    """The duty to show a line, as the Llama 3.1 licence puts it."""
    return DutyDue(
        f"{LLAMA}/display",
        'Show "Built with Llama" prominently on a website, user interface, blog post, about page '
        "or in the product's documentation.",
        LLAMA,
        "1.b.i",
        "a product or service",
        fulfilled,
    )


def licence_copy() -> DutyDue:
    return DutyDue(
        "Apache-2.0/licence-copy",
        "Give every recipient a copy of the licence.",
        "Apache-2.0",
        "4(a)",
        "distribution",
        fulfilled=True,
    )


def allowed(name: str = "Qwen3 8B") -> Finding:
    return Finding(
        name, "qwen3-8b", Verdict.ALLOWED, licences=("Apache-2.0",), duties=(licence_copy(),)
    )


def conditional(name: str = "our-llama") -> Finding:
    return Finding(
        name,
        None,
        Verdict.CONDITIONAL,
        licences=(LLAMA,),
        made_from=("llama-3.1-8b-instruct",),
        depends_on=(
            Condition(
                "monthly_active_users",
                "Above 700,000,000 monthly active users the Llama 3.1 licence needs Meta's own "
                "licence (section 2).",
                "LIC-060",
            ),
        ),
        duties=(display(),),
        contradictions=(
            Cause(
                "REV-020",
                "review",
                "our-llama is declared under MIT; the Llama 3.1 licence of its base binds it too.",
                ("Meta: card of Llama 3.1 <https://github.com/meta-llama/llama-models>",),
            ),
        ),
        remarks=("The copy that you hold may be older than the one that was read.",),
    )


def unknown(name: str = "acme/tiny-model") -> Finding:
    return Finding(
        name,
        None,
        Verdict.UNKNOWN,
        unrecognised=("Acme Licence 7",),
        causes=(Cause("REV-040", "review", "Nothing is known of the Acme Licence 7.", ()),),
        exemption=Exemption(name, "pilot only", "Ada", dt.date(2026, 1, 31), expired=True),
    )


def forbidden(name: str = "Codestral 22B v0.1") -> Finding:
    return Finding(
        name,
        "codestral-22b-v0.1",
        Verdict.FORBIDDEN,
        licences=(MNPL,),
        causes=(
            Cause(
                "LIC-020",
                "licence",
                "Codestral 22B v0.1 is under Mistral Non-Production License, which grants no "
                "commercial use (section 3.2).",
                (
                    "A mirror <javascript:window.hacked=1>",
                    "Mistral AI Non-Production License 0.1: a sectioned summary "
                    "<https://mistral.ai/licenses/MNPL-0.1.md>",
                ),
            ),
        ),
        instead=("qwen3-8b",),
    )


def at(finding: Finding, file: str, line: int | None = None, column: int | None = None) -> Item:
    return Item(Mention(finding.name, Place(file, line, column)), finding)


def review(catalogue: Catalogue, judged: Iterable[Item | Fault], **more: object) -> Review:
    need = Need.of({"use": "commercial", "deploy": ["product", "redistribute"]})
    return Review(need, DAY, catalogue, judged, **more)  # type: ignore[arg-type]


def of_every_verdict(catalogue: Catalogue) -> Review:
    """Allowed in five places, one each of the others, and a fault."""
    judged = [
        *(at(allowed(), f"src/load_{number}.py", number, 5) for number in range(1, 6)),
        at(conditional(), "Modelfile", 1, 6),
        Fault(Place("models/broken.json", 3), "expected a JSON object, found a list"),
        at(forbidden(), "src/app.py", 12, 9),
        at(unknown(), "http://localhost:11434"),
    ]
    return review(catalogue, judged, policy_file="policy.yaml", unused_exceptions=["old-model"])


def hostile(catalogue: Catalogue) -> Review:
    """Every hostile text in every place that takes foreign text, as every verdict."""
    judged: list[Item | Fault] = []
    for name in HOSTILE:
        makes = (allowed, conditional, unknown, forbidden)
        judged += [at(make(name), name or "no name", 1, 1) for make in makes]
        told = Finding(
            name,
            None,
            Verdict.UNKNOWN,
            unrecognised=(name,),
            causes=(
                Cause("REV-040", "review", name, (name, f"{name} <https://a.example/?{name}>")),
            ),
            contradictions=(Cause("REV-020", "review", f"{name} is declared", (name,)),),
            remarks=(name,),
            exemption=Exemption(name, name, name, DAY, expired=False),
        )
        judged += [at(told, name or "no name"), Fault(Place(name, 1), name)]
    return review(catalogue, judged, policy_file=HOSTILE[9], unused_exceptions=list(HOSTILE))


def large(catalogue: Catalogue) -> Review:
    """1,000 findings, and one of them with 2,000 further mentions."""
    makes = (allowed, conditional, unknown, forbidden)
    judged = [at(makes[n % 4](f"model-{n}"), f"src/{n}.py", n) for n in range(1, 1001)]
    judged += [at(allowed("model-4"), "all.txt", n) for n in range(1, 2001)]
    return review(catalogue, judged)
