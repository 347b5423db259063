"""What waits for a person in their offices: one statement a kind of work, whatever it finds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import and_, func, or_, select

from deliberation.agenda.challenges import may_decide_now
from deliberation.agenda.models import Matter, Proposal, Recusal, RecusalChallenge
from deliberation.agenda.states import State
from deliberation.agreements.models import Point, Settlement
from deliberation.agreements.queries import NEED_NO_AGREEMENT
from deliberation.agreements.states import Ending
from deliberation.appeals.models import Appeal
from deliberation.audit.models import PersonalRecord
from deliberation.blueprints.places import waiting_places
from deliberation.blueprints.rating_words import unpublished
from deliberation.blueprints.waiting_minutes import MOST, Seats, Waiting, corrections, minutes, overdue
from deliberation.blueprints.words import day, say, when
from deliberation.councils.models import Appointment, Council
from deliberation.extensions import db
from deliberation.hearings.models import Hearing, Participant
from deliberation.implementation.models import Task
from deliberation.kernel import clock
from deliberation.kernel.calendar import local_day
from deliberation.meetings.models import Meeting
from deliberation.meetings.states import HELD, OVER, MeetingState
from deliberation.motions.models import Motion
from deliberation.motions.states import MotionState, kind_words
from deliberation.people.models import Person
from deliberation.people.permissions import Office, Permission
from deliberation.privacy.models import DataRequest
from deliberation.review.models import Comment, CommentReply
from deliberation.voting.models import Poll
from deliberation.voting.states import PollState

SOON = timedelta(days=7)
BEFORE_THE_VOTE = (State.COLLECTING.value, State.DRAFTING.value, State.ADOPTING.value)
"""A recusal that nobody approved before the vote has lost its sense."""


def waiting(person: Person) -> list[Waiting]:
    """Everything that waits for this person but votes, which have a place of their own."""
    seats = _seats(person)
    finders = (
        _meetings, _hearings, overdue, minutes, corrections, _questions, _motions, _recusals, _challenges, _proposals, _comments,
        _tasks, _points, _appeals, _requests, _ratings,
    ) if seats.offices else (_hearings,)  # fmt: skip
    places = (Waiting(*one) for one in waiting_places(person, seats.of(Office.CLERK)))
    return [*places, *(one for finder in finders for one in finder(seats))]


def _seats(person: Person) -> Seats:
    query = select(Appointment, Council.zone).join(Council, Council.id == Appointment.council_id)
    held: dict[Office, set[int]] = {}
    for one, zone in db.session.execute(query.where(Appointment.person_id == person.id)):
        today = clock.today(zone)
        if one.starts_on <= today and (one.ends_on is None or one.ends_on >= today):
            held.setdefault(Office(one.office), set()).add(one.council_id)
    return Seats(person, held)


def _rows(query: Any, council_id: Any, councils: set[int], matter_id: Any) -> Iterator[Any]:
    """The rows of a query in these councils, each with its matter and the council's address."""
    if not councils:
        return iter(())
    whole = query.add_columns(Matter, Council.slug).join(Matter, Matter.id == matter_id).join(Council, Council.id == council_id)
    return iter(db.session.execute(whole.where(council_id.in_(councils)).limit(MOST)))


def _meetings(seats: Seats) -> Iterator[Waiting]:
    """The next session of each council; to be opened, for its chair on the day; without a notice, for the secretary."""
    councils, secretary = seats.that_may(Permission.MEETING_READ), seats.of(Office.SECRETARY_GENERAL)
    if not councils:
        return
    query = select(Meeting, Council).join(Council, Council.id == Meeting.council_id).where(Meeting.council_id.in_(councils))
    query = query.where(Meeting.state.not_in([*OVER])).order_by(Meeting.starts_at, Meeting.id).limit(MOST)
    told = set()
    for meeting, council in db.session.execute(query):
        today, on = clock.today(council.zone), local_day(meeting.starts_at, ZoneInfo(council.zone))
        url = url_for("meetings.show", community=council.slug, meeting_id=meeting.id)
        hour = when(meeting.starts_at)
        if meeting.state == MeetingState.PLANNED:
            if council.id in secretary and on > today:
                yield Waiting(_("Send the notice of the session on %(when)s", when=hour), council.name, url)
            continue
        is_chair = meeting.chair_id == seats.person.id and council.id in seats.that_may(Permission.MEETING_CHAIR)
        if meeting.state == MeetingState.CALLED and is_chair and on <= today:
            told.add(council.id)
            yield Waiting(_("Open the session of %(when)s, at %(place)s", when=hour, place=meeting.place), council.name, url)
        elif council.id not in told and (meeting.state in (MeetingState.OPEN, MeetingState.ADJOURNED) or on >= today):
            told.add(council.id)
            yield Waiting(_next_session(meeting, hour), council.name, url)


