"""With a comment that is erased, what was asked about it loses its words and the one who asked."""

from __future__ import annotations

from sqlalchemy import or_, select

from deliberation.audit import services as audit
from deliberation.extensions import db
from deliberation.privacy.models import DataRequest
from deliberation.privacy.states import State, Wish
from deliberation.review.models import Comment


def cut_requests(comment: Comment, basis: str) -> None:
    """Inside the entry that cuts a comment loose: no request leads from it to its author, not over an earlier wording either.

    What waits for an answer is withdrawn: there is nothing left to do.
    """
    for one in _about(comment):
        one.person_id = None
        if one.state == State.WAITING:
            one.state = State.WITHDRAWN.value
        for record in (one.text, one.answer):
            if record is not None and record.erased_at is None:
                audit.wipe(record, basis=basis)


def _about(comment: Comment) -> list[DataRequest]:
    """What was asked about a comment; a correction that was carried out leads on to the wording before it."""
    numbers = {one for one in (comment.text_id, comment.masked_id) if one is not None}
    found: list[DataRequest] = []
    while True:
        which = or_(DataRequest.record_id.in_(numbers), DataRequest.text_id.in_(numbers))
        found = list(db.session.scalars(select(DataRequest).where(which).order_by(DataRequest.id)))
        before = {one.record_id for one in found if one.kind == Wish.CORRECT and one.record_id is not None}
        if before <= numbers:
            return found
        numbers |= before
