"""A poll's life: prepare, open with a frozen electorate, close, count, or cancel. Voting itself: ``casting``."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from deliberation.audit.appending import references
from deliberation.audit.recording import recording
from deliberation.councils.authority import authorize
from deliberation.councils.models import Council
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import Invalid, Refused
from deliberation.kernel.transactions import connection_of
from deliberation.kernel.words import N_, Words
from deliberation.people.models import Person
from deliberation.people.permissions import Permission
from deliberation.voting import queries
from deliberation.voting.casting import has_ended, require_open
from deliberation.voting.counting import count as counted
from deliberation.voting.counting import method_named
from deliberation.voting.freezing import frozen_hash
from deliberation.voting.kinds import MOST_OPTIONS, SCALES, TAKES, Kind, Mode
from deliberation.voting.methods.election import Election
from deliberation.voting.models import Ballot, Poll, PollOption, PollRule, PollVoter
from deliberation.voting.states import POLL, PollAct, PollState
from deliberation.voting.verdicts import Count, PassRule, decide


@dataclass(frozen=True)
class Voter:
    """One person of the electorate as the caller sees the room at the moment of opening."""

    person_id: int
    present: bool
    recused: bool = False
    may_vote: bool = True


@dataclass(frozen=True)
class Question:
    """What a poll asks that decides no motion. ``options``: the answers, or the things to be rated, in their order.

    ``least_shown``: only of a secret rating by a list of people, see `models.Poll`.
    """

    text: str
    kind: Kind
    options: tuple[str, ...] = ()
    seats: int = 1
    most: int = 1
    scale: str | None = None
    method: str | None = None
    least_shown: int | None = None


def prepare(
    council: Council,
    *,
    label: str,
    text_hash: str,
    matter_id: int | None,
    mode: str = "recorded",
    question: Question | None = None,
    closes_at: datetime | None = None,
    by_correspondence: bool = False,
    actor: Person,
) -> Poll:
    """A poll that is ready to be opened on the text with this hash. Without a ``question`` it decides a motion.

    Raises `Invalid` for a question that cannot be answered: see `check`.
    """
    capacity = authorize(actor, Permission.MOTION_PUT, council)
    poll = Poll(
        council_id=council.id,
        matter_id=matter_id,
        label=label,
        mode=Mode(mode).value,
        kind=Kind.YES_NO.value,
        state=POLL.start.value,
        text_hash=text_hash,
        closes_at=closes_at,
        by_correspondence=by_correspondence,
        prepared_at=clock.now(),
    )
    if question is not None:
        check(question)
        if question.least_shown is not None and (question.kind is not Kind.RATING or poll.mode != Mode.SECRET):
            raise Invalid(N_("A rating by a list of people is secret."), field="mode")
        _ask(poll, question)
    with recording(capacity, "poll.prepare", poll):
        db.session.add(poll)
    return poll


def _ask(poll: Poll, question: Question) -> None:
    method = method_named(question.method) if question.method else None
    poll.kind, poll.question, poll.scale = question.kind.value, question.text, question.scale
    poll.seats, poll.most, poll.least_shown = question.seats, question.most, question.least_shown
    poll.method, poll.method_version = (method.name, method.version) if method else (None, None)
    poll.options = [
        PollOption(position=place, council_id=poll.council_id, text=text) for place, text in enumerate(question.options, 1)
    ]


def check(question: Question) -> None:
    """Raise `Invalid` for a question without words, with too few, too many or equal options, or more seats than options."""
    kind, options = question.kind, question.options
    if not question.text:
        raise Invalid(N_("Please write the question."), field="question")
    if kind is Kind.YES_NO:
        return
    least = 1 if kind is Kind.RATING else 2
    if not least <= len(options) <= MOST_OPTIONS:
        message = N_("Between %(least)s and %(most)s options, please, one on a line.")
        raise Invalid(message, field="options", least=least, most=MOST_OPTIONS)
    if len(set(options)) != len(options):
        raise Invalid(N_("Two options have the same words."), field="options")
    if kind is Kind.RATING:
        if question.scale not in SCALES:
            raise Invalid(N_("Please choose one of these."), field="scale")
        return
    if question.method is None or method_named(question.method).takes != TAKES[kind]:
        raise Invalid(N_("This method does not count ballots of this kind."), field="method")
    if not 1 <= question.seats < len(options):
        raise Invalid(N_("Fewer places than options, please, and at least one."), field="seats")
    if not 1 <= question.most <= len(options):
        raise Invalid(N_("A ballot names at least one option, and at most all of them."), field="most")
    try:
        # What cannot be counted without a ballot cannot be counted with them: better said now than after the vote.
        counted(method_named(question.method), Election(options, (), question.seats))
    except Invalid as error:
        raise Invalid(error.words, field="method") from error


def open_poll(poll: Poll, electorate: Sequence[Voter], rule: Mapping[str, Any], rule_version: int, *, actor: Person) -> None:
    """Freeze electorate, presence and rule in rows of their own, and open. Nobody is added afterwards.

    ``rule`` is as ``deliberation decide`` reads it. Raises `Refused` (``no_quorum``) naming how many are missing.
    """
    capacity = authorize(actor, Permission.MOTION_PUT, poll.council)
    POLL.next(PollState(poll.state), PollAct.OPEN)
    require_openable(poll)
    if not poll.by_correspondence:
        require_quorum(electorate, rule)
    frozen = json.dumps(dict(rule), sort_keys=True, separators=(",", ":"))
    voters = [
        PollVoter(
            poll_id=poll.id,
            council_id=poll.council_id,
            person_id=voter.person_id,
            present=voter.present,
            recused=voter.present and voter.recused,
            may_vote=voter.present and not voter.recused and voter.may_vote,
        )
        for voter in electorate
    ]
    refs = references(connection_of(db.session()), poll.council.log_id, [voter.person_id for voter in voters])
    with recording(capacity, "poll.open", poll):
        poll.state = POLL.next(PollState(poll.state), PollAct.OPEN).value
        poll.opened_at = clock.now()
        poll.frozen_hash = frozen_hash(
            queries.facts(poll), [option.text for option in poll.options], frozen, rule_version,
            [(refs[v.person_id], v.present, v.recused, v.may_vote) for v in voters],
        )  # fmt: skip
        db.session.add(PollRule(poll_id=poll.id, council_id=poll.council_id, rule_version=rule_version, rule=frozen))
        db.session.add_all(voters)
        keep_alongside(poll, PollAct.OPEN)


concerned: list[Callable[[Poll], set[int]]] = []
"""Rooms upstairs whose polls are about persons: who must keep away from the key and the papers of this one."""


def about_whom(poll: Poll) -> set[int]:
    return {person for of in concerned for person in of(poll)}


alongside: list[Callable[[Poll, PollAct], None]] = []
"""What a kind of vote keeps beside the poll: each is called within an act of the poll's life, whose entry tells of both."""


