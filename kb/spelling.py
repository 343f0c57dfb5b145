"""How names of models are written: where the name stands, its words, the marks of packaging.

A name is read from a path, an address or a tag, and cut into words: letters, numbers, and sizes
such as 8b, a3b and 8x7b. Quantisations and file formats are marks of packaging and no words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Form = Literal["name", "tag", "repository"]

TUNED = frozenset({"instruct", "chat", "it"})
"""Words that a publisher adds to the weights that follow instructions."""

THINKING = frozenset({"thinking", "think"})
LATEST = frozenset({"latest"})
UNTUNED = frozenset({"base", "pt", "pretrain", "pretrained"})
SILENT = TUNED | LATEST | {"hf", "free", "cloud"}
"""Words that people leave out, or add, without meaning another model."""

SHORTHAND = {"l": ("llama",), "mn": ("mistral", "nemo")}
"""What people who merge models shorten: L3-8B is of Llama 3 8B."""

FINE_TUNED = frozenset(
    {"abliterated", "obliterated", "uncensored", "decensored", "unaligned", "heretic", "lora",
     "qlora", "adapter", "merge", "merged", "finetune", "finetuned", "ft", "dpo", "orpo", "sft",
     "grpo", "rp", "roleplay"}
)  # fmt: skip

_COMMAND = re.compile(r"^ollama\s+(?:run|pull|show)\s+")
_ADDRESS = re.compile(r"^[a-z][a-z0-9+.-]*://[^/]*/?")
_CACHE = re.compile(r"^(?:.*/)?models--([^/]+?)--([^/]+).*")
_SHARD = re.compile(r"[-_.]\d{5}-of-\d{5}")
_FILE = re.compile(r"\.(?:gguf|ggml|safetensors|bin|pth?|onnx|llamafile|task)$")
_PAGES = frozenset({"tree", "blob", "resolve", "raw", "discussions", "tags", "snapshots"})
_SHELVES = frozenset({"library", "ollama", "ollama_chat", "models"})
_NO_NAME = frozenset({"model", "pytorch", "consolidated", "weights", "main", "diffusion"})
_FIRM = re.compile(
    r"^(?:meta|google|microsoft|openai|nvidia|ibm|alibaba|cohere|tencent|naver|baidu|arcee|poolside"
    r"|open(?=[-_]mi[sx]tral)|mistral[-_ ]?ai|ai21(?:[-_ ]?labs)?)[-_ ]+(?=[a-z])"
)
_MARK = re.compile(
    r"""(?<![a-z0-9])(?:
        gguf | ggml | awq | gptq(?:model)?(?:[-_][2-8]b)? | exl[23](?:[-_]\d[._]\d+)? | mlx
      | mlc | bnb | hqq | aqlm | autoround | auto-round | onnx | openvino | ov | litert
      | tflite | coreml | ctranslate2 | ct2 | llamafile | torchao | marlin | dwq | qat
      | imat(?:rix)? | i1 | ud | unsloth | mmproj | (?:un)?quanti[sz]ed | dynamic
      | faster(?=[-_ ]whisper)
      | (?:nv|mx)?fp(?:4|6|8|16|32)(?:[-_](?:dynamic|kv|block))? | b?f16 | f32 | nf4
      | u?int[2348] | w\d{1,2}a\d{1,2} | [2-8][-_ ]?bits? | \d(?:\.\d+)?bpw(?:[-_]h[68])?
      | 128g | g128
      | q[348]f(?:16|32)(?:_\d)?
      | [it]?q[1-8](?:[-_ ]?k(?:[-_ ]?(?:xxs|xs|s|m|l|xl|xxl))?
                    |[-_ ](?:[01](?:_\d)*|xxs|xs|s|m|l|xl|nl))?
    )(?![a-z0-9])""",
    re.VERBOSE,
)
_WORD = re.compile(
    r"\d+x\d+(?:\.\d+)?b|[aer]\d+(?:\.\d+)?[bm](?![a-z])|\d+(?:\.\d+)*[bmtke](?![a-z])"
    r"|\d+(?:\.\d+)*|[a-z]+"
)
_GAP_IN_SIZE = re.compile(r"(?<=\d)[-_ ](?=b(?![a-z0-9]))")
_VERSION_MARK = re.compile(r"(?<![a-z])v(?=\d)")
_POINT_AS_LETTER = re.compile(r"(?<=\d)p(?=\d)")
_POINT_AS_LINE = re.compile(r"(?<=\d)_(?=\d)")
_POINT_AS_SEPARATOR = re.compile(r"(?<![\d.])(\d{1,2})[-_ ](\d{1,2})(?![\d.]*[a-z\d])")
_SIZE = re.compile(r"(?:\d+x)?\d+(?:\.\d+)?[bmt]")
_GENERATION = re.compile(r"\d{1,2}(?:\.\d+)?")

Words = tuple[str, ...]


@dataclass(frozen=True)
class Written:
    """A name as it was written.

    `readings` are the ways to cut it into words, the likeliest first; `packed` tells whether it
    bears marks of packaging. A `tag` is a name of Ollama's library, as in llama3.1:8b.
    """

    form: Form
    owner: str | None
    readings: tuple[Words, ...]
    packed: bool

    @property
    def words(self) -> frozenset[str]:
        """All words of all readings."""
        return frozenset(word for reading in self.readings for word in reading)


def written(text: str, owners: Collection[str] = ()) -> Written:
    """The name in a text; `owners` are those whose name may stand before a model's own."""
    owner, name = _owner_and_name(_COMMAND.sub("", lowered(text)))
    file = _FILE.search(name) is not None
    form: Form = "repository" if owner or file else "tag" if ":" in name.strip(":") else "name"
    readings, packed = _cut(name.replace(" ", "-"))
    first, _, rest = name.partition("_")
    if rest and first in owners:
        readings += _cut(rest)[0]
    return Written(form, owner, readings, packed)


