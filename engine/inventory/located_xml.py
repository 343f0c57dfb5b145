"""XML that knows where it stands; document types and entities are refused, nothing is fetched."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder

from whyllm.engine.inventory.located_json import UnreadableError, refuse_oversized
from whyllm.engine.inventory.mention import Fault, Place

DEEPEST = 200
"""How deep elements may nest: a bill's components hold components, but not without end."""


@dataclass
class Tree:
    """A document: its root, and by the identity of each element the place at which it begins."""

    root: Element
    places: dict[int, tuple[int, int]] = field(default_factory=dict)

    def place_of(self, element: Element) -> tuple[int, int]:
        """Line and column, from 1, at which an element begins."""
        return self.places[id(element)]


class _Builder(TreeBuilder):
    def __init__(self) -> None:
        super().__init__()
        self.expat: Any = None
        self.places: dict[int, tuple[int, int]] = {}
        self.depth = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self.depth += 1
        if self.depth > DEEPEST:
            raise ValueError(f"nests deeper than {DEEPEST} elements")
        element = super().start(tag, attrs)
        where = self.expat.CurrentLineNumber, self.expat.CurrentColumnNumber + 1
        self.places[id(element)] = where
        return element

    def end(self, tag: str, /) -> Element:
        self.depth -= 1
        return super().end(tag)


def parse(data: bytes, shown: str) -> Tree:
    """The tree of a document.

    Raises UnreadableError for what is no XML, is too large, nests too deeply or declares a document
    type, without which there are neither entities nor external references.
    """
    from xml.etree.ElementTree import ParseError
    from xml.parsers.expat import ErrorString

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import DefusedXMLParser

    refuse_oversized(data, shown)
    builder = _Builder()
    parser = DefusedXMLParser(target=builder, forbid_dtd=True)
    builder.expat = parser.parser
    try:
        parser.feed(data)
        return Tree(parser.close(), builder.places)
    except DefusedXmlException:
        place = Place(shown, parser.parser.CurrentLineNumber)
        fault = Fault(place, "declares a document type or entities, which no bill needs: refused")
    except ParseError as error:
        line, column = error.position
        fault = Fault(Place(shown, line, column + 1), f"is no XML: {ErrorString(error.code)}")
    except (ValueError, LookupError) as error:  # too deep, or an encoding that nobody knows
        fault = Fault(Place(shown, parser.parser.CurrentLineNumber), str(error))
    raise UnreadableError(fault)
