"""Public review: calls for comment, commenting, withdrawing, erasing, revising the text. The desk's verbs: ``answers``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from deliberation.agenda import texts
from deliberation.agenda.models import Matter, PlanVersion
from deliberation.agenda.services import add_version, keyed, require_state
from deliberation.agenda.states import State
from deliberation.audit.recording import Capacity, recording
from deliberation.audit.services import erase as erase_record
from deliberation.audit.services import personal
from deliberation.councils import rules
from deliberation.councils.authority import authorize, why_not
from deliberation.councils.services import holidays
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import Forbidden, Invalid, Refused
from deliberation.kernel.words import N_
from deliberation.people.models import Person
from deliberation.people.permissions import Permission
from deliberation.review.answers import correct_reply, hide, mask, reply
from deliberation.review.checks import LONGEST_COMMENT, OWN_REQUEST, check_text, council_of, require_unsettled, settled_rules
from deliberation.review.models import Comment, CommentWindow, ParagraphCause
from deliberation.review.queries import caused_pairs, is_open, unanswered, windows_of
from deliberation.review.revision import is_caused
from deliberation.review.stances import CommentState, Stance
from deliberation.review.windows import closing, closing_words

__all__ = [
    "author_capacity", "comment", "comment_with", "correct_reply", "cut_loose", "erase", "hide", "is_author_or_desk", "leading",
    "mask", "may_skip_window", "needs_window", "open_window", "reply", "require_open", "require_reviewed", "revise",
    "settled_rules", "transcribe", "withdraw",
]  # fmt: skip

leading: list[Callable[[Comment, str], None]] = []
"""What cuts, in the same entry, whatever else leads from a comment to its author; the basis is told along."""


def open_window(matter: Matter, *, actor: Person | None) -> CommentWindow:
    """Open the adopted text for comment, for as long as the matter's own rule set says.

    Raises `Refused` where the text is not adopted, or has had its call for comment.
    """
    desk = why_not(actor, Permission.COMMENT_ANSWER, matter.council) is None
    capacity = authorize(actor, Permission.COMMENT_ANSWER if desk else Permission.MATTER_TO_FORUM, matter.council)
    require_unsettled(matter)
    version = matter.current_version
    if version is None or matter.adopted_hash != version.text_hash:
        raise Refused(N_("The council has not adopted this text yet: it needs a vote first."), code="missing_adoption")
    if _window_for(matter, version) is not None:
        raise Refused(N_("This text has been opened for comment already."), code="done_already")
    opens_at, zone = clock.now(), ZoneInfo(matter.council.zone)
    window = CommentWindow(
        council_id=matter.council_id,
        matter=matter,
        version=version,
        opens_at=opens_at,
        closes_at=closing(opens_at, rules.parse(matter.rule_set.data), zone, holidays()),
    )
    with recording(capacity, "window.open", window):
        db.session.add(window)
    return window


def _window_for(matter: Matter, version: PlanVersion) -> CommentWindow | None:
    """The unbroken call for comment on exactly this text, or None."""
    found = [window for window, broken in windows_of(matter) if not broken and window.version.text_hash == version.text_hash]
    return found[-1] if found else None


def require_open(window: CommentWindow) -> None:
    """Raise `Refused` where the window takes no comment now, naming its end."""
    if clock.now() >= window.closes_at:
        at = closing_words(window.closes_at, ZoneInfo(window.matter.council.zone))
        raise Refused(N_("The time for comments ended at %(at)s."), at=at, code="window_closed")
    require_state(window.matter, State.IN_REVIEW)
    broken = {one.id: broken for one, broken in windows_of(window.matter)}[window.id]
    if not is_open(window, window.matter, broken):
        raise Refused(N_("This text is no longer the one that is open for comment."), code="window_replaced")


def comment(
    window: CommentWindow, stance: str, text: str, paragraph_key: str | None = None, *, actor: Person | None
) -> Comment:
    """Comment on the whole text, or on one paragraph by its key. Everybody comments as a resident, whatever the office.

    Raises `Refused` (code ``window_closed``) from the closing instant on.
    """
    capacity = authorize(actor, Permission.COMMENT_WRITE, window.matter.council, as_resident=True)
    made = _made(window, stance, paragraph_key, text)
    made.author_id, made.channel = capacity.person_id, "online"
    return _keep(made, text, "comment.make", capacity)


def transcribe(
    window: CommentWindow, stance: str, text: str, paragraph_key: str | None = None, *, paper_no: str, actor: Person
) -> Comment:
    """Enter a comment that came on paper (代录), with the paper's number."""
    capacity = authorize(actor, Permission.COMMENT_TRANSCRIBE, window.matter.council)
    paper_no = paper_no.strip()
    if not paper_no or len(paper_no) > 40:
        raise Invalid(N_("Please enter the number written on the paper, at most 40 characters."), field="paper_no")
    same = select(Comment.id).where(Comment.window_id == window.id, Comment.paper_no == paper_no)
    if db.session.scalar(same):
        raise Refused(N_("The paper with this number has been entered already."), field="paper_no", code="done_already")
    made = _made(window, stance, paragraph_key, text)
    made.channel, made.paper_no, made.transcribed_by_id = "paper", paper_no, actor.id
    return _keep(made, text, "comment.transcribe", capacity)