def keep_alongside(poll: Poll, act: PollAct) -> None:
    db.session.flush()
    for keep in alongside:
        keep(poll, act)


openable: list[Callable[[Poll], Words | None]] = []
"""Rules by which a kind of vote is not opened yet: each gives the reason, or None. Asked before every opening."""


def require_openable(poll: Poll) -> None:
    for rule in openable:
        if (reason := rule(poll)) is not None:
            raise Refused(reason, code="not_openable")


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


def close(poll: Poll, *, actor: Person) -> None:
    """Close the vote. Raises `Refused` while votes taken down are unconfirmed."""
    capacity = authorize(actor, Permission.MOTION_PUT, poll.council)
    if poll.state != PollState.OPEN:
        require_open(poll)
    waiting = select(func.count()).select_from(Ballot).where(Ballot.poll_id == poll.id, Ballot.confirmed_at.is_(None))
    if unconfirmed := db.session.scalar(waiting):
        raise Refused(N_("%(n)s votes taken down await the chair's confirmation."), n=unconfirmed, code="unconfirmed")
    with recording(capacity, "poll.close", poll):
        poll.state = POLL.next(PollState(poll.state), PollAct.CLOSE).value
        poll.closed_at = clock.now()
        keep_alongside(poll, PollAct.CLOSE)


def cancel(poll: Poll, *, actor: Person) -> None:
    """Cancel a vote before it is closed: what was cast counts for nothing, and a new vote may be opened.

    Raises `Refused` once its time is over: then it is closed and counted, whatever was cast.
    """
    capacity = authorize(actor, Permission.MOTION_PUT, poll.council)
    if poll.state == PollState.OPEN and has_ended(poll):
        raise Refused(N_("The time to answer is over. The vote can be closed and counted."), code="poll_closed")
    with recording(capacity, "poll.cancel", poll):
        poll.state = POLL.next(PollState(poll.state), PollAct.CANCEL).value
        poll.cancelled_at = clock.now()
        keep_alongside(poll, PollAct.CANCEL)
