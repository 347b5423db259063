"""A matter's page on the forum: the text, what people say of it, and one page of the comments.

Ten thousand comments cost as much as a hundred: the page reads its own rows as tuples, and counts the others in an index.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Boolean, bindparam, func, literal, null, select, true, union_all
from sqlalchemy.orm import aliased

from deliberation.agenda.models import Matter, PlanParagraph
from deliberation.audit.models import PersonalRecord
from deliberation.councils import rules
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.transactions import connection_of
from deliberation.kernel.words import N_, Words
from deliberation.people.models import Person
from deliberation.review.models import Comment, CommentReply, CommentWindow, Moderation
from deliberation.review.moderation import rule_words
from deliberation.review.queries import called, is_open
from deliberation.review.rows import Called, CommentRow, Forum, ModerationLine, ParagraphLine, ReplyLine, Tally
from deliberation.review.stances import CommentState, Stance, disposition_words, stance_words
from deliberation.review.windows import days_left

PAGE = 100
"""Comments on one page, by their numbers: 1 to 100, 101 to 200, …"""
MOST_PAGES = 10_000
RESIDENT = Words(N_("Resident"))
ON_PAPER = Words(N_("Resident, on paper"))

_text, _masked, _name = (aliased(PersonalRecord, name=name) for name in ("text", "masked", "name"))
ROWS = (
    select(
        Comment.id, Comment.window_id, Comment.number, Comment.stance, Comment.paragraph_key, Comment.author_id,
        Comment.masked_id, Comment.channel, Comment.paper_no, Comment.state, Comment.made_at,
        _text.value.label("words"), _text.erased_at, _masked.value.label("masked_words"), _name.value.label("name"),
        CommentReply.disposition, CommentReply.text.label("answer"), CommentReply.answered_at,
    )
    .join(_text, _text.id == Comment.text_id)
    .outerjoin(_masked, _masked.id == Comment.masked_id)
    .outerjoin(CommentReply, CommentReply.comment_id == Comment.id)
    .outerjoin(Person, (Person.id == Comment.author_id) & bindparam("named", type_=Boolean))
    .outerjoin(_name, _name.id == Person.name_id)
)  # fmt: skip
NAMES = ROWS.selected_columns.keys()
# A page has a hundred rows, which are read as they come.
ID, WINDOW, PARAGRAPH, AUTHOR, MASKED, STATE = map(
    NAMES.index, ("id", "window_id", "paragraph_key", "author_id", "masked_id", "state")
)
HIDDEN = CommentState.HIDDEN.value
ONE_PAGE = ROWS.where(
    Comment.window_id == bindparam("window"), Comment.number > bindparam("after"), Comment.number <= bindparam("to")
).order_by(Comment.number)
EARLIER = (
    ROWS.where(Comment.matter_id == bindparam("matter"), Comment.window_id != bindparam("window"))
    .order_by(Comment.window_id, Comment.number)
    .limit(bindparam("most"))
    .offset(bindparam("after"))
)
WAITING = (
    ROWS.where(
        Comment.matter_id == bindparam("matter"), Comment.state == CommentState.VISIBLE, CommentReply.comment_id.is_(None)
    )
    .order_by(Comment.window_id, Comment.number)
    .limit(bindparam("most"))
)
EVERY = ROWS.where(Comment.matter_id == bindparam("matter")).order_by(Comment.window_id, Comment.number)
OWN = (
    ROWS.where(Comment.matter_id == bindparam("matter"), Comment.author_id == bindparam("author"))
    .order_by(Comment.window_id.desc(), Comment.number)
    .limit(PAGE)
)
_stances = union_all(*(select(literal(one.value).label("stance")) for one in Stance)).subquery("stances")
_left_out = union_all(*(select(literal(one.value).label("state")) for one in CommentState if one is not CommentState.VISIBLE))
_other_states = _left_out.subquery("states")


def _counted(*where: Any) -> Any:
    return select(func.count()).select_from(Comment).where(Comment.window_id == CommentWindow.id, *where).scalar_subquery()


# Each number is counted as one stretch of the index: grouping the rows themselves would cost twice as much.
_standing = (Comment.state == CommentState.VISIBLE, Comment.stance == _stances.c.stance)
COUNTS = union_all(
    select(
        CommentWindow.id.label("window_id"), _stances.c.stance, PlanParagraph.key,
        _counted(*_standing, Comment.paragraph_key == PlanParagraph.key).label("n"),
    )
    .join(PlanParagraph, PlanParagraph.version_id == CommentWindow.version_id)
    .join(_stances, true())
    .where(CommentWindow.matter_id == bindparam("matter")),
    select(CommentWindow.id, _stances.c.stance, null(), _counted(*_standing, Comment.paragraph_key.is_(None)))
    .join(_stances, true())
    .where(CommentWindow.matter_id == bindparam("matter")),
    select(CommentWindow.id, null(), null(), _counted(Comment.state == _other_states.c.state))
    .join(_other_states, true())
    .where(CommentWindow.matter_id == bindparam("matter")),
)  # fmt: skip
"""How many comments stand on each paragraph of each text with each stance; without a stance: how many do not stand."""
Counted = tuple[str | None, str | None, int]
"""A line of it: stance, key of the paragraph, how many."""
UNANSWERED = (
    select(func.count())
    .select_from(Comment)
    .outerjoin(CommentReply, CommentReply.comment_id == Comment.id)
    .where(Comment.matter_id == bindparam("matter"), Comment.state == CommentState.VISIBLE, CommentReply.comment_id.is_(None))
)


def page_of(number: int) -> int:
    """The page on which the comment with this number stands."""
    return (number - 1) // PAGE + 1


def forum(matter: Matter, *, page: int = 1, answers: bool = True, only_waiting: bool = False) -> Forum | None:
    """A matter's page on the forum, or None where it was never opened for comment. The newest call is the one shown; it says
    the same to everybody (`own` has what belongs to the reader).

    ``answers``: the reader may answer, so that what waits is counted; ``only_waiting`` lists that alone, what came first first.
    """
    calls = called(matter)
    if not calls:
        return None
    window = calls[-1]
    positions, named = {one.id: one.positions for one in calls}, shows_names(matter)
    counts = _counts(matter)
    at = {"matter": matter.id, "window": window.id, "after": (page - 1) * PAGE, "to": page * PAGE, "most": PAGE}
    current = _rows(WAITING if only_waiting else ONE_PAGE, at, positions, named)
    earlier = _rows(EARLIER, at, positions, named) if len(calls) > 1 and not only_waiting else []
    return Forum(
        opens_at=window.opens_at,
        closes_at=window.closes_at,
        is_open=is_open(window, matter, window.was_broken_off),
        was_broken_off=window.was_broken_off,
        days_left=days_left(window.closes_at, clock.now(), ZoneInfo(matter.council.zone)),
        paragraphs=_paragraphs(window, counts[window.id]),
        tally=tally(counts[window.id]),
        comments=current,
        earlier=earlier,
        waiting=connection_of(db.session()).execute(UNANSWERED, at).scalar_one() if answers else 0,
        page=page,
        pages=_pages(window.id, counts),
        positions=positions,
    )


def _counts(matter: Matter) -> dict[int, list[Counted]]:
    """What is counted of the comments on each text that was called for comment."""
    found: dict[int, list[Counted]] = {}
    for window_id, *counted in connection_of(db.session()).execute(COUNTS, {"matter": matter.id}):
        found.setdefault(window_id, []).append(tuple(counted))
    return found


def _pages(window_id: int, counts: Mapping[int, Iterable[Counted]]) -> int:
    """As many as the longer of the two lists fills: the comments on this text, and those on earlier ones."""
    sums = {one: sum(n for _stance, _key, n in counted) for one, counted in counts.items()}
    return max(page_of(sums.pop(window_id)), page_of(sum(sums.values())), 1)


def _paragraphs(window: Called, counts: Iterable[Counted]) -> list[ParagraphLine]:
    told: dict[str | None, int] = {}
    for stance, key, n in counts:
        if stance is not None:
            told[key] = told.get(key, 0) + n
    return [ParagraphLine(position, key, words, told.get(key, 0)) for key, position, words in window.paragraphs]


def tally(counts: Iterable[Counted]) -> Tally:
    """The stances of the comments that stand."""
    stances, left_out = {stance.value: 0 for stance in Stance}, 0
    for stance, _key, n in counts:
        if stance is not None:
            stances[stance] += n
        else:
            left_out += n
    return Tally(stances, left_out)


def comments(matter: Matter, viewer: Person | None) -> list[CommentRow]:
    """Every comment on the matter in the order in which they came, as this reader may see them."""
    positions = {one.id: one.positions for one in called(matter)}
    return _rows(EVERY, {"matter": matter.id}, positions, shows_names(matter), viewer)


def own(matter_id: int, positions: Mapping[int, Mapping[str, int]], viewer: Person) -> list[CommentRow]:
    """The reader's own comments on the matter, those on the newest text first; at most a hundred."""
    return _rows(OWN, {"matter": matter_id, "author": viewer.id}, positions, False, viewer)


