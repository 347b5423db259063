"""What the readings of the forum hand to a page. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from deliberation.kernel.words import Words
from deliberation.review.stances import Stance, stance_words


@dataclass(frozen=True)
class WindowLine:
    """One call for comment in a list."""

    no: str
    title: str
    opens_at: datetime
    closes_at: datetime
    is_open: bool
    was_broken_off: bool
    days_left: int
    comments: int


@dataclass(frozen=True)
class Called:
    """One call for comment with the text it is on: (key, position, words) of each paragraph, in their order."""

    id: int
    opens_at: datetime
    closes_at: datetime
    text_hash: str
    was_broken_off: bool
    paragraphs: list[tuple[str, int, str]] = field(default_factory=list)

    @property
    def positions(self) -> dict[str, int]:
        return {key: position for key, position, _words in self.paragraphs}


@dataclass(frozen=True)
class Tally:
    """How many say what. Withdrawn and hidden comments are left out and counted apart."""

    stances: Mapping[str, int]
    left_out: int

    def __hash__(self) -> int:
        return hash((*self.stances.items(), self.left_out))

    @property
    def total(self) -> int:
        return sum(self.stances.values())

    @property
    def parts(self) -> list[tuple[str, Words, int]]:
        return [(stance.value, stance_words(stance), self.stances[stance]) for stance in Stance]


@dataclass(frozen=True)
class ModerationLine:
    kind: str
    rule: Words
    reason: str
    at: datetime


@dataclass(frozen=True)
class ReplyLine:
    disposition: Words
    text: str
    at: datetime


def split_lines(text: str) -> list[str]:
    """The lines of a text that are not empty."""
    return [line for line in text.splitlines() if line.strip()]


@dataclass(frozen=True, eq=False)
class CommentRow:
    """One comment as the public reads it: never the text under a mask, nor that of a hidden or withdrawn one.

    Equal is only the same object: see `listing`."""

    id: int
    label: str
    window_id: int
    stance: str
    stance_words: Words
    paragraph: int | None
    paragraph_gone: bool
    author: Words
    channel: str
    paper_no: str | None
    at: datetime
    state: str
    text: str | None
    is_erased: bool
    is_masked: bool
    is_own: bool
    is_answered: bool
    reply: ReplyLine | None
    moderations: tuple[ModerationLine, ...] = ()

    @property
    def lines(self) -> list[str] | None:
        """The words by lines where nothing has to be said about them; None where there is more to tell."""
        if self.text is None or self.moderations or self.state != "visible":
            return None
        return split_lines(self.text)


@dataclass(frozen=True)
class ParagraphLine:
    number: int
    key: str
    text: str
    comments: int


@dataclass(frozen=True)
class Forum:
    """Everything that a matter's page on the forum shows."""

    opens_at: datetime
    closes_at: datetime
    is_open: bool
    was_broken_off: bool
    days_left: int
    paragraphs: list[ParagraphLine]
    tally: Tally
    comments: list[CommentRow]
    earlier: list[CommentRow] = field(default_factory=list)
    waiting: int = 0
    page: int = 1
    pages: int = 1
    positions: Mapping[int, Mapping[str, int]] = field(default_factory=dict)
    """Where the paragraphs stand, by their keys, in the text of each call for comment."""
