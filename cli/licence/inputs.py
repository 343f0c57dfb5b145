"""What a review is given to read: files, folders, standard input, servers and caches."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from whyllm.engine.inventory.mention import Found

STANDARD_INPUT = "-"


@dataclass(frozen=True)
class Inputs:
    """The inputs of one review; `ollama` and `hf_cache` are '' for the default, None for no."""

    paths: tuple[str, ...]
    column: str | None = None
    ollama: str | None = None
    hf_cache: str | None = None
    gguf: tuple[Path, ...] = ()

    @property
    def none(self) -> bool:
        """Whether there is nothing to read."""
        return not (self.paths or self.gguf) and self.ollama is None and self.hf_cache is None

    def found(self) -> Iterator[tuple[str, Iterator[Found]]]:
        """Each input as the user named it, with what it holds, in the order given."""
        from whyllm.engine.inventory.inputs import found_in, found_in_bytes

        for path in self.paths:
            if path == STANDARD_INPUT:
                yield path, found_in_bytes(sys.stdin.buffer.read(), path, column=self.column)
            else:
                yield path, found_in(Path(path), path, column=self.column)
        if self.ollama is not None:
            from whyllm.engine.inventory.ollama_server import installed

            yield self.ollama or "--ollama", installed(self.ollama or None)
        if self.hf_cache is not None:
            from whyllm.engine.inventory.hf_cache import cached

            folder = Path(self.hf_cache) if self.hf_cache else None
            yield self.hf_cache or "--hf-cache", cached(folder)
        for folder in self.gguf:
            from whyllm.engine.inventory.gguf_files import in_folder

            yield str(folder), in_folder(folder, str(folder))