def _rows(
    query: Any, at: Mapping[str, Any], positions: Mapping[int, Mapping[str, int]], named: bool, viewer: Person | None = None
) -> list[CommentRow]:
    found = [tuple(row) for row in connection_of(db.session()).execute(query, {**at, "named": named})]
    why = _moderations([raw[ID] for raw in found if raw[MASKED] is not None or raw[STATE] == HIDDEN])
    reader = viewer.id if viewer is not None else 0
    return [
        _row(raw, positions[raw[WINDOW]].get(raw[PARAGRAPH]), named, raw[AUTHOR] == reader, why.get(raw[ID], ())) for raw in found
    ]


def shows_names(matter: Matter) -> bool:
    """Whether the rules of this matter show the names that authors chose."""
    return _public_name(matter.rule_set.data) == "alias"


@lru_cache(maxsize=256)
def _public_name(data: str) -> str:
    return str(rules.parse(data)["public_name"])


def _moderations(ids: Sequence[int]) -> dict[int, tuple[ModerationLine, ...]]:
    lines: dict[int, tuple[ModerationLine, ...]] = {}
    if ids:
        for made in db.session.scalars(select(Moderation).where(Moderation.comment_id.in_(ids)).order_by(Moderation.id)):
            line = ModerationLine(made.kind, rule_words(made.rule), made.reason, made.at)
            lines[made.comment_id] = (*lines.get(made.comment_id, ()), line)
    return lines


