"""Voting while a poll is open: by the member, or taken down by the clerk and confirmed by the chair."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from sqlalchemy import select

from deliberation.audit.commitments import new_salt
from deliberation.audit.recording import recording
from deliberation.audit.services import personal
from deliberation.councils.authority import authorize, why_not
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import Forbidden, Invalid, Refused
from deliberation.kernel.transactions import connection_of, database_now
from deliberation.kernel.words import N_
from deliberation.people.models import Person
from deliberation.people.permissions import Permission
from deliberation.voting import kinds, queries
from deliberation.voting.models import Ballot, Mandate, Poll
from deliberation.voting.states import PollState, Way


def cast(poll: Poll, choice: str, *, actor: Person) -> Ballot:
    """A member votes on an own device. One row per poll and member. ``choice`` is a ballot as `kinds.read` takes it.

    Raises `Invalid` for a ballot that cannot be; `Forbidden` for who is not in the electorate, absent or recused; `Refused`
    when the poll is not open or the member has voted.
    """
    capacity = authorize(actor, Permission.POLL_CAST, poll.council)
    require_open(poll)
    require_by_name(poll)
    require_voter(poll, actor.id)
    ballot = _ballot(poll, actor.id, choice, "own_device", None)
    ballot.confirmed_at = ballot.cast_at
    with recording(capacity, "ballot.cast", poll):
        db.session.add(ballot)
    return ballot


def change(poll: Poll, choice: str, *, actor: Person) -> Ballot:
    """A member changes the own recorded vote while the poll is open: the same row, and an entry of its own.

    Raises `Refused` where the poll is not open, where there is no vote yet, or where it says the same already.
    """
    capacity = authorize(actor, Permission.POLL_CAST, poll.council)
    require_open(poll)
    ballot = queries.own_ballot(poll, actor)
    if ballot is None:
        raise Refused(N_("You have not voted yet: there is nothing to change."), code="not_voted")
    choice = kinds.read(queries.paper(poll), choice)
    if ballot.choice == choice:
        raise Refused(N_("That is your vote already."), code="unchanged")
    with recording(capacity, "ballot.change", poll):
        ballot.choice, ballot.salt = choice, new_salt()
        ballot.channel, ballot.taken_by_id = "own_device", None
        ballot.cast_at = ballot.confirmed_at = clock.now()
    return ballot


def assist(poll: Poll, member: Person, choice: str, way: Way, note: str, *, actor: Person) -> Ballot:
    """Enter a member's vote at that member's wish: somebody who cannot use the pages and asked for it, and to whom it was
    read back. The member sees it on the own page and may change it; nobody else can.

    ``way`` and ``note`` say how the member asked (who was called, which letter). Raises `Forbidden` for the own vote.
    """
    capacity = authorize(actor, Permission.POLL_RECORD, poll.council)
    require_open(poll)
    require_by_name(poll)
    if member.id == actor.id:
        raise Forbidden(N_("Your own vote you cast yourself."), code="own_vote")
    require_voter(poll, member.id)
    if not note.strip():
        raise Invalid(N_("Please note how you were asked: when, on which number, or which letter."), field="note")
    ballot = _ballot(poll, member.id, choice, "assisted", actor.id)
    ballot.confirmed_at = ballot.cast_at
    with recording(capacity, "ballot.assist", poll):
        db.session.add(ballot)
        db.session.flush()
        kept = personal(capacity.log_id, "ballot.mandate", note)
        assert kept is not None
        db.session.add(Mandate(ballot_id=ballot.id, council_id=poll.council_id, way=Way(way).value, note=kept))
    return ballot


def take_down(poll: Poll, votes: Mapping[int, str], *, actor: Person) -> list[Ballot]:
    """The clerk takes down votes called out in the room, by person id; each awaits the chair's confirmation.

    A vote that was taken down before and is not confirmed yet may be corrected in the same way.
    """
    capacity = authorize(actor, Permission.POLL_RECORD, poll.council)
    require_open(poll)
    if why_not(actor, Permission.POLL_CONFIRM, poll.council) is None:
        raise Forbidden(N_("Whoever confirms the votes cannot take them down: a second person must."), code="four_eyes")
    if not votes:
        raise Invalid(N_("Mark at least one vote."), code="nothing_marked")
    require_by_name(poll)
    if poll.by_correspondence:
        # Nobody could confirm it after the deadline, and the vote could not be closed.
        raise Refused(N_("In a vote by correspondence nothing is called out: enter a vote for a member who asked for it."),
                      code="by_correspondence")  # fmt: skip
    votes = {person: kinds.read(queries.paper(poll), choice) for person, choice in votes.items()}
    known = {b.person_id: b for b in db.session.scalars(select(Ballot).where(Ballot.poll_id == poll.id))}
    fresh = {person: choice for person, choice in votes.items() if person not in known}
    changed = {p: c for p, c in votes.items() if p in known and known[p].choice != c}
    for person in votes:
        require_voter(poll, person, voted=person in known and known[person].confirmed_at is not None)
    if changed:
        with recording(capacity, "ballot.correct", poll):
            for person, choice in changed.items():
                row = known[person]
                row.choice, row.salt, row.taken_by_id, row.cast_at = choice, new_salt(), actor.id, clock.now()
    made = [_ballot(poll, person, choice, "clerk", actor.id) for person, choice in fresh.items()]
    if made:
        with recording(capacity, "ballot.take_down", poll):
            db.session.add_all(made)
    return made


def _ballot(poll: Poll, person_id: int, choice: str, channel: str, taken_by: int | None) -> Ballot:
    return Ballot(
        council_id=poll.council_id,
        poll_id=poll.id,
        person_id=person_id,
        choice=kinds.read(queries.paper(poll), choice),
        salt=new_salt(),
        channel=channel,
        taken_by_id=taken_by,
        cast_at=clock.now(),
    )


def permission(poll: Poll) -> Permission:
    """What it takes to vote here. In a rating by a list of people everybody on the list may, member of the council or not:
    `require_voter` knows the list."""
    return Permission.POLL_CAST if poll.least_shown is None else Permission.RATING_CAST


def require_open(poll: Poll) -> None:
    if poll.state == PollState.PREPARED:
        raise Refused(N_("The chair has not opened the vote yet."), code="poll_not_open")
    if poll.state == PollState.CANCELLED:
        raise Refused(N_("This vote was cancelled."), code="poll_cancelled")
    if poll.state != PollState.OPEN or has_ended(poll):
        raise Refused(N_("The vote is closed."), code="poll_closed")


def has_ended(poll: Poll) -> bool:
    """Whether the time to vote is over, by the database's clock, although nobody closed the poll yet."""
    return poll.closes_at is not None and database_now(connection_of(db.session())) >= poll.closes_at


