"""A poll's verbs: prepare, open with a frozen electorate, cast or take down, confirm, close, count."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from deliberation.audit.commitments import new_salt
from deliberation.audit.recording import recording
from deliberation.councils.authority import authorize, why_not
from deliberation.councils.models import Council
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import Forbidden, Invalid, Refused
from deliberation.kernel.transactions import connection_of
from deliberation.kernel.words import N_
from deliberation.people.models import Person
from deliberation.people.permissions import Permission
from deliberation.voting import queries
from deliberation.voting.models import Ballot, Poll, PollRule, PollVoter, VerdictRow
from deliberation.voting.states import POLL, Choice, PollAct, PollState
from deliberation.voting.verdicts import Count, PassRule, Verdict, decide


@dataclass(frozen=True)
class Voter:
    """One person of the electorate as the caller sees the room at the moment of opening."""

    person_id: int
    present: bool
    recused: bool = False
    may_vote: bool = True


def prepare(
    council: Council, *, label: str, text_hash: str, matter_id: int | None, mode: str = "recorded", actor: Person
) -> Poll:
    """A poll that is ready to be opened on the text with this hash."""
    capacity = authorize(actor, Permission.MOTION_PUT, council)
    poll = Poll(
        council_id=council.id,
        matter_id=matter_id,
        label=label,
        mode=mode,
        state=POLL.start.value,
        text_hash=text_hash,
        prepared_at=clock.now(),
    )
    with recording(capacity, "poll.prepare", poll):
        db.session.add(poll)
    return poll


def open_poll(poll: Poll, electorate: Sequence[Voter], rule: Mapping[str, Any], rule_version: int, *, actor: Person) -> None:
    """Freeze electorate, presence and rule in rows of their own, and open.

    ``rule`` is as ``deliberation decide`` reads it. Raises `Refused` (``no_quorum``) naming how many are missing.
    """
    capacity = authorize(actor, Permission.MOTION_PUT, poll.council)
    POLL.next(PollState(poll.state), PollAct.OPEN)
    require_quorum(electorate, rule)
    with recording(capacity, "poll.open", poll):
        poll.state = POLL.next(PollState(poll.state), PollAct.OPEN).value
        poll.opened_at = clock.now()
        frozen = json.dumps(dict(rule), sort_keys=True, separators=(",", ":"))
        db.session.add(PollRule(poll_id=poll.id, council_id=poll.council_id, rule_version=rule_version, rule=frozen))
        for voter in electorate:
            db.session.add(
                PollVoter(
                    poll_id=poll.id,
                    council_id=poll.council_id,
                    person_id=voter.person_id,
                    present=voter.present,
                    recused=voter.present and voter.recused,
                    may_vote=voter.present and not voter.recused and voter.may_vote,
                )
            )


def require_quorum(electorate: Sequence[Voter], rule: Mapping[str, Any]) -> None:
    """Raise `Refused` where too few are present for a vote under this rule."""
    present = [voter for voter in electorate if voter.present]
    recused = sum(voter.recused for voter in present)
    count = Count(len(electorate), len(present), recused, 0, 0, 0, 0)
    quorum = decide(PassRule.from_data(dict(rule)), count).quorum
    if quorum is not None and not quorum.met:
        raise Refused(
            N_("You can vote when %(n)s more members are here: %(needed)s are needed, %(have)s are present."),
            n=quorum.needed - quorum.have,
            needed=quorum.needed,
            have=quorum.have,
            code="no_quorum",
        )


def cast(poll: Poll, choice: Choice, *, actor: Person) -> Ballot:
    """A member votes on an own device. One row per poll and member.

    Raises `Forbidden` for who is not in the electorate, absent or recused; `Refused` when the poll is not open or the
    member has voted.
    """
    capacity = authorize(actor, Permission.POLL_CAST, poll.council)
    require_open(poll)
    require_voter(poll, actor.id)
    now = clock.now()
    ballot = _ballot(poll, actor.id, choice, "own_device", None)
    ballot.confirmed_at = now
    with recording(capacity, "ballot.cast", poll):
        db.session.add(ballot)
    return ballot


def change(poll: Poll, choice: Choice, *, actor: Person) -> Ballot:
    """A member changes the own recorded vote while the poll is open: the same row, and an entry of its own.

    Raises `Refused` where the poll is not open, where there is no vote yet, or where it says the same already.
    """
    capacity = authorize(actor, Permission.POLL_CAST, poll.council)
    require_open(poll)
    ballot = queries.own_ballot(poll, actor)
    if ballot is None:
        raise Refused(N_("You have not voted yet: there is nothing to change."), code="not_voted")
    if ballot.choice == choice:
        raise Refused(N_("That is your vote already."), code="unchanged")
    with recording(capacity, "ballot.change", poll):
        ballot.choice, ballot.salt = Choice(choice).value, new_salt()
        ballot.channel, ballot.taken_by_id = "own_device", None
        ballot.cast_at = ballot.confirmed_at = clock.now()
    return ballot


def take_down(poll: Poll, votes: Mapping[int, Choice], *, actor: Person) -> list[Ballot]:
    """The clerk takes down votes called out in the room, by person id; each awaits the chair's confirmation.

    A vote that was taken down before and is not confirmed yet may be corrected in the same way.
    """
    capacity = authorize(actor, Permission.POLL_RECORD, poll.council)
    require_open(poll)
    if why_not(actor, Permission.POLL_CONFIRM, poll.council) is None:
        raise Forbidden(N_("Whoever confirms the votes cannot take them down: a second person must."), code="four_eyes")
    if not votes:
        raise Invalid(N_("Mark at least one vote."), code="nothing_marked")
    known = {b.person_id: b for b in db.session.scalars(select(Ballot).where(Ballot.poll_id == poll.id))}
    fresh = {person: choice for person, choice in votes.items() if person not in known}
    changed = {p: c for p, c in votes.items() if p in known and known[p].choice != c}
    for person in votes:
        require_voter(poll, person, voted=person in known and known[person].confirmed_at is not None)
    if changed:
        with recording(capacity, "ballot.correct", poll):
            for person, choice in changed.items():
                row = known[person]
                row.choice, row.salt, row.taken_by_id, row.cast_at = choice.value, new_salt(), actor.id, clock.now()
    made = [_ballot(poll, person, choice, "clerk", actor.id) for person, choice in fresh.items()]
    if made:
        with recording(capacity, "ballot.take_down", poll):
            db.session.add_all(made)
    return made


def _ballot(poll: Poll, person_id: int, choice: Choice, channel: str, taken_by: int | None) -> Ballot:
    return Ballot(
        council_id=poll.council_id,
        poll_id=poll.id,
        person_id=person_id,
        choice=Choice(choice).value,
        salt=new_salt(),
        channel=channel,
        taken_by_id=taken_by,
        cast_at=clock.now(),
    )


def require_open(poll: Poll) -> None:
    if poll.state == PollState.PREPARED:
        raise Refused(N_("The chair has not opened the vote yet."), code="poll_not_open")
    if poll.state != PollState.OPEN:
        raise Refused(N_("The vote is closed."), code="poll_closed")


def require_voter(poll: Poll, person_id: int, voted: bool | None = None) -> None:
    """Raise `Forbidden` or `Refused` with the reason why this person cannot vote in this poll now."""
    row = connection_of(db.session()).execute(queries.VOTER, {"poll": poll.id, "person": person_id}).one_or_none()
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


def close(poll: Poll, *, actor: Person) -> None:
    """Close the vote. Raises `Refused` while votes taken down are unconfirmed."""
    capacity = authorize(actor, Permission.MOTION_PUT, poll.council)
    require_open(poll)
    waiting = select(func.count()).select_from(Ballot).where(Ballot.poll_id == poll.id, Ballot.confirmed_at.is_(None))
    if unconfirmed := db.session.scalar(waiting):
        raise Refused(N_("%(n)s votes taken down await the chair's confirmation."), n=unconfirmed, code="unconfirmed")
    with recording(capacity, "poll.close", poll):
        poll.state = POLL.next(PollState(poll.state), PollAct.CLOSE).value
        poll.closed_at = clock.now()


def tally(poll: Poll) -> Count:
    """What was frozen and what was cast, as the verdict's input."""
    voters = db.session.execute(
        select(PollVoter.present, PollVoter.recused).where(PollVoter.poll_id == poll.id)
    ).all()
    rows = db.session.execute(
        select(Ballot.choice, func.count()).where(Ballot.poll_id == poll.id).group_by(Ballot.choice)
    ).all()
    cast_for = {choice: int(number) for choice, number in rows}
    return Count(
        entitled=len(voters),
        present=sum(v.present for v in voters),
        recused=sum(v.recused for v in voters),
        for_=cast_for.get("for", 0),
        against=cast_for.get("against", 0),
        abstain=cast_for.get("abstain", 0),
        invalid=0,
    )


