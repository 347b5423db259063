"""Readings of the forum: calls for comment, a matter's comments as the public reads them, what is unanswered."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, bindparam, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from deliberation.agenda.models import Handover, Matter, PlanParagraph, PlanVersion
from deliberation.agenda.states import State
from deliberation.councils.models import Council
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.transactions import connection_of
from deliberation.kernel.words import N_, Words
from deliberation.people.models import Person
from deliberation.review.models import Comment, CommentReply, CommentWindow, ParagraphCause
from deliberation.review.rows import Called, WindowLine
from deliberation.review.stances import CommentState
from deliberation.review.windows import days_left

MOST_WINDOWS = 300


def _broken_off() -> ColumnElement[bool]:
    """The matter went back to the council while the window was open: residents could not comment to its end."""
    return (
        select(Handover.id)
        .where(
            Handover.matter_id == CommentWindow.matter_id,
            Handover.is_back,
            Handover.from_state == State.IN_REVIEW.value,
            Handover.at >= CommentWindow.opens_at,
            Handover.at < CommentWindow.closes_at,
        )
        .exists()
    )


WINDOWS = (
    select(CommentWindow, _broken_off())
    .where(CommentWindow.matter_id == bindparam("matter"))
    .options(joinedload(CommentWindow.version).selectinload(PlanVersion.paragraphs))
    .order_by(CommentWindow.id)
)


def windows_of(matter: Matter) -> list[tuple[CommentWindow, bool]]:
    """Every call for comment of the matter, oldest first, each with whether it was broken off."""
    return [(window, bool(broken)) for window, broken in db.session.execute(WINDOWS, {"matter": matter.id})]


CALLED = (
    select(
        CommentWindow.id, CommentWindow.opens_at, CommentWindow.closes_at, PlanVersion.text_hash, _broken_off(),
        PlanParagraph.key, PlanParagraph.position, PlanParagraph.text,
    )
    .join(PlanVersion, PlanVersion.id == CommentWindow.version_id)
    .join(PlanParagraph, PlanParagraph.version_id == PlanVersion.id)
    .where(CommentWindow.matter_id == bindparam("matter"))
    .order_by(CommentWindow.id, PlanParagraph.position)
)  # fmt: skip


def called(matter: Matter) -> list[Called]:
    """The same for a page: every call for comment with its text, in one statement."""
    calls: dict[int, Called] = {}
    for ident, opens_at, closes_at, text_hash, broken, key, position, words in connection_of(db.session()).execute(
        CALLED, {"matter": matter.id}
    ):
        call = calls.setdefault(ident, Called(ident, opens_at, closes_at, text_hash, bool(broken)))
        call.paragraphs.append((key, position, words))
    return list(calls.values())


def is_open(window: CommentWindow | Called, matter: Matter, broken: bool) -> bool:
    """Whether comments are taken at this moment."""
    in_time = window.opens_at <= clock.now() < window.closes_at
    return in_time and not broken and matter.state == State.IN_REVIEW and window.text_hash == matter.adopted_hash


def index(council: Council) -> list[WindowLine]:
    """The council's calls for comment: open ones first, the next to close on top; then the closed ones, newest first."""
    standing = (
        select(Comment.window_id, func.count().label("comments"))
        .where(Comment.council_id == council.id, Comment.state == CommentState.VISIBLE)
        .group_by(Comment.window_id)
    )
    counts = {row.window_id: row.comments for row in db.session.execute(standing)}
    query = (
        select(CommentWindow, _broken_off())
        .join(CommentWindow.matter)
        .join(CommentWindow.version)
        .where(CommentWindow.council_id == council.id)
        .options(contains_eager(CommentWindow.matter), contains_eager(CommentWindow.version))
        .order_by(CommentWindow.closes_at.desc(), CommentWindow.id.desc())
        .limit(MOST_WINDOWS)
    )
    lines = [_line(window, bool(broken), counts, council) for window, broken in db.session.execute(query)]
    return [line for line in reversed(lines) if line.is_open] + [line for line in lines if not line.is_open]


def _line(window: CommentWindow, broken: bool, counts: Mapping[int, int], council: Council) -> WindowLine:
    return WindowLine(
        no=window.matter.no,
        title=window.matter.title,
        opens_at=window.opens_at,
        closes_at=window.closes_at,
        is_open=is_open(window, window.matter, broken),
        was_broken_off=broken,
        days_left=days_left(window.closes_at, clock.now(), ZoneInfo(council.zone)),
        comments=counts.get(window.id, 0),
    )


def public_text(comment: Comment) -> str | None:
    """What everybody may read of a comment; None where it was withdrawn, hidden or erased."""
    if comment.state != CommentState.VISIBLE:
        return None
    return comment.masked.value if comment.masked is not None else comment.text.value


def author_words(comment: Comment, named: Person | None) -> Words:
    """The author as the public sees them: “resident”, unless the rules show the chosen name."""
    if comment.channel == "paper":
        return Words(N_("Resident, on paper"))
    if named is not None and named.name:
        return Words("%(name)s", name=named.name)
    return Words(N_("Resident"))


def unanswered(matter: Matter) -> list[Comment]:
    """The comments that were neither withdrawn nor hidden and have no answer yet, of every window of the matter."""
    query = (
        select(Comment)
        .outerjoin(Comment.reply)
        .where(Comment.matter_id == matter.id, Comment.state == CommentState.VISIBLE, CommentReply.comment_id.is_(None))
        .order_by(Comment.window_id, Comment.number)
    )
    return list(db.session.scalars(query))


def standing_ids(matter: Matter) -> dict[str, int]:
    """The matter's comments that stand, by label; where two windows use a label, the newer one's."""
    query = (
        select(Comment)
        .where(Comment.matter_id == matter.id, Comment.state == CommentState.VISIBLE)
        .order_by(Comment.window_id)
    )
    return {comment.label: comment.id for comment in db.session.scalars(query)}


def caused_pairs(matter: Matter, after: PlanVersion) -> set[tuple[str, str]]:
    """The (key, text) pairs, of versions written later than ``after``, for which a comment is named as the cause."""
    query = (
        select(PlanParagraph.key, PlanParagraph.text)
        .join(ParagraphCause, ParagraphCause.paragraph_id == PlanParagraph.id)
        .join(PlanVersion, PlanVersion.id == PlanParagraph.version_id)
        .where(PlanVersion.matter_id == matter.id, PlanVersion.number > after.number)
    )
    return {(key, text) for key, text in db.session.execute(query)}


def comments_by(person: Person, limit: int = 100) -> list[tuple[Comment, Matter, Council]]:
    """A person's own comments in every council, newest first."""
    query = (
        select(Comment, Matter, Council)
        .join(Matter, Matter.id == Comment.matter_id)
        .join(Council, Council.id == Comment.council_id)
        .where(Comment.author_id == person.id)
        .options(selectinload(Comment.text), selectinload(Comment.masked), selectinload(Comment.reply))
        .order_by(Comment.id.desc())
        .limit(limit)
    )
    return [tuple(row) for row in db.session.execute(query)]  # type: ignore[misc]