def _hearings(seats: Seats) -> Iterator[Waiting]:
    """Findings to write, for the clerk; a record to confirm, for who was there; an answer to write, for the council."""
    writes, answers = seats.of(Office.CLERK), seats.that_may(Permission.HEARING_ANSWER)
    own = and_(Participant.hearing_id == Hearing.id, Participant.person_id == seats.person.id, Participant.comes.is_(True),
               Participant.confirmed_at.is_(None))  # fmt: skip
    query = select(Hearing, Participant.number, Matter.title, Council.slug).join(Meeting, Meeting.id == Hearing.meeting_id)
    query = query.join(Matter, Matter.id == Hearing.matter_id).join(Council, Council.id == Hearing.council_id)
    office = and_(Hearing.council_id.in_(writes | answers), Hearing.answered_at.is_(None))
    query = query.outerjoin(Participant, own).where(Meeting.state.in_([*HELD]), or_(office, Participant.id.is_not(None)))
    for hearing, number, title, slug in db.session.execute(query.order_by(Hearing.id).limit(MOST)):
        url = url_for("hearings.show", community=slug, hearing_id=hearing.id)
        if hearing.findings is None and hearing.council_id in writes:
            yield Waiting(_("Write the findings"), title, url)
        if hearing.findings is not None and number is not None:
            yield Waiting(_("Confirm the record"), title, url)
        if hearing.findings is not None and hearing.answer is None and hearing.council_id in answers:
            yield Waiting(_("Answer the findings of the hearing"), title, url)


def _ratings(seats: Seats) -> Iterator[Waiting]:
    return (Waiting(*one) for one in unpublished(seats.that_may(Permission.MEETING_RECORD)))


def _next_session(meeting: Meeting, hour: str) -> str:
    if meeting.state == MeetingState.OPEN:
        return _("The council is in session now, at %(place)s", place=meeting.place)
    return _("Session on %(when)s, at %(place)s", when=hour, place=meeting.place)


def _questions(seats: Seats) -> Iterator[Waiting]:
    """Questions by correspondence whose time is over, for who may close and count them."""
    query = select(Poll, Council.slug).join(Council, Council.id == Poll.council_id).order_by(Poll.id).limit(MOST)
    over = query.where(Poll.state == PollState.OPEN.value, Poll.closes_at <= clock.now())
    for poll, slug in db.session.execute(over.where(Poll.council_id.in_(seats.that_may(Permission.MOTION_PUT)))):
        url = url_for("questions.show", community=slug, poll_id=poll.id)
        yield Waiting(_("Close and count: %(question)s", question=poll.question), poll.label, url)


def _motions(seats: Seats) -> Iterator[Waiting]:
    me = seats.person.id
    stepped_back = select(Recusal.id).where(Recusal.matter_id == Motion.matter_id, Recusal.person_id == me).exists()
    query = select(Motion.kind, Motion.label).where(Motion.state == MotionState.PROPOSED.value, Motion.mover_id != me)
    query = query.where(~stepped_back, Matter.state == State.ADOPTING.value).order_by(Motion.id)
    for kind, label, matter, slug in _rows(query, Motion.council_id, seats.that_may(Permission.MOTION_SECOND), Motion.matter_id):
        url = url_for("motions.show", community=slug, no=matter.no, label=label)
        yield Waiting(_("%(motion)s needs a second", motion=motion_words(kind, label, matter.title)), matter.no, url)


