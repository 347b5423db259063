"""Secret votes in a sitting, or by correspondence: the same acts, whether a motion is decided or a question answered."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from deliberation.councils.authority import members
from deliberation.extensions import db
from deliberation.kernel.errors import Invalid, Refused
from deliberation.kernel.words import N_
from deliberation.meetings import questions, votes
from deliberation.meetings.models import Meeting
from deliberation.meetings.roster import roster
from deliberation.meetings.states import Presence
from deliberation.motions import sittings
from deliberation.motions.models import Motion
from deliberation.people.models import Person
from deliberation.voting import services as voting
from deliberation.voting.dry_run import DryRun
from deliberation.voting.models import Poll, PollResult, VerdictRow
from deliberation.voting.secret import box, keys, queries, services
from deliberation.voting.secret.models import KeySheet


def motion_of(poll: Poll) -> Motion | None:
    """The motion that a poll decides; None where it asks a question."""
    return db.session.scalar(select(Motion).where(Motion.poll_id == poll.id))


def meeting_of(poll: Poll) -> Meeting | None:
    """The sitting in which the vote is taken; None for one by correspondence."""
    motion = motion_of(poll)
    return questions.meeting_of(poll) if motion is None else votes.meeting_of(motion)


def require_keeper(poll: Poll, actor: Person) -> None:
    """The chair of the sitting conducts its votes; those by correspondence are anybody's who may put motions."""
    votes.require_conductor(poll.council, meeting_of(poll), actor)


USUAL = 3
"""As many scrutineers as are usual."""


def can_keep(poll: Poll, chair: Person) -> list[Person]:
    """Who is offered to keep a sheet: those in the room, where they are enough for it."""
    people, meeting = services.can_keep(poll, chair), meeting_of(poll)
    rows = roster(meeting) if meeting is not None else []
    here = {row.person_id for row in rows if row.state == Presence.ATTENDING}
    inside = [one for one in people if one.id in here]
    return inside if len(inside) >= USUAL else people


def make_key(poll: Poll, scrutineers: Sequence[Person], needed: int, *, actor: Person) -> list[tuple[KeySheet, keys.Sheet]]:
    """A key for this vote, and for the other secret votes of the same session: its sheets are returned once."""
    require_keeper(poll, actor)
    meeting = meeting_of(poll)
    return services.make_key(poll, scrutineers, needed, meeting_id=meeting.id if meeting else None, actor=actor)


def use_key(poll: Poll, *, actor: Person) -> None:
    """Take the key that was made for this session."""
    require_keeper(poll, actor)
    meeting = meeting_of(poll)
    key = queries.key_of_session(meeting.id if meeting else None)
    if key is None:
        raise Refused(N_("This session has no key yet: choose who keeps the sheets."), code="no_key")
    services.use_key(poll, key, actor=actor)


def read_back(poll: Poll, typed: str, *, actor: Person) -> KeySheet:
    """Check one sheet of this vote's key as it stands on paper."""
    kept = queries.sealed_poll(poll)
    if kept is None:
        raise Refused(N_("A secret vote needs a key first: choose who keeps the sheets."), code="no_key")
    return services.read_back(kept.key, typed, actor=actor)


def open_(poll: Poll, *, actor: Person) -> None:
    """Open a prepared secret vote with those who may vote now."""
    require_keeper(poll, actor)
    motion = motion_of(poll)
    if motion is None:
        questions.open_question(poll, actor=actor)
    else:
        votes.open_put(motion, actor=actor)


def close(poll: Poll, *, actor: Person) -> None:
    """Close a secret vote: the box stays closed until the scrutineers open it."""
    require_keeper(poll, actor)
    box.require_sealed(poll)
    voting.close(poll, actor=actor)


def cancel(poll: Poll, *, actor: Person) -> None:
    """Cancel a secret vote before it is closed; its box is emptied unread."""
    motion = motion_of(poll)
    if motion is None:
        questions.cancel(poll, actor=actor)
    else:
        votes.cancel(motion, actor=actor)


def count(poll: Poll, sheets: Sequence[str], *, publish: bool = False, actor: Person) -> VerdictRow | PollResult:
    """Open the box, count, and draw the consequence where a motion is decided."""
    require_keeper(poll, actor)
    return _settled(poll, box.count(poll, sheets, publish=publish, actor=actor), actor)


def give_up(poll: Poll, *, actor: Person) -> VerdictRow | PollResult:
    """Declare that the box cannot be opened: no decision."""
    require_keeper(poll, actor)
    return _settled(poll, box.give_up(poll, actor=actor), actor)


def _settled(poll: Poll, row: VerdictRow | PollResult, actor: Person) -> VerdictRow | PollResult:
    motion = motion_of(poll)
    if motion is not None:
        db.session.expire(poll, ["verdict"])
        sittings.settle(motion, actor=actor)
    return row


def destroy(poll: Poll, number: int, *, actor: Person) -> None:
    """Confirm that one sheet of this vote's key is destroyed."""
    kept = queries.sealed_poll(poll)
    if kept is None:
        raise Invalid(N_("There is no such sheet."))
    services.destroy(kept.key, number, actor=actor)


def voters_now(poll: Poll) -> int:
    """How many could vote if the poll were opened now."""
    if (people := questions.listed(poll)) is not None:
        return len(people)
    room = _room(poll)
    return len(members(poll.council)) if room is None else room.may_vote


def missing_now(poll: Poll) -> int:
    """How many more must be in the room before the poll can be opened; none where it needs no quorum."""
    room = None if questions.listed(poll) is not None else _room(poll)
    return 0 if room is None or room.quorum is None else max(room.quorum.needed - room.quorum.have, 0)


def _room(poll: Poll) -> DryRun | None:
    """Who is here now; None for a vote by correspondence."""
    meeting, motion = meeting_of(poll), motion_of(poll)
    return None if meeting is None else votes.room_now(meeting, motion.matter if motion else None)
