"""Readings of the forum: calls for comment, a matter's comments as the public reads them, what is unanswered."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from deliberation.agenda.models import Handover, Matter, PlanParagraph, PlanVersion
from deliberation.agenda.states import State
from deliberation.councils import rules
from deliberation.councils.models import Council
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.words import N_, Words
from deliberation.people.models import Person
from deliberation.review.models import Comment, CommentReply, CommentWindow, Moderation, ParagraphCause
from deliberation.review.moderation import rule_words
from deliberation.review.rows import CommentRow, Forum, ModerationLine, ParagraphLine, ReplyLine, Tally, WindowLine
from deliberation.review.stances import CommentState, Stance, disposition_words, stance_words
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


def windows_of(matter: Matter) -> list[tuple[CommentWindow, bool]]:
    """Every call for comment of the matter, oldest first, each with whether it was broken off."""
    query = (
        select(CommentWindow, _broken_off())
        .where(CommentWindow.matter_id == matter.id)
        .options(joinedload(CommentWindow.version).selectinload(PlanVersion.paragraphs))
        .order_by(CommentWindow.id)
    )
    return [(window, bool(broken)) for window, broken in db.session.execute(query)]


def is_open(window: CommentWindow, matter: Matter, broken: bool) -> bool:
    """Whether comments are taken at this moment."""
    in_time = window.opens_at <= clock.now() < window.closes_at
    return in_time and not broken and matter.state == State.IN_REVIEW and window.version.text_hash == matter.adopted_hash


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


def forum(matter: Matter, viewer: Person | None) -> Forum | None:
    """A matter's page on the forum, or None where it was never opened for comment. The newest call is the one shown."""
    windows = windows_of(matter)
    if not windows:
        return None
    window, broken = windows[-1]
    rows = comments(matter, viewer)
    current = [row for row in rows if row.window_id == window.id]
    return Forum(
        opens_at=window.opens_at,
        closes_at=window.closes_at,
        is_open=is_open(window, matter, broken),
        was_broken_off=broken,
        days_left=days_left(window.closes_at, clock.now(), ZoneInfo(matter.council.zone)),
        paragraphs=_paragraphs(window.version, current),
        tally=tally(current),
        comments=current,
        earlier=[row for row in rows if row.window_id != window.id],
        waiting=sum(not row.is_answered for row in rows),
    )


def _paragraphs(version: PlanVersion, rows: list[CommentRow]) -> list[ParagraphLine]:
    told: dict[int, int] = {}
    for row in rows:
        if row.paragraph is not None and row.state == CommentState.VISIBLE:
            told[row.paragraph] = told.get(row.paragraph, 0) + 1
    return [ParagraphLine(p.position, p.key, p.text, told.get(p.position, 0)) for p in version.paragraphs]


def tally(rows: list[CommentRow]) -> Tally:
    """The stances of the comments that stand."""
    counts = {stance.value: 0 for stance in Stance}
    standing = [row for row in rows if row.state == CommentState.VISIBLE]
    for row in standing:
        counts[row.stance] += 1
    return Tally(counts, len(rows) - len(standing))


def comments(matter: Matter, viewer: Person | None) -> list[CommentRow]:
    """Every comment on the matter in the order in which they came, as this reader may see them."""
    query = (
        select(Comment, PlanParagraph.position, Person)
        .join(Comment.window)
        .outerjoin(
            PlanParagraph,
            (PlanParagraph.version_id == CommentWindow.version_id) & (PlanParagraph.key == Comment.paragraph_key),
        )
        .outerjoin(Person, Person.id == Comment.author_id)
        .where(Comment.matter_id == matter.id)
        # Not the model's own inner join: it would drop the comments without an author, from paper and erased.
        .options(joinedload(Person._name, innerjoin=False))
        .options(joinedload(Comment.text), joinedload(Comment.masked), joinedload(Comment.reply))
        .order_by(Comment.window_id, Comment.number)
    )
    why = _moderations(matter)
    shows_names = rules.parse(matter.rule_set.data)["public_name"] == "alias"
    return [
        _row(comment, position, author if shows_names else None, viewer, why.get(comment.id, ()))
        for comment, position, author in db.session.execute(query)
    ]


def _moderations(matter: Matter) -> dict[int, tuple[ModerationLine, ...]]:
    query = (
        select(Moderation)
        .join(Comment, Comment.id == Moderation.comment_id)
        .where(Comment.matter_id == matter.id)
        .order_by(Moderation.id)
    )
    lines: dict[int, tuple[ModerationLine, ...]] = {}
    for made in db.session.scalars(query):
        line = ModerationLine(made.kind, rule_words(made.rule), made.reason, made.at)
        lines[made.comment_id] = (*lines.get(made.comment_id, ()), line)
    return lines


def _row(
    comment: Comment, position: int | None, author: Person | None, viewer: Person | None, why: tuple[ModerationLine, ...]
) -> CommentRow:
    return CommentRow(
        id=comment.id,
        label=comment.label,
        window_id=comment.window_id,
        stance=comment.stance,
        stance_words=stance_words(comment.stance),
        paragraph=position,
        paragraph_gone=comment.paragraph_key is not None and position is None,
        author=author_words(comment, author),
        channel=comment.channel,
        paper_no=comment.paper_no,
        at=comment.made_at,
        state=comment.state,
        text=public_text(comment),
        is_erased=comment.text.erased_at is not None,
        is_masked=comment.masked_id is not None,
        is_own=viewer is not None and comment.author_id == viewer.id,
        is_answered=comment.state != CommentState.VISIBLE or comment.reply is not None,
        reply=_reply(comment.reply),
        moderations=why,
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


def _reply(reply: CommentReply | None) -> ReplyLine | None:
    return ReplyLine(disposition_words(reply.disposition), reply.text, reply.answered_at) if reply else None


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
