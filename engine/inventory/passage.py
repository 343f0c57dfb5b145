"""Text that knows where each of its characters stands in the file that it was taken from."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from whyllm.engine.inventory.mention import Mention, Place


class Passage:
    """A text, whole or in parts, with the place of each of its characters.

    `place` takes an offset in `text`; lines end at a line feed, as `whole` has made all ends.
    """

    def __init__(self, text: str, place: Callable[[int], Place]) -> None:
        self.text = text
        self.place = place

    @classmethod
    def whole(cls, text: str, shown: str) -> Passage:
        """A file's text, whose line ends are made line feeds; `shown` is the file's name."""
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        starts = line_starts(text)

        def place(offset: int) -> Place:
            line = bisect_right(starts, offset)
            return Place(shown, line, offset - starts[line - 1] + 1)

        return cls(text, place)

    def part(self, spans: Sequence[tuple[int, int]]) -> Passage:
        """The text between the given offsets, put together."""
        if not spans:
            spans = [(0, 0)]
        lengths = (end - start for start, end in spans[:-1])
        begins = list(accumulate(lengths, initial=0))

        def place(offset: int) -> Place:
            at = bisect_right(begins, offset) - 1
            return self.place(spans[at][0] + offset - begins[at])

        return Passage("".join(self.text[start:end] for start, end in spans), place)


def line_starts(text: str) -> list[int]:
    """The offset at which each line of a text begins."""
    return [0, *accumulate(len(line) + 1 for line in text.split("\n")[:-1])]


@dataclass(frozen=True, slots=True)
class Aside:
    """Text that is told with the mention of another model, as its base: no mention of its own."""

    place: Place
    name: str


def settled(found: Iterable[Mention | Aside]) -> Iterator[Mention]:
    """The mentions of one file in order of line and column, each stretch of text once.

    What is stated prevails over what merely looks like a name, and of two that begin at one place
    the one of which more is declared.
    """
    sure: list[Mention | Aside] = []
    loose: list[Mention | Aside] = []
    for mark in found:
        (loose if isinstance(mark, Mention) and not mark.stated else sure).append(mark)
    taken: list[Mention | Aside] = []
    for mark in sorted(sure, key=_first):
        if not taken or not _overlap(taken[-1], mark):
            taken.append(mark)
    begins = [_at(mark) for mark in taken]
    kept = [mark for mark in taken if isinstance(mark, Mention)]
    last: Mention | Aside | None = None
    for mark in sorted(loose, key=_first):
        after = bisect_right(begins, _at(mark))
        near = (*taken[max(0, after - 1) : after + 1], *([last] if last else []))
        if isinstance(mark, Mention) and not any(_overlap(other, mark) for other in near):
            kept.append(mark)
            last = mark
    yield from sorted(kept, key=_at)


def _at(mark: Mention | Aside) -> tuple[int, int]:
    return mark.place.line or 0, mark.place.column or 0


def _first(mark: Mention | Aside) -> tuple[int, int, int, int, int]:
    said = len(mark.declared) + len(mark.bases) if isinstance(mark, Mention) else -1
    alone = isinstance(mark, Mention)
    return *_at(mark), int(alone and said == 0), -said, -len(mark.name)


def _overlap(one: Mention | Aside, other: Mention | Aside) -> bool:
    (line, start), (other_line, other_start) = _at(one), _at(other)
    within = start < other_start + len(other.name) and other_start < start + len(one.name)
    return line == other_line and within
