"""Which licence a declaration names: each by its names, none by what may mean another."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from whyllm.kb.draft.licence_tag import (
    LONGEST_TEXT,
    licence_of,
    licence_of_tag,
    licence_of_text,
)
from whyllm.kb.knowledge import KnowledgeBase
from whyllm.kb.loader import load
from whyllm.kb.schema import Licence

MIT_BODY = (
    "Permission is hereby granted, free of charge, to any person obtaining a copy of this\n"
    "software … ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER\n"
    "DEALINGS IN THE SOFTWARE.\n"
)

NAMES: list[tuple[str, str | None]] = [
    ("MIT", "MIT"),
    (" mit ", "MIT"),
    ("The MIT License", "MIT"),
    ("MIT-0", None),
    ("Apache License, Version 2.0", "Apache-2.0"),
    ("Apache-2.0 license", "Apache-2.0"),
    ("Apache", None),
    ("Apache License 1.1", None),
    ("llama3.1", "LicenseRef-Llama-3.1-Community"),
    ("Llama 3.1 Community License", "LicenseRef-Llama-3.1-Community"),
    ("llama", None),
    ("other mnpl", "LicenseRef-MNPL-0.1"),
    ("llama3.3 llama3.3", "LicenseRef-Llama-3.3-Community"),
    ("apache-2.0 jamba-open-model-license", None),  # as Jamba's cards say: which of them?
    ("mit other", None),
    ("openrail++", "LicenseRef-CreativeML-OpenRAILpp-M"),
    ("openrail", None),
    ("other", None),
    ("cc", None),
    ("unknown", None),
    ("", None),
    ("modified-mit", None),  # Kimi K2, Kimi K3, MiniMax and Mistral have one each
    ("exaone", None),
    ("qwen-research", None),  # the text of 2024, or that of 2026
    ("Qwen Research License Agreement", None),
    ("tencent-hunyuan-community", None),
    ("Tencent Hunyuan Community License Agreement", None),
    ("gpl-3.0", None),
]


@pytest.mark.parametrize(("declared", "key"), NAMES)
def test_a_name(kb: KnowledgeBase, declared: str, key: str | None) -> None:
    assert licence_of(declared, kb.licences) == key


TEXTS: list[tuple[str, str | None]] = [
    (f"MIT License\n\nCopyright (c) 2024 Somebody\n\n{MIT_BODY}", "MIT"),
    (f"The MIT License (MIT)\n\nCopyright (c) 2024 Somebody\n\n{MIT_BODY}", "MIT"),
    ("MIT License Copyright (c) 2024 Somebody Permission is hereby granted", "MIT"),
    (f"MIT License\n\nCopyright 2025\n\n{MIT_BODY}\nOur only modification is that, if", None),
    (f"Modified MIT License\n\nCopyright (c) 2025\n\n{MIT_BODY}", None),
    ("MIT License\n\nVersion 3\n", None),
    ("MIT License with attribution\n\nCopyright", None),
    ("MIT License applies to the code; the weights are another matter.\nMore.", None),
    (
        "\n        Apache License\n    Version 2.0, January 2004\n  http://www.apache.org/",
        "Apache-2.0",
    ),
    ("Apache License\nVersion 1.1\n", None),
    ("Apache License\n", None),
    (
        "LLAMA 3.1 COMMUNITY LICENSE AGREEMENT\nLlama 3.1 Version Release Date: July 23, 2024\n",
        "LicenseRef-Llama-3.1-Community",
    ),
    (
        "META LLAMA 3 COMMUNITY LICENSE AGREEMENT\n"
        "Meta Llama 3 Version Release Date: April 18, 2024\n",
        "LicenseRef-Llama-3-Community",
    ),
    ("Gemma Terms of Use \n\nLast modified: February 21, 2024\n", "LicenseRef-Gemma-ToU"),
    (
        "Tongyi Qianwen LICENSE AGREEMENT\n\nTongyi Qianwen Release Date: August 3, 2023\n",
        "LicenseRef-Tongyi-Qianwen",
    ),
    (
        "Qwen LICENSE AGREEMENT\n\nQwen LICENSE AGREEMENT Release Date: September 19, 2024\n",
        "LicenseRef-Qwen-License-2024",
    ),
    ("Qwen LICENSE AGREEMENT\n\nRelease Date: September 20, 2026\n", None),
    (
        "Qwen RESEARCH LICENSE AGREEMENT\n\nRelease Date: September 19, 2024\n",
        "LicenseRef-Qwen-Research-2024",
    ),
    ("Qwen RESEARCH LICENSE AGREEMENT\n\nRelease Date: September 20, 2026\n", None),
    ("Qwen RESEARCH LICENSE AGREEMENT\n\nBy clicking to agree\n", None),
    (
        "TENCENT HUNYUAN COMMUNITY LICENSE AGREEMENT\n"
        "Tencent HunyuanVideo Release Date: December 3, 2024\n",
        None,
    ),
    ("# Mistral AI Non-Production License\n\n## 1. Scope and acceptance\n", "LicenseRef-MNPL-0.1"),
    ("DEEPSEEK LICENSE AGREEMENT\n\nVersion 1.0, 23 October 2023\n", "LicenseRef-DeepSeek-1.0"),
    ("DEEPSEEK LICENSE AGREEMENT\n\nVersion 2.0\n", None),
    # Ollama hands over the texts of a model in one; both are in force.
    (f"MIT License\n\nCopyright\n\n{MIT_BODY}\nLLAMA 3.1 COMMUNITY LICENSE AGREEMENT\n", None),
    ("Gemma Terms of Use\n\nLast modified\n\nMIT License\n\nCopyright\n", None),
    ("Gemma Terms of Use\n\nParts of it are under the MIT License.\n", "LicenseRef-Gemma-ToU"),
    ("This model is under the MIT License.\nApache License 2.0 holds for its code.\n", None),
    ("x\n" * LONGEST_TEXT, None),
]


@pytest.mark.parametrize(("text", "key"), TEXTS, ids=lambda x: str(x)[:50])
def test_a_text(kb: KnowledgeBase, text: str, key: str | None) -> None:
    assert licence_of(text, kb.licences) == key


def test_every_licence_is_found_by_each_of_its_names(kb: KnowledgeBase) -> None:
    for key, licence in kb.licences.items():
        tags = [tag.name for tag in licence.tags]
        named = [] if licence.dated else [licence.name, licence.short]
        for name in (key, key.lower(), *tags, *[f"other {tag}" for tag in tags], *named):
            assert licence_of_tag(name, kb.licences) == key, name


def test_every_title_is_that_of_its_own_licence_or_of_none(kb: KnowledgeBase) -> None:
    """Upper case and markup make no difference; a mention within a text is no title."""
    for key, licence in kb.licences.items():
        for title in (licence.name, licence.name.upper(), f"## **{licence.name}**"):
            found = licence_of_text(f"{title}\n\nThe terms follow.\n", kb.licences)
            assert found == (None if licence.dated else key), title
        assert licence_of_text(f"Our own terms\n\n{licence.name}\n", kb.licences) is None
        assert licence_of_text(f"Notes on the {licence.name}\n", kb.licences) is None
        assert licence_of_text(f"{licence.name} for some of it\n", kb.licences) is None


def test_two_texts_are_no_one_licence(kb: KnowledgeBase) -> None:
    plain = [licence for licence in kb.licences.values() if not licence.dated]
    for one, other in itertools.pairwise(plain):
        text = f"{one.name}\n\nIts terms.\n\n{other.name}\n\nIts terms.\n"
        assert licence_of_text(text, kb.licences) is None, text


KNOWN = load().licences


@given(st.text(max_size=200))
def test_any_text_is_answered(text: str) -> None:
    assert licence_of(text, KNOWN) in (None, *KNOWN)


@given(st.sampled_from(list(KNOWN.values())), st.text("abcxyz", min_size=4, max_size=9))
def test_a_word_more_makes_another_name(licence: Licence, word: str) -> None:
    name = f"{licence.name} {word}"
    assert licence_of(name, KNOWN) is None
