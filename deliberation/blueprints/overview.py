"""Readings for the pages that look into every room: the community's home, a matter's surroundings, a person's own page.

Each function sends as many statements, whatever it finds: one, mostly.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from deliberation.agenda.models import Matter
from deliberation.appeals.models import Appeal
from deliberation.blueprints.comment_acts import comment_url
from deliberation.blueprints.words import say, zone
from deliberation.councils.models import Council
from deliberation.extensions import db
from deliberation.implementation.models import Task
from deliberation.kernel import clock
from deliberation.kernel.words import Words
from deliberation.meetings.models import AgendaItem, Meeting
from deliberation.motions.models import Motion
from deliberation.motions.states import kind_words
from deliberation.people.models import Account, LoginSession, Person
from deliberation.publishing.models import DocumentNumber, Resolution
from deliberation.publishing.numbers import number_words
from deliberation.review.models import Comment, CommentWindow
from deliberation.review.stances import CommentState
from deliberation.review.windows import days_left
from deliberation.voting import kinds
from deliberation.voting.models import Ballot, Poll
from deliberation.voting.queries import paper


@dataclass(frozen=True)
class Decision:
    title: str
    prefix: str
    year: int
    number: int
    issued_on: date

    @property
    def label(self) -> Words:
        """``莫社议决〔2026〕1号`` in the reader's language."""
        return number_words(self.prefix, self.year, self.number)


@dataclass(frozen=True)
class Window:
    no: str
    title: str
    opens_at: datetime
    closes_at: datetime

    @property
    def is_open(self) -> bool:
        return self.opens_at <= clock.now() < self.closes_at

    @property
    def days_left(self) -> int:
        """As the forum counts them: 0 on the last day."""
        return days_left(self.closes_at, clock.now(), zone())


@dataclass(frozen=True)
class Session:
    id: int
    starts_at: datetime
    place: str
    state: str
    matters: int = 0


@dataclass(frozen=True)
class Around:
    """How much of a matter lies in the other rooms."""

    appeals: int
    motions: int
    comments: int
    tasks: int
    tasks_done: int


def newest_decisions(council: Council, limit: int = 5) -> list[Decision]:
    return _decisions(Resolution.council_id == council.id, limit)


def decisions_of(matter: Matter) -> list[Decision]:
    return _decisions(Resolution.matter_id == matter.id, 10)


def _decisions(which: object, limit: int) -> list[Decision]:
    query = (
        select(Matter.title, DocumentNumber.prefix, DocumentNumber.year, DocumentNumber.number, Resolution.issued_on)
        .join(Matter, Matter.id == Resolution.matter_id)
        .join(DocumentNumber, DocumentNumber.id == Resolution.number_id)
        .where(which, DocumentNumber.voided_at.is_(None))  # type: ignore[arg-type]
        .order_by(Resolution.id.desc())
        .limit(limit)
    )
    return [Decision(*row) for row in db.session.execute(query)]


def open_windows(council: Council) -> list[Window]:
    """The texts that lie open for comment now, the first to close first."""
    now = clock.now()
    query = (
        select(Matter, CommentWindow.opens_at, CommentWindow.closes_at)
        .join(Matter, Matter.id == CommentWindow.matter_id)
        .where(CommentWindow.council_id == council.id, CommentWindow.opens_at <= now, CommentWindow.closes_at > now)
        .order_by(CommentWindow.closes_at, CommentWindow.id)
    )
    return [Window(matter.no, matter.title, opens, closes) for matter, opens, closes in db.session.execute(query)]


def window_of(matter: Matter) -> Window | None:
    """The newest window of a matter."""
    query = select(CommentWindow.opens_at, CommentWindow.closes_at).where(CommentWindow.matter_id == matter.id)
    row = db.session.execute(query.order_by(CommentWindow.id.desc()).limit(1)).first()
    return Window(matter.no, matter.title, row.opens_at, row.closes_at) if row else None


def next_session(council: Council) -> Session | None:
    """The session that is sitting, or the next one that was called."""
    query = (
        select(Meeting.id, Meeting.starts_at, Meeting.place, Meeting.state, func.count(AgendaItem.id))
        .outerjoin(AgendaItem, AgendaItem.meeting_id == Meeting.id)
        .where(Meeting.council_id == council.id, Meeting.state.in_(("called", "open", "adjourned")))
        .group_by(Meeting.id, Meeting.starts_at, Meeting.place, Meeting.state)
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(1)
    )
    row = db.session.execute(query).first()
    return Session(*row) if row else None


def sessions_of(matter: Matter) -> list[Session]:
    """The sessions on whose agenda the matter stands, newest first; those that were not called yet are left out."""
    query = (
        select(Meeting.id, Meeting.starts_at, Meeting.place, Meeting.state)
        .join(AgendaItem, AgendaItem.meeting_id == Meeting.id)
        .where(AgendaItem.matter_id == matter.id, Meeting.called_at.is_not(None))
        .order_by(Meeting.starts_at.desc(), Meeting.id.desc())
    )
    return [Session(*row) for row in db.session.execute(query)]


