"""The errors that mean a wrong question rather than a fault of the program."""

from whyllm.engine.asking.question import UnreadQuestionError
from whyllm.engine.need import NeedError
from whyllm.kb.errors import KnowledgeError, UnknownNameError
from whyllm.kb.extras import MissingLibraryError

QUESTION_ERRORS = (
    NeedError,
    KnowledgeError,
    UnknownNameError,
    UnreadQuestionError,
    MissingLibraryError,
)
