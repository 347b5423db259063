"""Readings of a vote's papers: numbers, the two entries, who is to be given a paper."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from deliberation.extensions import db
from deliberation.people.models import Person
from deliberation.voting.models import Poll, PollVoter
from deliberation.voting.paper.models import DIFFERS, VOIDED, Paper, PaperEntry, PaperPoll, PaperTally, PaperTyped
from deliberation.voting.results import SMALL
from deliberation.voting.secret.models import BoxKey, KeySheet, SealedPoll
from deliberation.voting.states import PollState


def paper_poll(poll: Poll) -> PaperPoll | None:
    """The numbers of a vote's papers; None where none were printed."""
    return db.session.get(PaperPoll, poll.id)


def tally(poll: Poll) -> PaperTally | None:
    return db.session.scalar(select(PaperTally).where(PaperTally.poll_id == poll.id).execution_options(populate_existing=True))


def given(poll: Poll) -> int:
    """How many papers were given out against a mark on the roll; after the closing, as the log has it."""
    kept = paper_poll(poll)
    if kept is not None and kept.given is not None:
        return kept.given
    return db.session.scalar(select(PaperTally.given).where(PaperTally.poll_id == poll.id)) or 0


def serials(poll: Poll) -> dict[str, str]:
    """Every paper's number with its state."""
    rows = db.session.execute(select(Paper.serial, Paper.state).where(Paper.poll_id == poll.id))
    return {serial: str(state) for serial, state in rows}


def good_papers(poll: Poll) -> int:
    """How many printed papers are not voided."""
    query = select(func.count()).select_from(Paper).where(Paper.poll_id == poll.id, Paper.state != VOIDED)
    return db.session.scalar(query) or 0


def entries(poll: Poll) -> list[PaperEntry]:
    """The entries that were begun, in their places."""
    return list(db.session.scalars(select(PaperEntry).where(PaperEntry.poll_id == poll.id).order_by(PaperEntry.place)))


def waiting(poll: Poll) -> int:
    """How many papers of a closed vote were given out and are not typed in by two people yet."""
    number = given(poll) if poll.state == PollState.CLOSED else 0
    return number if number and sum(one.finished_at is not None for one in entries(poll)) < 2 else 0


def own_entry(poll: Poll, person: Person | None) -> PaperEntry | None:
    return next((one for one in entries(poll) if person is not None and one.person_id == person.id), None)


def typed(poll: Poll, place: int) -> dict[str, str]:
    """What one of the two typed, by serial."""
    query = select(PaperTyped.serial, PaperTyped.content).where(PaperTyped.poll_id == poll.id, PaperTyped.place == place)
    return {serial: str(content) for serial, content in db.session.execute(query.order_by(PaperTyped.serial))}


def anew(poll: Poll, entry: PaperEntry | None = None) -> list[str]:
    """The serials on which the two entries differed; with ``entry``, those that it has not typed anew yet."""
    query = select(Paper.serial).where(Paper.poll_id == poll.id, Paper.state == DIFFERS).order_by(Paper.serial)
    found = list(db.session.scalars(query))
    done = typed(poll, entry.place) if entry is not None and found else {}
    return [one for one in found if one not in done]


def keeps_sheet(poll: Poll, person: Person) -> bool:
    """Whether this person keeps a sheet of the vote's key: the scrutineers help to enter the papers."""
    query = select(KeySheet.number).join(BoxKey, BoxKey.id == KeySheet.key_id).join(SealedPoll, SealedPoll.key_id == BoxKey.id)
    return db.session.scalar(query.where(SealedPoll.poll_id == poll.id, KeySheet.person_id == person.id)) is not None


def voters(poll: Poll) -> list[Person]:
    """Those who may vote, as frozen at the opening, in the order of the roster. Whether they have voted is not told."""
    query = select(Person).join(PollVoter, PollVoter.person_id == Person.id)
    return list(db.session.scalars(query.where(PollVoter.poll_id == poll.id, PollVoter.may_vote).order_by(Person.id)))


@dataclass(frozen=True)
class Channels:
    """By which ways the votes of a counted poll came; no numbers where one of the ways has very few."""

    phone: int | None
    paper: int | None
    all: int
    invalid: int
    missing: int


def channels(poll: Poll) -> Channels | None:
    """How many came by telephone and how many on paper; None where there was no paper, or nothing is counted."""
    kept = paper_poll(poll)
    if kept is None or kept.counted is None or kept.given is None:
        return None
    marks = db.session.scalar(select(SealedPoll.marks).where(SealedPoll.poll_id == poll.id)) or 0
    phone, paper = marks - kept.given, kept.given
    small = 0 < phone < SMALL or 0 < paper < SMALL
    return Channels(None if small else phone, None if small else paper, marks, kept.invalid or 0, kept.missing or 0)
