"""From a file at hand to a model entry for review: a GGUF file, a model card, a Modelfile."""

from whyllm.kb.draft.entry import draft

__all__ = ["draft"]
