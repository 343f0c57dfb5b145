"""The shape of questions.yaml: what the interview asks, and what each reply states."""

from __future__ import annotations

from pydantic import Field
from whyllm.kb.schema import Answer, Entry, Label, Slug, Text


class InterviewReply(Entry):
    """A reply to choose from."""

    label: Label
    sets: dict[str, Answer] = Field(
        default_factory=dict, description="axis -> value that the reply states; none: no constraint"
    )


class InterviewQuestion(Entry):
    """A question in plain words; it is asked while its replies lead to different candidates."""

    id: Slug
    text: Label = Field(description="the question")
    explains: Text = Field(description="what it is about, for somebody who does not know the term")
    typed: str | None = Field(None, description="the axis that a value typed freely states")
    replies: tuple[InterviewReply, ...] = Field(min_length=2)
