"""Readings of secret votes: the key and its sheets, who took part, the receipts."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from deliberation.extensions import db
from deliberation.people.models import Person
from deliberation.voting import queries
from deliberation.voting.models import Poll, PollVoter
from deliberation.voting.results import withholds
from deliberation.voting.secret import disclosure
from deliberation.voting.secret.models import BoxKey, BoxRow, KeySheet, RollMark, SealedHash, SealedPoll
from deliberation.voting.states import PollState

AFTER = (PollState.CLOSED.value, PollState.COUNTED.value)


def sealed_poll(poll: Poll) -> SealedPoll | None:
    """A secret poll's box with its key and who keeps the sheets; None as long as there is no key."""
    with_holders = joinedload(SealedPoll.key).selectinload(BoxKey.holders).joinedload(KeySheet.person)
    return db.session.scalars(select(SealedPoll).where(SealedPoll.poll_id == poll.id).options(with_holders)).first()


def key_of_session(meeting_id: int | None) -> BoxKey | None:
    """The key that was made for this session and can still seal votes."""
    if meeting_id is None:
        return None
    living = (BoxKey.meeting_id == meeting_id, BoxKey.state.in_(("ready", "used")))
    return db.session.scalars(select(BoxKey).where(*living).order_by(BoxKey.id.desc())).first()


def marks(poll: Poll) -> int:
    """How many have voted."""
    voted = select(func.count()).select_from(RollMark).where(RollMark.poll_id == poll.id, RollMark.voted)
    return int(db.session.scalar(voted) or 0)


def in_box(poll: Poll) -> list[bytes]:
    """The sealed ballots in the box."""
    return [bytes(one) for one in db.session.scalars(select(BoxRow.sealed).where(BoxRow.poll_id == poll.id).order_by(BoxRow.id))]


def receipts(poll: Poll) -> list[str]:
    """The receipts of all sealed ballots, in their order; none before the vote is closed."""
    return list(db.session.scalars(select(SealedHash.hash).where(SealedHash.poll_id == poll.id).order_by(SealedHash.hash)))


@dataclass(frozen=True)
class Participant:
    """One of those entitled to vote, and whether they did: for the council, once the vote is closed."""

    name: str | None
    voted: bool


def participants(poll: Poll) -> list[Participant]:
    """Who took part and who did not, in the order of appointment; nobody before the vote is closed."""
    if poll.state not in AFTER:
        return []
    query = (
        select(Person, RollMark.voted)
        .join(RollMark, RollMark.person_id == Person.id)
        .where(RollMark.poll_id == poll.id)
        .order_by(Person.id)
    )
    return [Participant(person.name, bool(voted)) for person, voted in db.session.execute(query)]


def has_voted(poll: Poll, person: Person | None) -> bool:
    """Whether this person has voted in this poll; never how."""
    if person is None:
        return False
    return bool(db.session.scalar(select(RollMark.voted).where(RollMark.poll_id == poll.id, RollMark.person_id == person.id)))


def may_vote(poll: Poll) -> int:
    """How many may vote in a poll that was opened."""
    voters = select(func.count()).select_from(PollVoter).where(PollVoter.poll_id == poll.id, PollVoter.may_vote)
    return int(db.session.scalar(voters) or 0)


def published_ballots(poll: Poll) -> list[tuple[str, int]] | None:
    """The opened ballots, equal ones together; None where they are too telling to be shown one by one."""
    if poll.state != PollState.COUNTED:
        return None
    piles = queries.piles(poll)
    shown = disclosure.may_show_ballots(queries.paper(poll), sum(number for _text, number in piles))
    kept = poll.sealed_result or poll.result
    withheld = kept is not None and withholds(json.loads(kept.result))
    return piles if shown and not withheld else None