def count(poll: Poll, *, actor: Person) -> VerdictRow:
    """Count once and keep the verdict."""
    capacity = authorize(actor, Permission.MOTION_PUT, poll.council)
    if poll.state != PollState.CLOSED:
        raise Refused(N_("Close the vote before it is counted, and count it once."), code="not_closed")
    assert poll.rule is not None
    verdict = decide(PassRule.from_data(json.loads(poll.rule.rule)), tally(poll))
    row = VerdictRow(
        poll_id=poll.id,
        council_id=poll.council_id,
        outcome=verdict.outcome.value,
        entitled=verdict.count.entitled,
        present=verdict.count.present,
        recused=verdict.count.recused,
        votes_for=verdict.count.for_,
        votes_against=verdict.count.against,
        votes_abstain=verdict.count.abstain,
        votes_invalid=verdict.count.invalid,
        quorum_needed=verdict.quorum.needed if verdict.quorum else None,
        quorum_have=verdict.quorum.have if verdict.quorum else None,
        pass_needed=verdict.passing.needed if verdict.passing else None,
        pass_have=verdict.passing.have if verdict.passing else None,
        decided_at=clock.now(),
    )
    with recording(capacity, "poll.count", poll):
        poll.state = POLL.next(PollState.CLOSED, PollAct.COUNT).value
        poll.counted_at = clock.now()
        db.session.add(row)
    return row


def verdict_of(row: VerdictRow, rule: str) -> Verdict:
    """The kept verdict as the pure object that can say itself in words; ``rule`` is the poll's frozen JSON.

    Raises `Invalid` where the kept numbers contradict the rule: somebody changed them.
    """
    numbers = (row.votes_for, row.votes_against, row.votes_abstain, row.votes_invalid)
    verdict = decide(PassRule.from_data(json.loads(rule)), Count(row.entitled, row.present, row.recused, *numbers))
    if verdict.outcome.value != row.outcome:
        raise Invalid(N_("The kept verdict contradicts its own numbers."))
    return verdict
