"""Amounts in words: 24 Go, 200 million, 2,5 M$, 32k; what they look like, and what they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_DIGITS = (
    r"(?:\d{1,3}(?: \d{3})+(?:[.,]\d+)?|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:\.\d{3}){2,}"
    r"|\d+(?:[.,]\d+)?)"
)
_GIGABYTES = {
    "gb": 1.0, "go": 1.0, "gig": 1.0, "gigs": 1.0, "giga": 1.0, "gigas": 1.0,
    "gigabyte": 1.0, "gigabytes": 1.0, "gigaoctet": 1.0, "gigaoctets": 1.0,
    "gib": 2**30 / 1e9, "gio": 2**30 / 1e9, "mb": 0.001, "mo": 0.001,
}  # fmt: skip
_DOLLARS = r"(?:\$ us|us \$|\$|usd|us dollars|dollars us|dollars americains|dollars?)"
_ONE = r"(?:an?|one|une?)"


def _either(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


class Amounts:
    """The amounts of one language; `times` maps a word such as *million* to what it stands for.

    `slots` maps a slot to how it looks in folded text; its group `value` or `other` has the text
    that `value` turns into a number, or into the name of a quantisation.
    """

    def __init__(self, times: Mapping[str, int]) -> None:
        self._times = times
        one = _either(word for word in times if word.endswith("ion") or word.endswith("ard"))
        number = rf"(?:{_DIGITS}(?: ?(?:{_either(times)})(?= ))?|(?:{_ONE} )?(?:{one})(?= ))"
        self.slots: Mapping[str, str] = {
            "gb": rf"(?P<value>{_DIGITS} ?(?:{_either(_GIGABYTES)})) ",
            "count": rf"(?P<value>{number}) ",
            "usd": rf"(?:{_DOLLARS} (?P<value>{number}) (?:{_DOLLARS} )?"
            rf"|(?P<other>{number}) {_DOLLARS} )",
            "year": r"(?P<value>20\d\d) ",
            "quant": r"(?P<value>i?q[1-8](?:_[a-z0-9]+)*|fp16|bf16|f16|mxfp4) ",
        }

    def value(self, slot: str, text: str) -> str | int | float:
        """What the text of a slot stands for."""
        if slot == "gb":
            return _gigabytes(text)
        if slot in ("count", "usd"):
            return self._count(text)
        if slot == "quant":
            return "F16" if text in ("fp16", "bf16") else text.upper()
        return text

    def _count(self, text: str) -> int | float:
        """200 million -> 200000000; 32k -> 32000; a million -> 1000000."""
        amount = _number(text)
        word = re.sub(rf"^(?:{_DIGITS}|{_ONE}(?= ))", "", text).strip()
        amount *= self._times.get(word, 1)
        return round(amount) if abs(amount - round(amount)) < 1e-6 else amount


def _gigabytes(text: str) -> float:
    """24 go -> 24; 16 gib -> 17.18, since a gigabyte is 1e9 bytes."""
    unit = re.sub(r"[^a-z]", "", text)
    return round(_number(text) * _GIGABYTES[unit], 3)


def _number(text: str) -> float:
    """2,5 -> 2.5; 1 234 567 and 1,234,567 -> 1234567: a comma before three digits parts them."""
    found = re.match(_DIGITS, text)
    if found is None:
        return 1.0
    digits = found[0].replace(" ", "")
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", digits):
        digits = digits.replace(",", "")
    if digits.count(".") > 1:
        digits = digits.replace(".", "")
    return float(digits.replace(",", "."))