def motion_words(kind: str, label: str, title: str) -> str:
    """A motion in a list of many matters, where its label alone says nothing."""
    motion = _("%(kind)s %(label)s", kind=say(kind_words(kind)), label=label)
    if kind == "main":
        return _("%(motion)s on “%(title)s”", motion=motion, title=title)
    return _("%(motion)s to “%(title)s”", motion=motion, title=title)


def _recusals(seats: Seats) -> Iterator[Waiting]:
    """For the president; the president's own for the secretary-general."""
    is_presidents = (
        select(Appointment.id)
        .where(
            Appointment.council_id == Recusal.council_id,
            Appointment.person_id == Recusal.person_id,
            Appointment.office == Office.PRESIDENT.value,
        )
        .exists()
    )
    chairs, deputies = seats.of(Office.PRESIDENT), seats.of(Office.SECRETARY_GENERAL)
    mine = or_(Recusal.council_id.in_(chairs), and_(Recusal.council_id.in_(deputies), is_presidents))
    query = select(func.count(Recusal.id)).where(Recusal.approved_at.is_(None), Recusal.person_id != seats.person.id, mine)
    query = query.where(Matter.state.in_(BEFORE_THE_VOTE)).group_by(Matter.id, Council.slug).order_by(Matter.id)
    for number, matter, slug in _rows(query, Recusal.council_id, chairs | deputies, Recusal.matter_id):
        url = url_for("recusals.index", community=slug, no=matter.no)
        said = ngettext("%(num)s recusal waits for your approval", "%(num)s recusals wait for your approval", number)
        yield Waiting(said, matter.title, url)


def _challenges(seats: Seats) -> Iterator[Waiting]:
    """For whoever is challenged, to answer; for those who decide, where they are no party to it."""
    me, chairs, deputies = seats.person.id, seats.of(Office.PRESIDENT), seats.of(Office.SECRETARY_GENERAL)
    query = select(RecusalChallenge).where(RecusalChallenge.decided_at.is_(None)).order_by(RecusalChallenge.id)
    for made, matter, slug in _rows(query, RecusalChallenge.council_id, seats.that_may(Permission.RECUSAL_ASK),
                                    RecusalChallenge.matter_id):  # fmt: skip
        url = url_for("recusals.index", community=slug, no=matter.no)
        if made.person_id == me and made.answered_at is None:
            yield Waiting(_("A member holds that you should step back: you may answer"), matter.title, url)
        elif made.council_id in chairs | deputies and me not in (made.person_id, made.by_id) and may_decide_now(made):
            yield Waiting(_("To be decided: whether a member steps back"), matter.title, url)


def _proposals(seats: Seats) -> Iterator[Waiting]:
    """Proposals of matters: to second, for every member but the proposer; to answer, for the secretary-general."""
    members, secretary = seats.that_may(Permission.MOTION_SECOND), seats.of(Office.SECRETARY_GENERAL)
    if not members | secretary:
        return
    query = (
        select(Proposal.council_id, Proposal.proposer_id, Proposal.state, PersonalRecord.value, Council.slug, Council.name)
        .join(PersonalRecord, PersonalRecord.id == Proposal.title_id)
        .join(Council, Council.id == Proposal.council_id)
        .where(Proposal.council_id.in_(members | secretary), Proposal.state.in_(["proposed", "seconded"]))
        .order_by(Proposal.id)
        .limit(MOST)
    )
    for council_id, proposer_id, state, title, slug, name in db.session.execute(query):
        url, title = url_for("proposals.index", community=slug), title or _("(erased)")
        if state == "proposed" and council_id in members and proposer_id != seats.person.id:
            yield Waiting(_("The proposal “%(title)s” needs a second", title=title), name, url)
        elif state == "seconded" and council_id in secretary:
            yield Waiting(_("The proposal “%(title)s” waits for your answer", title=title), name, url)


