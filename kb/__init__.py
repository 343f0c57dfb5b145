"""What is known: models, licences, hardware and the course's claims, each with its source."""

from whyllm.kb.errors import KnowledgeError, UnknownNameError

__all__ = ["KnowledgeError", "UnknownNameError"]
