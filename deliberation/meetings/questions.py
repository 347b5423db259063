"""Questions put to a sitting, or to all members by correspondence: polls that decide no motion."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from deliberation.audit.canonical import canonical
from deliberation.audit.recording import recording
from deliberation.councils.authority import authorize, members
from deliberation.councils.models import Council, RuleSet
from deliberation.councils.rules import parse
from deliberation.councils.services import rules_in_force
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import Invalid, Refused
from deliberation.kernel.words import N_
from deliberation.meetings.kinds import procedures_allowed
from deliberation.meetings.models import Meeting, MeetingPoll, PollSubject
from deliberation.meetings.roster import rules_of
from deliberation.meetings.services import council_of, require_chair, require_open
from deliberation.meetings.votes import electorate, require_conductor, require_no_vote
from deliberation.people.models import Person
from deliberation.people.permissions import Permission
from deliberation.voting import services as voting
from deliberation.voting import tallying
from deliberation.voting.kinds import Mode
from deliberation.voting.models import Poll, PollResult, VerdictRow
from deliberation.voting.services import Question, Voter

MOST_LISTED = 200
FARTHEST = timedelta(days=366)
LABEL = "Q"
APPRAISAL = "appraisal"
"""The scale by which people are appraised (DOMAIN.md §5.5: always secret)."""


def ask(meeting: Meeting, question: Question, *, about: str, mode: str = Mode.RECORDED, actor: Person) -> Poll:
    """Put a question to those in the room. It is opened at once, unless it is secret: that needs its key first.

    ``about``: what of the agenda it belongs to, one of `subjects`. Raises `Refused` (``not_in_notice``) for anything else,
    outside an open sitting, while another vote is open, without a quorum.
    """
    council = council_of(meeting)
    capacity = authorize(actor, Permission.MOTION_PUT, council)
    require_chair(meeting, actor)
    require_open(meeting)
    require_no_vote(meeting)
    where = _subject(meeting, about)
    poll = _prepare(council, question, mode, None, actor)
    of = {"poll_id": poll.id, "meeting_id": meeting.id, "council_id": council.id}
    with recording(capacity, "meeting.ask", poll):
        db.session.add_all([MeetingPoll(**of), PollSubject(**of, **where)])
    if mode != Mode.SECRET:
        open_question(poll, actor=actor)
    return poll


def subjects(meeting: Meeting, language: str) -> list[tuple[str, str]]:
    """What a question in this meeting can belong to: (code, words). Matters and topics of the notice, and what the council's
    rules let be asked about how it goes on."""
    found = [(f"item:{item.id}", item.matter.title) for item in meeting.items]
    found += [(f"topic:{topic.id}", topic.text) for topic in meeting.topics]
    return found + [(f"procedure:{code}", words[language]) for code, words in procedures_allowed(rules_of(meeting)).items()]


def _subject(meeting: Meeting, about: str) -> dict[str, Any]:
    if about not in {code for code, _words in subjects(meeting, "en")}:
        raise _not_in_notice()
    name, _colon, which = about.partition(":")
    return {"procedure": which} if name == "procedure" else {f"{name}_id": int(which)}


def _not_in_notice() -> Refused:
    return Refused(
        N_("No vote on what the notice did not announce: choose a matter or topic of this meeting's agenda, or its own procedure."),
        code="not_in_notice", field="about",
    )  # fmt: skip


def subject_of(poll: Poll) -> PollSubject | None:
    """What of the agenda a question belongs to; None for one by correspondence."""
    return db.session.get(PollSubject, poll.id)


def _require_announced(meeting: Meeting, poll: Poll) -> None:
    """At the opening too: a question that was prepared belongs to this meeting's agenda as it was published."""
    held = subject_of(poll)
    published = {item.id for item in meeting.items}, {topic.id for topic in meeting.topics}
    if held is None or held.meeting_id != meeting.id or not meeting.is_announced:
        raise _not_in_notice()
    is_procedure = held.procedure in procedures_allowed(rules_of(meeting))
    if not is_procedure and held.item_id not in published[0] and held.topic_id not in published[1]:
        raise _not_in_notice()


def ask_by_correspondence(
    council: Council, question: Question, closes_at: datetime, *, mode: str = Mode.RECORDED, actor: Person
) -> Poll:
    """Ask all members; they answer until ``closes_at`` from wherever they are, where the council's rules allow it."""
    authorize(actor, Permission.MOTION_PUT, council)
    _require_remote(council)
    if closes_at <= clock.now():
        raise Invalid(N_("The time to answer ends in the past."), field="closes_at")
    if closes_at > clock.now() + FARTHEST:
        raise Invalid(N_("Choose a moment within a year."), field="closes_at")
    poll = _prepare(council, question, mode, closes_at, actor)
    if mode != Mode.SECRET:
        open_question(poll, actor=actor)
    return poll


