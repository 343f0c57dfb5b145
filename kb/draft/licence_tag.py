"""Which licence of the knowledge a tag or a licence text names, if it names just one."""

from __future__ import annotations

import re
from collections.abc import Mapping

from whyllm.kb.schema import Licence

BEGINNING = 1_000
"""Characters in which a licence text says what it is."""

_TAGS = {
    "gemma": "LicenseRef-Gemma-ToU",
    "llama2": "LicenseRef-Llama-2-Community",
    "llama3": "LicenseRef-Llama-3-Community",
    "llama3.1": "LicenseRef-Llama-3.1-Community",
    "llama3.2": "LicenseRef-Llama-3.2-Community",
    "llama3.3": "LicenseRef-Llama-3.3-Community",
    "llama4": "LicenseRef-Llama-4-Community",
}
"""The hub's tags that are not SPDX ids; `other`, `unknown`, `cc` or `openrail` name no licence."""


def licence_of_tag(tag: str, licences: Mapping[str, Licence]) -> str | None:
    """The id of the licence that a tag names, none if it is ambiguous."""
    folded = tag.strip().casefold()
    found = _TAGS.get(folded) or next((id_ for id_ in licences if id_.casefold() == folded), None)
    return found if found in licences else None


def licence_of_text(text: str, licences: Mapping[str, Licence]) -> str | None:
    """The id of the licence whose name stands at the beginning of a text, the longest of them."""
    beginning = _squashed(text[:BEGINNING])
    named = [
        (len(_squashed(licence.name)), key)
        for key, licence in licences.items()
        if _squashed(licence.name) in beginning
    ]
    return max(named)[1] if named else None


def _squashed(text: str) -> str:
    """Letters and digits alone, licence spelt one way, without `version` and `the`."""
    bare = re.sub(r"\b(?:version|the)\b", "", text.casefold().replace("licence", "license"))
    return re.sub(r"[^a-z0-9.]+", "", bare)
