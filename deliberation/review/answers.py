"""The desk's verbs on comments: answering, correcting an answer, covering a place, hiding."""

from __future__ import annotations

from deliberation.audit.recording import recording
from deliberation.audit.services import erase as erase_record
from deliberation.audit.services import personal
from deliberation.councils.authority import authorize
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import Invalid, Refused
from deliberation.kernel.words import N_
from deliberation.people.models import Person
from deliberation.people.permissions import Permission
from deliberation.review.checks import LONGEST_COMMENT, REPLACED, check_text, council_of, require_unsettled
from deliberation.review.models import Comment, CommentReply, Moderation
from deliberation.review.moderation import HIDDEN, MASKED, RULES
from deliberation.review.stances import CommentState, Disposition

LONGEST_REASON = 500


def reply(comment: Comment, disposition: str, text: str, *, actor: Person) -> CommentReply:
    """Answer a comment and say what became of it, once. A hidden comment has its answer in the reason for hiding."""
    capacity = authorize(actor, Permission.COMMENT_ANSWER, council_of(comment))
    require_unsettled(comment.window.matter)
    _require_visible(comment)
    if comment.reply is not None:
        raise Refused(N_("This comment has been answered. You can correct the answer."), code="done_already")
    _check_answer(disposition, text)
    made = CommentReply(
        council_id=comment.council_id,
        disposition=disposition,
        text=text,
        answered_by_id=actor.id,
        answered_at=clock.now(),
    )
    with recording(capacity, "comment.reply", comment):
        made.comment = comment
        db.session.add(made)
    return made


def correct_reply(comment: Comment, disposition: str, text: str, *, actor: Person) -> CommentReply:
    """Correct an answer; possible until the resolution is numbered. The log keeps that and when it was corrected."""
    capacity = authorize(actor, Permission.COMMENT_ANSWER, council_of(comment))
    require_unsettled(comment.window.matter)
    answer = comment.reply
    if answer is None:
        raise Refused(N_("This comment has no answer yet."), code="missing_reply")
    _check_answer(disposition, text)
    with recording(capacity, "comment.correct_reply", comment):
        answer.disposition = disposition
        answer.text = text
        answer.answered_by_id = actor.id
        answer.answered_at = clock.now()
    return answer


def _check_answer(disposition: str, text: str) -> None:
    if disposition not in set(Disposition):
        raise Invalid(N_("Please say what became of the comment."), field="disposition")
    check_text(text, LONGEST_COMMENT)


def mask(comment: Comment, masked_text: str, rule: str, reason: str, *, actor: Person) -> None:
    """Show the public ``masked_text`` in place of what was written, under a published rule; the original stays sealed.

    Possible at any time. A second mask replaces the first, which is erased.
    """
    capacity = authorize(actor, Permission.COMMENT_MODERATE, council_of(comment))
    _require_visible(comment)
    if comment.text.erased_at is not None:
        raise Refused(N_("This comment has been erased already."), code="done_already")
    if comment.text.restricted_at is not None:
        raise Refused(N_("These words are stored and not shown at the moment."), code="restricted")
    _check_moderation(MASKED, rule, reason)
    check_text(masked_text, LONGEST_COMMENT)
    if masked_text in (comment.text.value, comment.masked.value if comment.masked else None):
        raise Invalid(N_("Nothing is covered in this text."), field="text")
    if comment.masked is not None and comment.masked.erased_at is None:
        erase_record(comment.masked, basis=REPLACED, capacity=capacity)
    with recording(capacity, "comment.mask", comment):
        comment.masked = personal(capacity.log_id, "comment.masked", masked_text)
        db.session.add(_moderation(comment, MASKED, rule, reason, actor))


def hide(comment: Comment, rule: str, reason: str, *, actor: Person) -> None:
    """Hide a comment under a published rule; a line with the reason stays and counts as its answer. At any time."""
    capacity = authorize(actor, Permission.COMMENT_MODERATE, council_of(comment))
    _require_visible(comment)
    _check_moderation(HIDDEN, rule, reason)
    with recording(capacity, "comment.hide", comment):
        comment.state = CommentState.HIDDEN.value
        db.session.add(_moderation(comment, HIDDEN, rule, reason, actor))


def _require_visible(comment: Comment) -> None:
    if comment.state != CommentState.VISIBLE:
        raise Refused(N_("This comment no longer stands."), code="not_standing")


def _check_moderation(kind: str, rule: str, reason: str) -> None:
    if rule not in RULES or kind not in RULES[rule].kinds:
        raise Invalid(N_("Please choose the rule that applies."), field="rule")
    if not reason.strip() or len(reason) > LONGEST_REASON:
        message = N_("Please give the reason in at most %(n)s characters; it will be public.")
        raise Invalid(message, n=LONGEST_REASON, field="reason")


def _moderation(comment: Comment, kind: str, rule: str, reason: str, actor: Person) -> Moderation:
    return Moderation(
        council_id=comment.council_id,
        comment_id=comment.id,
        kind=kind,
        rule=rule,
        reason=reason,
        by_id=actor.id,
        at=clock.now(),
    )
