"""A review as Markdown, read back by a parser with GitHub's tables, strikethrough and links."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.render.review.markdown import markdown
from whyllm.engine.render.review.markdown_escapes import code, link, prose, references
from whyllm.kb.errors import printable

from tests.engine.render.reviews import HOSTILE, hostile, large, of_every_verdict

READER = MarkdownIt("gfm-like")

PLACES = {
    "list": "- {}\n",
    "cell": "| a | b |\n|---|---|\n| {} | x |\n",
    "after words": "- Where: {} and 2 more\n",
}


def leaves(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield from leaves(token.children) if token.children else (token,)


def shown(text: str) -> str:
    """The text that a reader sees, all markup taken away; HTML is as good as markup."""
    from html import unescape

    parts = []
    for token in leaves(READER.parse(text)):
        if token.type in ("text", "code_inline"):
            parts.append(token.content)
        elif token.type == "html_block":
            parts.append(unescape(re.sub(r"<[^>]*>", "", token.content)))
    return "".join(parts)


def kinds(text: str) -> set[str]:
    return {token.type for token in leaves(READER.parse(text))} - {"inline"}  # an empty cell


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_a_name_shows_as_it_is_and_does_nothing(name: str, place: str) -> None:
    plain = shown(place.format("PLAIN"))
    for escape, wanted in (
        (code, printable(name) if name.strip() else "(no name)"),
        (prose, " ".join(printable(name).split())),
    ):
        text = place.format(escape(name))
        assert shown(text) == plain.replace("PLAIN", wanted), escape
        assert READER.render(text).count("<li>") == place.count("- {") + place.count("- Where")
        made = kinds(text) - kinds(place.format("PLAIN"))
        assert made <= {"code_inline", "html_inline", "text"}, made
        tags = re.findall(r"<[^>]*>", re.sub(r"<code>[^<]*</code>", "", READER.render(text)))
        assert {re.sub(r"\W", "", tag) for tag in tags} <= {
            *("ul", "li", "span", "code", "table", "thead", "tbody", "tr", "th", "td")
        }


@pytest.mark.parametrize("name", ["@octocat", "a @octocat b", "#12", "x@y.example", "$x$"])
def test_prose_calls_nobody(name: str) -> None:
    """GitHub looks for @names, #numbers and $ within one text: each stands in one by itself."""
    texts = re.split(r"<[^>]*>", READER.render(f"- {prose(name)}\n"))
    assert not [text for text in texts if re.search(r"[@#$]\S|\S[@#$]", text)]


def test_only_web_addresses_are_linked() -> None:
    rendered = READER.render(link("[a](b)", 'https://a.example/x_(1)|`<&copy=2">'))
    assert rendered.count("<a ") == 1
    assert 'href="https://a.example/x_%281%29%7C%60%3C&amp;copy=2%22%3E"' in rendered
    assert ">[a](b)</a>" in rendered
    for address in ("javascript:x", "file:///x", "//x", None):
        assert "<a " not in READER.render(link("text", address))


def test_all_is_told_gravest_first(models: Catalogue) -> None:
    text = "".join(markdown(of_every_verdict(models)))
    table = re.findall(r"^\| . (\w+) \| `([^`]+)` \| (.*?) \|", text, re.M)
    assert table == [
        ("forbidden", "Codestral 22B v0.1", "Mistral Non-Production License"),
        ("unknown", "acme/tiny-model", "Acme Licence 7 (not recognised)"),
        ("conditional", "our-llama", "Llama 3.1 licence"),
        ("allowed", "Qwen3 8B", "Apache 2.0"),
    ]
    seen = shown(text)
    for part in (
        "use: commercial use",
        "2026-11-23",
        models.version,
        "policy.yaml",
        "grants no commercial use (section 3.2)",
        "--monthly-active-users N",
        "our-llama is declared under MIT",
        "Made from: Llama 3.1 8B Instruct",
        '[ ] Show "Built with Llama"',
        "[x] Give every recipient",
        "Instead: Qwen3 8B",
        "it counts no more",
        "models/broken.json:3: expected a JSON object, found a list",
        "old-model",
    ):
        assert part in seen, part
    assert "](<https://mistral.ai/licenses/MNPL-0.1.md>)" in text
    assert "| ✗ forbidden | 1 |" in text


def test_a_hostile_review_keeps_its_form(models: Catalogue) -> None:
    text = "".join(markdown(hostile(models)))
    text.encode()
    tokens = READER.parse(text)
    rows = sum(token.type == "tr_open" for token in tokens)
    assert rows == 5 + 1 + 5 * len(HOSTILE)
    blocks = [token.content.strip() for token in tokens if token.type == "html_block"]
    folded = re.compile(r"<details><summary>. \w+: <code>[^<>]*</code></summary>|</details>")
    assert all(folded.fullmatch(block) for block in blocks)
    assert len(blocks) == 2 * 5 * len(HOSTILE)
    addresses = re.findall(r'<a href="([^"]*)"', READER.render(text))
    assert all(
        re.match(r"https://(mistral\.ai|github\.com|a\.example)/", address) for address in addresses
    )


def test_places_are_capped_and_counted(models: Catalogue) -> None:
    text = "".join(markdown(large(models)))
    assert "`src/4.py:4`, `all.txt:1`, `all.txt:2` and 1,998 more |" in text
    assert "`all.txt:19` and 1,981 more" in text


def test_html_amid_markdown_shows_the_name() -> None:
    from html import unescape

    for name in HOSTILE:
        assert unescape(references(name)) == printable(name)
        assert not re.search(r"[<>@#|`*](?!\d+;)", references(name).replace("&#", ""))
