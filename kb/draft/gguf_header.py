"""The keys and the parameter count of a GGUF file, by the `gguf` library, in bounded time.

The library makes an array for every item of every list, which takes minutes and gigabytes for a
vocabulary. Long lists are passed over here, and a header that claims too much is refused first.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gguf import GGUFReader

MAGIC = b"GGUF"
MAX_ENTRIES = 20_000
"""Keys, tensors, and items of short lists, each."""
MAX_ITEMS = 2_000_000
"""Items of all lists; the largest vocabularies take 1.3 million."""
SHORT = 100
"""Items of a list that is worth keeping: languages, base models, heads of each layer."""
_STRING, _ARRAY = 8, 9
_SIZES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}


def read_header(path: Path) -> tuple[dict[str, Any], int]:
    """The keys with their values, long lists left out, and the number of parameters.

    Raises OSError, or whatever a damaged header leads the library to.
    """
    if path.stat().st_size < len(MAGIC):
        raise ValueError("it does not begin with GGUF")
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        _refuse_excess(data)
    header = _Header(path)
    values = {name: field.contents() for name, field in header.fields.items() if field.data}
    return values, sum(tensor.n_elements for tensor in header.tensors)


class _Header(GGUFReader):
    """The library's reader, which passes over long lists."""

    def _get_field_parts(self, orig_offs: int, raw_type: int) -> Any:
        if raw_type == _ARRAY:
            end, count = _list_end(self.data, orig_offs)
            if count > SHORT:
                return end - orig_offs, [], [], []
        return super()._get_field_parts(orig_offs, raw_type)


def _number(form: str, data: Any, offset: int) -> int:
    if offset + struct.calcsize(form) > len(data):
        raise ValueError("it ends within its header")
    value: int = struct.unpack_from(form, data, offset)[0]
    return value


def _value_end(data: Any, offset: int, kind: int, count: int) -> int:
    """Where so many values of a kind end."""
    if kind in _SIZES:
        return offset + _SIZES[kind] * count
    if kind != _STRING:
        raise ValueError(f"its header holds a value of the unknown type {kind}")
    read: Callable[[Any, int], tuple[int]] = struct.Struct("<Q").unpack_from
    for _ in range(count):
        if offset + 8 > len(data):
            raise ValueError("it ends within its header")
        offset += 8 + read(data, offset)[0]
    return offset


def _list_end(data: Any, offset: int) -> tuple[int, int]:
    """Where a list ends, and how many items it has."""
    kind, count = _number("<I", data, offset), _number("<Q", data, offset + 4)
    if count > MAX_ITEMS:
        raise ValueError(f"its header claims more than {MAX_ITEMS:,} items")
    return _value_end(data, offset + 12, kind, count), count


def _refuse_excess(data: Any) -> None:
    """Go through the header without keeping anything; ValueError says what is wrong with it."""
    if data[: len(MAGIC)] != MAGIC:
        raise ValueError("it does not begin with GGUF")
    if _number("<I", data, 4) not in (2, 3):
        raise ValueError("expected version 2 or 3, little-endian")
    entries = max(_number("<Q", data, 8), _number("<Q", data, 16))
    if entries > MAX_ENTRIES:
        raise ValueError(f"its header claims {entries:,} entries")
    offset, items, kept = 24, 0, 0
    for _ in range(_number("<Q", data, 16)):
        offset = _value_end(data, offset, _STRING, 1)
        kind = _number("<I", data, offset)
        if kind == _ARRAY:
            offset, count = _list_end(data, offset + 4)
            items += count
            kept += count if count <= SHORT else 0
        else:
            offset = _value_end(data, offset + 4, kind, 1)
        if items > MAX_ITEMS or kept > MAX_ENTRIES:
            raise ValueError(f"its header claims more than {max(items, kept) - 1:,} items")
    if offset > len(data):
        raise ValueError("it ends within its header")