def _made(window: CommentWindow, stance: str, paragraph_key: str | None, text: str) -> Comment:
    require_open(window)
    if stance not in set(Stance):
        raise Invalid(N_("Please choose what you think of the text."), field="stance")
    if paragraph_key is not None and paragraph_key not in {p.key for p in window.version.paragraphs}:
        raise Invalid(N_("This paragraph is not in the text. Please choose another."), field="paragraph")
    check_text(text, LONGEST_COMMENT)
    last = db.session.scalar(select(func.max(Comment.number)).where(Comment.window_id == window.id)) or 0
    return Comment(
        council_id=window.council_id,
        matter_id=window.matter_id,
        window_id=window.id,
        number=last + 1,
        stance=Stance(stance).value,
        paragraph_key=paragraph_key,
        state=CommentState.VISIBLE.value,
        made_at=clock.now(),
    )


def _keep(made: Comment, text: str, act: str, capacity: Capacity) -> Comment:
    kept = personal(capacity.log_id, "comment.text", text)
    assert kept is not None
    with recording(capacity, act, made):
        made.text = kept
        db.session.add(made)
    return made


def author_capacity(comment: Comment, actor: Person) -> Capacity:
    """The capacity to act for a comment's author: the author's own, or the desk's for a comment on paper.

    Raises `Forbidden` for everybody else.
    """
    council = council_of(comment)
    if comment.channel == "paper":
        return authorize(actor, Permission.COMMENT_TRANSCRIBE, council)
    capacity = authorize(actor, Permission.COMMENT_WRITE, council, as_resident=True)
    if comment.author_id != actor.id:
        raise Forbidden(N_("Only the author can do this."))
    return capacity


def is_author_or_desk(comment: Comment, actor: Person | None) -> bool:
    """Whether `author_capacity` would let this person act."""
    if comment.channel == "paper":
        return why_not(actor, Permission.COMMENT_TRANSCRIBE, council_of(comment)) is None
    return actor is not None and comment.author_id == actor.id


def withdraw(comment: Comment, *, actor: Person) -> None:
    """The author takes the comment back; a line stays in its place. Possible until the resolution is numbered."""
    capacity = author_capacity(comment, actor)
    require_unsettled(comment.window.matter)
    if comment.state != CommentState.VISIBLE:
        raise Refused(N_("This comment no longer stands."), code="done_already")
    with recording(capacity, "comment.withdraw", comment):
        comment.state = CommentState.WITHDRAWN.value


def erase(comment: Comment, *, actor: Person) -> None:
    """Erase a comment's words and cut it loose from its author, at the author's wish, at any time.

    Values and salts go, of the mask too. What stays: number, stance, time and answer, and in the log the author's
    reference as a resident, which other such acts need; nothing in the tables leads from the comment to the person.
    """
    capacity = author_capacity(comment, actor)
    if comment.text.erased_at is not None:
        raise Refused(N_("This comment has been erased already."), code="done_already")
    cut_loose(comment, OWN_REQUEST, capacity)


def cut_loose(comment: Comment, basis: str, capacity: Capacity) -> None:
    """Erase what a comment says, and what leads from it to its author."""
    for record in (comment.text, comment.masked):
        if record is not None and record.erased_at is None:
            erase_record(record, basis=basis, capacity=capacity)
    with recording(capacity, "comment.erase", comment):
        comment.author_id = None
        for cut in leading:
            cut(comment, basis)