def lowered(text: str) -> str:
    """The text in one case and one form of each letter, without the spaces about it."""
    return unicodedata.normalize("NFKC", text).strip().lower()


def without(words: Words, silent: Collection[str]) -> Words:
    """The words but those."""
    return tuple(word for word in words if word not in silent)


def in_full(words: Words) -> Words:
    """The words without shorthand."""
    return tuple(full for word in words for full in SHORTHAND.get(word, (word,)))


def key(words: Words) -> Words:
    """What two orders of the same words have in common."""
    return tuple(sorted(words))


def letters(words: Collection[str]) -> frozenset[str]:
    """The words that are no numbers or sizes."""
    return frozenset(word for word in words if word.isalpha())


def is_size(word: str) -> bool:
    """Whether the word is a number of parameters."""
    return _SIZE.fullmatch(word) is not None


def is_generation(word: str) -> bool:
    """Whether the word is a number that may tell one generation from another."""
    return _GENERATION.fullmatch(word) is not None


def _owner_and_name(text: str) -> tuple[str | None, str]:
    text = text.replace("\\", "/")
    address = _ADDRESS.match(text)
    if address:
        text = re.split(r"[?#]", text[address.end() :], maxsplit=1)[0]
    text = _CACHE.sub(r"\1/\2", text)
    if "/" not in text:
        return None, text
    parts = [part for part in text.split("/") if part.strip()]
    if not address and len(parts) > 2 and "." in parts[0]:
        parts = parts[1:]
    pages = [i for i, part in enumerate(parts) if part in _PAGES and i > 0]
    file = parts[-1] if parts and _FILE.search(parts[-1]) else None
    parts = parts[: pages[0]] if pages else parts
    if file and not _is_part(file):
        return None, file
    if file and not pages:
        parts = parts[:-1]
    while len(parts) > 1 and parts[0] in _SHELVES:
        parts = parts[1:]
    if not parts:
        return None, ""
    owner = parts[-2] if len(parts) > 1 and parts[-2] not in _SHELVES else None
    return owner, parts[-1]


def _is_part(file: str) -> bool:
    """Whether a file bears no name of its own, only that of its part in a repository."""
    return set(_WORD.findall(_unpacked(file)[0])) <= _NO_NAME


def _unpacked(name: str) -> tuple[str, bool]:
    """The name without marks of packaging, and whether it had any."""
    bare, marks = _MARK.subn(" ", _SHARD.sub("", name))
    return _FILE.sub("", bare), marks > 0


@lru_cache(maxsize=4096)  # id, display name and repository are mostly the same but for the case
def _cut(name: str) -> tuple[tuple[Words, ...], bool]:
    """The ways to read a name, and whether it has marks of packaging."""
    name, packed = _unpacked(name)
    return tuple(filter(None, _readings(name))), packed


def _readings(name: str) -> Iterator[Words]:
    """A point between digits may be written as a letter, a line or a hyphen."""
    name = _POINT_AS_LETTER.sub(".", _FIRM.sub("", name)).replace("+", " plus ")
    yield _words(name)
    if _POINT_AS_LINE.search(name):
        yield _words(_POINT_AS_LINE.sub(".", name))
    if _POINT_AS_SEPARATOR.search(name):
        yield _words(_POINT_AS_SEPARATOR.sub(r"\1.\2", name))


def _words(name: str) -> Words:
    found = _WORD.findall(_GAP_IN_SIZE.sub("", _VERSION_MARK.sub("", name)))
    return tuple([word.removesuffix(".0") for word in found])