def require_by_name(poll: Poll) -> None:
    """Raise `Refused` where votes are sealed: nobody's vote may be written down beside a name."""
    if poll.mode == kinds.Mode.SECRET:
        raise Refused(N_("This vote is secret: it is not recorded by name."), code="secret")


def require_voter(poll: Poll, person_id: int, voted: bool | None = None) -> None:
    """Raise `Forbidden` or `Refused` with the reason why this person cannot vote in this poll now."""
    row = connection_of(db.session()).execute(queries.VOTER, {"poll": poll.id, "person": person_id}).one_or_none()
    if row is None and poll.least_shown is not None:
        raise Forbidden(N_("Only those on the list of this round rate."), code="not_entitled")
    if row is None:
        raise Forbidden(N_("Only the council members entitled when the vote was opened can vote."), code="not_entitled")
    if row.recused:
        raise Forbidden(N_("This member stepped back from the matter and does not vote on it."), code="recused")
    if not row.present:
        raise Forbidden(N_("This member was not present when the vote was opened."), code="absent")
    if not row.may_vote:
        raise Forbidden(N_("The chair does not vote under this council's rules."), code="chair_does_not_vote")
    if voted or (voted is None and row.ballot_id is not None):
        raise Refused(N_("This vote has been recorded already. It counts once."), code="already_voted")


def mark(votes: Mapping[int, str]) -> str:
    """A short mark of votes by person, by which a page can say which ones it showed."""
    return hashlib.sha256(repr(sorted((person, str(choice)) for person, choice in votes.items())).encode()).hexdigest()[:16]


def confirm(poll: Poll, *, mark_read: str | None = None, actor: Person) -> int:
    """The chair confirms, as read out, what the clerk took down. Returns how many votes.

    ``mark_read`` is the `mark` of the votes that were read out. Raises `Forbidden` for who took one of them down;
    `Refused` where there is nothing to confirm, or where the votes changed after they were read out.
    """
    capacity = authorize(actor, Permission.POLL_CONFIRM, poll.council)
    require_open(poll)
    waiting = list(db.session.scalars(select(Ballot).where(Ballot.poll_id == poll.id, Ballot.confirmed_at.is_(None))))
    if not waiting:
        raise Refused(N_("There are no votes to confirm."), code="nothing_to_confirm")
    if mark_read is not None and mark_read != mark({ballot.person_id: ballot.choice for ballot in waiting}):
        raise Refused(N_("The votes were changed after this page was read out. Read them out again."), code="changed_since")
    if any(ballot.taken_by_id == actor.id for ballot in waiting):
        raise Forbidden(N_("Who took the votes down cannot confirm them: a second person must."), code="four_eyes")
    with recording(capacity, "ballot.confirm", poll):
        for ballot in waiting:
            ballot.confirmed_at = clock.now()
    return len(waiting)