def comment_with(record_id: int) -> Comment | None:
    """The comment whose words this personal text is, or what covers them."""
    return db.session.scalar(select(Comment).where((Comment.text_id == record_id) | (Comment.masked_id == record_id)))


def revise(
    matter: Matter, paragraphs: Sequence[str], causes: Mapping[int, Sequence[int]], *, actor: Person
) -> PlanVersion:
    """Rewrite the text after its review. ``causes``: by paragraph number, the ids of the comments that made the change.

    From here on no resolution can be numbered until the council has voted again: hand the matter back (``Act.REOPEN``).
    """
    capacity = authorize(actor, Permission.PLAN_WRITE, matter.council)
    require_unsettled(matter)
    _require_window_over(matter)
    texts.check(paragraphs)
    current = matter.current_version
    if current is not None and current.text_hash == texts.text_hash(paragraphs):
        raise Invalid(N_("Nothing is changed in this text."), field="text")
    _check_causes(matter, len(paragraphs), causes)
    kept = keyed(matter, paragraphs)
    with recording(capacity, "plan.revise", matters=(matter.id,)) as record:
        record.subject = version = add_version(matter, kept, "revised", actor)
        for paragraph in version.paragraphs:
            for comment_id in dict.fromkeys(causes.get(paragraph.position, ())):
                cause = ParagraphCause(paragraph_id=paragraph.id, comment_id=comment_id, council_id=matter.council_id)
                db.session.add(cause)
    return version


def _require_window_over(matter: Matter) -> CommentWindow:
    """The matter's newest call for comment; raises `Refused` where there is none or it still runs."""
    windows = windows_of(matter)
    if not windows:
        raise Refused(N_("Open the adopted text for public comment first."), code="missing_window")
    window, broken = windows[-1]
    if is_open(window, matter, broken):
        at = closing_words(window.closes_at, ZoneInfo(matter.council.zone))
        raise Refused(N_("Residents may comment until %(at)s. Please wait until then."), at=at, code="window_open")
    return window


def _check_causes(matter: Matter, paragraphs: int, causes: Mapping[int, Sequence[int]]) -> None:
    named = {comment_id for ids in causes.values() for comment_id in ids}
    standing = select(Comment.id).where(Comment.matter_id == matter.id, Comment.state == CommentState.VISIBLE)
    if not set(causes) <= set(range(1, paragraphs + 1)) or not named <= set(db.session.scalars(standing)):
        raise Invalid(N_("Name paragraphs of this text and comments on this matter that still stand."), field="causes")


def may_skip_window(matter: Matter) -> bool:
    """Whether a changed text may go to numbering without a new call for comment: the matter's rules allow it, and
    every paragraph that differs from the last text that residents could comment on to the end names its comment."""
    if rules.parse(matter.rule_set.data)["changed_text_needs_window"] != "unless_caused_by_comments":
        return False
    full = [window.version for window, broken in windows_of(matter) if not broken and window.closes_at <= clock.now()]
    if not full or matter.current_version is None:
        return False
    before = [(p.key, p.text) for p in full[-1].paragraphs]
    after = [(p.key, p.text) for p in matter.current_version.paragraphs]
    return is_caused(before, after, caused_pairs(matter, full[-1]))


def needs_window(matter: Matter) -> bool:
    """Whether the adopted text still has to be opened for comment before it can be numbered."""
    version = matter.current_version
    if version is None or version.text_hash != matter.adopted_hash or matter.state != State.IN_REVIEW:
        return False
    return _window_for(matter, version) is None and not may_skip_window(matter)


def require_reviewed(matter: Matter, version: PlanVersion) -> None:
    """Raise `Refused` unless residents could comment on this text to the end (or need not again) and all are answered."""
    window = _window_for(matter, version)
    if window is None:
        if not may_skip_window(matter):
            raise Refused(N_("Open the adopted text for public comment first."), code="missing_window")
    elif clock.now() < window.closes_at:
        at = closing_words(window.closes_at, ZoneInfo(matter.council.zone))
        raise Refused(N_("Residents may comment until %(at)s. Please wait until then."), at=at, code="window_open")
    if waiting := unanswered(matter):
        labels = ", ".join(one.label for one in waiting)
        raise Refused(N_("These comments have no answer yet: %(labels)s."), labels=labels, code="unanswered_comments")
