"""The commands that an environment is asked to run, and which extra each needs: in one place."""

from __future__ import annotations

from dataclasses import dataclass

DAY = ("--on", "2026-11-23")

CORE_COMMANDS: tuple[tuple[str, ...], ...] = (
    ("recommend", "--modality", "code", "--use", "commercial", "--vram", "24", *DAY),
    ("why", "codestral", *DAY),
    ("licence", "review", "{files}/models.txt", "--use", "commercial", *DAY),
    ("graph", "tree", "--format", "svg"),
)
"""What the core answers, wherever it is; each as the question after those before it."""

MORE_OF_THE_CORE: tuple[tuple[str, ...], ...] = (
    ("ask", "why was Codestral excluded?", *DAY),
    ("what-if", "--set", "use=research", *DAY),
    ("compare", "codestral", "llama3.1:8b", *DAY),
    ("stability", *DAY),
    ("licence", "show", "llama3.1"),
    ("rules", "show", "LIC-020"),
    ("kb", "check"),
    ("kb", "show", "codestral"),
    ("learn", "quiz", "--seed", "7", "--count", "2", "--answers"),
    ("graph", "why", "codestral", "--format", "png", "-o", "why.png"),
    ("graph", "run", "--format", "html"),
    ("schema", "consultation"),
    ("export", "site", "site"),
)
"""More of it, asked in a fresh environment of the core alone."""


@dataclass(frozen=True)
class Needing:
    """A command that needs a library, and the extras that bring it: the first is the one told."""

    words: tuple[str, ...]
    library: str
    extras: tuple[str, ...]
    where: str
    """What the fault begins with: the command, or the input that cannot be read."""

    @property
    def missing(self) -> str:
        """The one line where the library is not there."""
        remedy = f"pip install 'whyllm[{self.extras[0]}]'"
        return f"whyllm: {self.where}: needs the library {self.library}: {remedy}\n"


REVIEW = ("licence", "review", "--use", "commercial", *DAY)
NEEDING = (
    Needing(("kb", "draft", "{files}/card.md", "--family", "llama"),
            "huggingface_hub", ("draft", "machines"), "{files}/card.md"),
    Needing(("kb", "draft", "{files}/model.gguf", "--family", "llama"),
            "gguf", ("draft", "machines"), "{files}/model.gguf"),
    Needing((*REVIEW, "{files}/model.gguf"),
            "gguf", ("machines", "draft"), "{files}/model.gguf"),
    Needing((*REVIEW, "--gguf", "{files}"),
            "gguf", ("machines", "draft"), "{files}/model.gguf"),
    Needing((*REVIEW, "--hf-cache", "{files}/cache"),
            "huggingface_hub", ("machines", "draft"), "{files}/cache"),
    Needing((*REVIEW, "--ollama", "127.0.0.1:1"),
            "ollama", ("machines",), "127.0.0.1:1"),
    Needing((*REVIEW, "--fleet", "{files}/gone.csv", "-o", "verdicts"),
            "pyarrow", ("cluster",), "licence review --fleet"),
)  # fmt: skip
"""`whyllm serve`, which runs until it is ended, has tests of its own."""
