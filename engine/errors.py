"""The errors that mean a wrong question rather than a fault of the program.

Each is a QuestionError, and its text is one line: what was found, where, and what was expected.
NeedError: a need, a day or a rulebook that cannot be meant. KnowledgeError: a file or a folder of
knowledge, or a policy, that cannot be used. UnknownNameError: a name that no model bears, or that
several do. UnreadQuestionError: a question in words that the grammar does not hold.
MissingLibraryError: something that only an extra of the package can do, and it is not installed.
"""

from whyllm.engine.asking.question import UnreadQuestionError
from whyllm.engine.need import NeedError
from whyllm.kb.errors import KnowledgeError, QuestionError, UnknownNameError
from whyllm.kb.extras import MissingLibraryError

__all__ = [
    "KnowledgeError",
    "MissingLibraryError",
    "NeedError",
    "QuestionError",
    "UnknownNameError",
    "UnreadQuestionError",
]