def _comments(seats: Seats) -> Iterator[Waiting]:
    answered = select(CommentReply.comment_id).where(CommentReply.comment_id == Comment.id).exists()
    query = select(func.count(Comment.id)).where(Comment.state == "visible", ~answered, Matter.state == State.IN_REVIEW.value)
    query = query.group_by(Matter.id, Council.slug).order_by(Matter.id)
    for number, matter, slug in _rows(query, Comment.council_id, seats.that_may(Permission.COMMENT_ANSWER), Comment.matter_id):
        url = url_for("forum.show", community=slug, no=matter.no)
        yield Waiting(ngettext("%(num)s comment to answer", "%(num)s comments to answer", number), matter.title, url)


def _tasks(seats: Seats) -> Iterator[Waiting]:
    last = clock.now().date() + SOON
    query = select(func.count(Task.id), func.min(Task.due_on)).where(Task.done_on.is_(None), Task.due_on <= last)
    query = query.where(Matter.state == State.IMPLEMENTING.value).group_by(Matter.id, Council.slug).order_by(func.min(Task.due_on))
    for number, due, matter, slug in _rows(query, Task.council_id, seats.that_may(Permission.TASK_REPORT), Task.matter_id):
        url = url_for("implementation.show", community=slug, no=matter.no)
        said = ngettext("%(num)s task is due by %(day)s", "%(num)s tasks are due, the first by %(day)s", number, day=day(due))
        yield Waiting(said, matter.title, url)


def _points(seats: Seats) -> Iterator[Waiting]:
    """Points that a meeting of sides agreed on and whose day has come, for the clerk, by meeting."""
    councils = seats.of(Office.CLERK)
    if not councils:
        return
    agreed = or_(Settlement.ending == Ending.AGREED.value, Meeting.kind.in_(NEED_NO_AGREEMENT))
    query = select(func.count(Point.id), Meeting.id, Council.slug, Council.name).join(Meeting, Meeting.id == Point.meeting_id)
    query = query.join(Council, Council.id == Point.council_id).outerjoin(Settlement, Settlement.meeting_id == Meeting.id)
    query = query.where(Point.council_id.in_(councils), Point.outcome.is_(None), Point.due_on <= clock.now().date(), agreed)
    query = query.where(Meeting.state.in_([*HELD])).group_by(Meeting.id, Council.slug, Council.name).order_by(Meeting.id)
    for number, meeting_id, slug, name in db.session.execute(query.limit(MOST)):
        said = ngettext("Note what became of %(num)s agreed point", "Note what became of %(num)s agreed points", number)
        yield Waiting(said, name, url_for("agreements.show", community=slug, meeting_id=meeting_id))


def _appeals(seats: Seats) -> Iterator[Waiting]:
    councils = seats.that_may(Permission.APPEAL_TAKE)
    if not councils:
        return
    query = select(func.count(Appeal.id), Council.slug, Council.name).join(Council, Council.id == Appeal.council_id)
    query = query.where(Appeal.state == "received", Appeal.council_id.in_(councils)).group_by(Council.slug, Council.name)
    for number, slug, name in db.session.execute(query.order_by(Council.name)):
        said = ngettext("%(num)s appeal has no receipt yet", "%(num)s appeals have no receipt yet", number)
        yield Waiting(said, name, url_for("appeals.index", community=slug))


def _requests(seats: Seats) -> Iterator[Waiting]:
    """What people asked about personal texts, for those who answer it, but not for whoever asked or entered it."""
    councils, me = seats.that_may(Permission.PERSONAL_DATA_ANSWER), seats.person.id
    if not councils:
        return
    query = select(func.count(DataRequest.id), func.min(DataRequest.due_on), Council.slug, Council.name)
    query = query.join(Council, Council.id == DataRequest.council_id).where(DataRequest.council_id.in_(councils))
    for column in (DataRequest.person_id, DataRequest.entered_by_id):
        query = query.where(column.is_(None) | (column != me))
    query = query.where(DataRequest.state == "waiting").group_by(Council.slug, Council.name).order_by(Council.name)
    for number, due, slug, name in db.session.execute(query):
        said = ngettext(
            "%(num)s request about a personal text, due by %(day)s",
            "%(num)s requests about personal texts, the first due by %(day)s", number, day=day(due),
        )  # fmt: skip
        yield Waiting(said, name, url_for("data_desk.index", community=slug))