@lru_cache(maxsize=2048)
def _row(raw: tuple[Any, ...], position: int | None, named: bool, is_own: bool, why: tuple[ModerationLine, ...]) -> CommentRow:
    """One row as it stands in the database, for the public: the same row gives the same object, so that what is made of
    it need not be made again."""
    row = SimpleNamespace(**dict(zip(NAMES, raw, strict=True)))
    stands = row.state == CommentState.VISIBLE
    answered = row.disposition is not None
    return CommentRow(
        id=row.id,
        label=f"C-{row.number:02d}",
        window_id=row.window_id,
        stance=row.stance,
        stance_words=stance_words(row.stance),
        paragraph=position,
        paragraph_gone=row.paragraph_key is not None and position is None,
        author=_author(row, named),
        channel=row.channel,
        paper_no=row.paper_no,
        at=row.made_at,
        state=row.state,
        text=(row.masked_words if row.masked_id is not None else row.words) if stands else None,
        is_erased=row.erased_at is not None,
        is_masked=row.masked_id is not None,
        is_own=is_own,
        is_answered=not stands or answered,
        reply=ReplyLine(disposition_words(row.disposition), row.answer, row.answered_at) if answered else None,
        moderations=why,
    )


def _author(row: SimpleNamespace, named: bool) -> Words:
    """The author as the public sees them: “resident”, unless the rules show the chosen name."""
    if row.channel == "paper":
        return ON_PAPER
    return Words("%(name)s", name=row.name) if named and row.name else RESIDENT
