"""Motions as a reader sees them: plain lines, made by ``motions.queries``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from deliberation.kernel.differences import Row
from deliberation.kernel.words import Words
from deliberation.motions.amend import Text
from deliberation.motions.states import POSTPONE, MotionState
from deliberation.voting.models import Poll


@dataclass(frozen=True)
class Who:
    """A member as a reader may see one: the seat's words for everybody, the name for the council."""

    person_id: int
    seat: Words
    name: str | None


@dataclass(frozen=True)
class ProcedureLine:
    """What a sitting decided about how it goes on with a motion."""

    kind: str
    debate_id: int
    mover: Who
    seconder: Who
    until_on: date | None
    reason: str | None
    made_at: datetime


@dataclass(frozen=True)
class RulingLine:
    """A ruling of the chair, as everybody may read it."""

    id: int
    matter_id: int
    debate_id: int
    motion: str | None
    text: str
    reason: str
    ruled_at: datetime
    appealed_by: Who | None
    appealed_at: datetime | None
    hands_for: int | None
    hands_against: int | None
    decided_at: datetime | None
    is_overturned: bool
    chair_id: int


@dataclass(frozen=True)
class Line:
    """One motion as it stands."""

    id: int
    matter_no: str
    label: str
    kind: str
    state: str
    parent: str | None
    op: str | None
    number: int | None
    text: str | None
    mover: Who
    seconder: Who | None
    proposed_at: datetime
    seconded_at: datetime | None
    decided_at: datetime | None
    debate_id: int | None
    needs_second: bool
    is_next: bool
    is_groundless: bool
    poll: Poll | None
    clashes: tuple[str, ...] = ()
    procedures: tuple[ProcedureLine, ...] = ()
    reconsiders: str | None = None
    reconsidered_by: str | None = None
    side: str | None = None
    is_debate_closed: bool = False

    @property
    def postponement(self) -> ProcedureLine | None:
        """The last postponement of a motion that still waits for its sitting."""
        if not self.is_pending or self.debate_id is not None:
            return None
        return next((one for one in reversed(self.procedures) if one.kind == POSTPONE), None)

    @property
    def is_pending(self) -> bool:
        return self.state in (MotionState.PROPOSED, MotionState.SECONDED)

    @property
    def awaits_second(self) -> bool:
        return self.state == MotionState.PROPOSED and self.needs_second and not self.is_groundless


@dataclass(frozen=True)
class Tree:
    """One main motion with everything that hangs on it, in the order of voting, and the text that results so far."""

    main: Line
    lines: list[Line]
    next: Line | None
    rows: list[Row]
    text: Text

    @property
    def is_changed(self) -> bool:
        return any(row.status != "same" for row in self.rows)