def _require_remote(council: Council) -> None:
    if not parse(rules_in_force(council).data)["remote_vote"]:
        raise Refused(
            N_("The rules of this council let only those vote who are in the room: no vote by correspondence."),
            code="no_remote_vote",
        )


def _prepare(council: Council, question: Question, mode: str, closes_at: datetime | None, actor: Person) -> Poll:
    if question.scale == APPRAISAL and mode != Mode.SECRET:
        raise Invalid(N_("Whoever is appraised must not learn from whom which grade came: such a vote is secret."), field="mode")
    asked = select(func.count()).select_from(Poll).where(Poll.council_id == council.id, Poll.label.startswith(LABEL))
    text = canonical({"question": question.text, "options": list(question.options)})
    return voting.prepare(
        council,
        label=f"{LABEL}{(db.session.scalar(asked) or 0) + 1}",
        text_hash=hashlib.sha256(text).hexdigest(),
        matter_id=None,
        mode=mode,
        question=question,
        closes_at=closes_at,
        by_correspondence=closes_at is not None,
        actor=actor,
    )


lists: list[Callable[[Poll], Sequence[int] | None]] = []
"""Rooms upstairs that keep a list of their own of those who answer a question: each gives the persons on it, or None."""


def listed(poll: Poll) -> Sequence[int] | None:
    """Who answers a question that goes to a list of people; None where it goes to the members."""
    return next((people for give in lists if (people := give(poll)) is not None), None)


def open_question(poll: Poll, *, actor: Person) -> None:
    """Open a prepared question with those who may answer it now. One that goes to a list of people needs no quorum."""
    meeting = meeting_of(poll)
    if (people := listed(poll)) is not None:
        assert meeting is not None
        _require_turn(meeting, actor)
        rule_set = db.session.get_one(RuleSet, meeting.rule_set_id)
        rule = {**parse(rule_set.data).poll_rule(), "quorum": None}
        voting.open_poll(poll, [Voter(one, present=True) for one in people], rule, rule_set.version, actor=actor)
        return
    if meeting is None:
        rule_set = rules_in_force(poll.council)
        held = parse(rule_set.data)
        voters: Sequence[Voter] = [Voter(seat.person_id, present=True) for seat in members(poll.council)]
    else:
        _require_turn(meeting, actor)
        _require_announced(meeting, poll)
        rule_set = db.session.get_one(RuleSet, meeting.rule_set_id)
        held = parse(rule_set.data)
        voters = electorate(meeting, 0, held["chair_votes"])
    voting.open_poll(poll, voters, held.poll_rule(), rule_set.version, actor=actor)


def _require_turn(meeting: Meeting, actor: Person) -> None:
    """Only the chair of an open session opens a vote in it, and one at a time."""
    require_chair(meeting, actor)
    require_open(meeting)
    require_no_vote(meeting)


def meeting_of(poll: Poll) -> Meeting | None:
    """The sitting to which a question was put; None for one by correspondence."""
    return db.session.scalar(select(Meeting).join(MeetingPoll).where(MeetingPoll.poll_id == poll.id))


def questions_of(meeting: Meeting) -> list[Poll]:
    """Every question put to this sitting, in the order of asking."""
    query = select(Poll).join(MeetingPoll, MeetingPoll.poll_id == Poll.id)
    return list(db.session.scalars(query.where(MeetingPoll.meeting_id == meeting.id).order_by(Poll.id)))


def all_of(council: Council) -> list[Poll]:
    """The council's questions, the newest first."""
    query = select(Poll).where(Poll.council_id == council.id, Poll.question.is_not(None)).order_by(Poll.id.desc())
    return list(db.session.scalars(query.limit(MOST_LISTED)))


def close_and_count(poll: Poll, *, actor: Person) -> VerdictRow | PollResult:
    """Close a question that was answered by name, count it and keep what came out."""
    require_keeper(poll, actor)
    voting.close(poll, actor=actor)
    return tallying.count(poll, actor=actor)


def cancel(poll: Poll, *, actor: Person) -> None:
    """Cancel a question before it is closed."""
    require_keeper(poll, actor)
    voting.cancel(poll, actor=actor)


def require_keeper(poll: Poll, actor: Person) -> None:
    """The chair of the sitting keeps its questions; those by correspondence are anybody's who may put motions."""
    require_conductor(poll.council, meeting_of(poll), actor)