def around(matter: Matter) -> Around:
    def count(model: type, *more: object) -> object:
        query = select(func.count()).select_from(model).where(model.matter_id == matter.id, *more)  # type: ignore[attr-defined,arg-type]
        return query.scalar_subquery()

    done = count(Task, Task.done_on.is_not(None))
    row = db.session.execute(select(count(Appeal), count(Motion), count(Comment), count(Task), done)).one()  # type: ignore[call-overload]
    return Around(*row)


@dataclass(frozen=True)
class Mine:
    """One thing that a person said, moved or voted, as a line on their own page."""

    slug: str
    no: str | None
    title: str
    label: str
    state: str
    at: datetime
    text: str | None = None
    url: str | None = None
    said: str | None = None


def my_comments(person: Person) -> list[Mine]:
    """Comments, the newest first; the line leads to where the comment and its reply stand, and says whether there is one."""
    query = (
        select(Comment, Matter, Council)
        .join(Matter, Matter.id == Comment.matter_id)
        .join(Council, Council.id == Comment.council_id)
        .options(joinedload(Comment.text), joinedload(Comment.reply))
        .where(Comment.author_id == person.id)
        .order_by(Comment.id.desc())
        .limit(100)
    )
    mine = []
    for one, matter, council in db.session.execute(query):
        url = comment_url(council, matter.no, one)
        said = _("Answered") if one.reply else _("Not answered yet") if one.state == CommentState.VISIBLE else None
        mine.append(
            Mine(council.slug, matter.no, matter.title, one.label, one.state, one.made_at, one.text.value, url=url, said=said)
        )
    return mine


def my_appeals(person: Person) -> list[Mine]:
    """Appeals, the newest first; the line leads to the appeal's own page, where its replies stand."""
    query = (
        select(Appeal, Matter, Council.slug)
        .outerjoin(Matter, Matter.id == Appeal.matter_id)
        .join(Council, Council.id == Appeal.council_id)
        .options(joinedload(Appeal.text))
        .where(Appeal.appellant_id == person.id)
        .order_by(Appeal.id.desc())
        .limit(100)
    )
    rows = db.session.execute(query)
    mine = []
    for one, matter, slug in rows:
        url = url_for("appeals.show", community=slug, no=one.no)
        title = matter.title if matter else one.no
        mine.append(Mine(slug, None, title, one.no, one.state, one.received_at, one.text.value, url=url))
    return mine


def my_motions(person: Person, most: int = 100) -> list[Mine]:
    query = (
        select(Motion, Matter, Council.slug)
        .join(Matter, Matter.id == Motion.matter_id)
        .join(Council, Council.id == Motion.council_id)
        .where(Motion.mover_id == person.id)
        .order_by(Motion.id.desc())
        .limit(most)
    )
    rows = db.session.execute(query)
    named = [(_("%(kind)s %(label)s", kind=say(kind_words(one.kind)), label=one.label), one, m, slug) for one, m, slug in rows]
    return [Mine(slug, m.no, m.title, label, one.state, one.proposed_at, one.text) for label, one, m, slug in named]


def my_votes(person: Person, most: int = 100) -> list[Mine]:
    """Votes on motions and answers to questions, the newest first."""
    query = (
        select(Ballot, Poll, Matter, Council.slug)
        .join(Poll, Poll.id == Ballot.poll_id)
        .outerjoin(Matter, Matter.id == Poll.matter_id)
        .join(Council, Council.id == Ballot.council_id)
        .options(selectinload(Poll.options))
        .where(Ballot.person_id == person.id)
        .order_by(Ballot.id.desc())
        .limit(most)
    )
    return [_my_vote(*row) for row in db.session.execute(query)]


def _my_vote(ballot: Ballot, poll: Poll, matter: Matter | None, slug: str) -> Mine:
    if poll.question is None:
        return Mine(slug, matter.no if matter else None, matter.title if matter else "", poll.label, ballot.choice, ballot.cast_at)
    lines = kinds.words(paper(poll), ballot.choice, [one.text for one in poll.options])
    url = url_for("questions.show", community=slug, poll_id=poll.id)
    return Mine(slug, None, poll.question, poll.label, "", ballot.cast_at, _("; ").join(say(line) for line in lines), url)


def titles_of(polls: Iterable[int]) -> dict[int, str]:
    """What these votes are about."""
    query = select(Poll.id, func.coalesce(Poll.question, Matter.title).label("title"))
    found = query.outerjoin(Matter, Matter.id == Poll.matter_id).where(Poll.id.in_(list(polls)))
    return {row.id: row.title for row in db.session.execute(found)}


def my_devices(account: Account) -> list[LoginSession]:
    """The living login sessions of an account, newest first."""
    living = (LoginSession.revoked_at.is_(None), LoginSession.expires_at > clock.now())
    query = select(LoginSession).where(LoginSession.account_id == account.id, *living).order_by(LoginSession.id.desc())
    return list(db.session.scalars(query))
