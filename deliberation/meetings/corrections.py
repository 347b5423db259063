"""Corrections of published minutes: the clerk says what stands there, what is right and why; the chair countersigns.

The frozen document and its hash stay as they are. A correction is an official text like the minutes: it names nobody.
"""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from deliberation.audit.recording import Capacity, recording
from deliberation.councils.authority import authorize
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import Forbidden, Invalid, NotFound, Refused
from deliberation.kernel.words import N_
from deliberation.meetings.minutes import minutes_of, signs_as
from deliberation.meetings.minutes_models import Correction
from deliberation.meetings.models import Meeting
from deliberation.meetings.naming import official
from deliberation.meetings.roster import council_of
from deliberation.meetings.services import matters_of
from deliberation.meetings.states import MeetingState
from deliberation.people.models import Person
from deliberation.people.permissions import Permission

HEAD = "head"
LONGEST = 1000


def places(meeting: Meeting) -> list[str]:
    """The places of the frozen document that a correction can be about."""
    kept = minutes_of(meeting)
    doc: dict[str, Any] = json.loads(kept.document) if kept is not None and kept.document is not None else {}
    found = [HEAD, *(f"item:{one['id']}" for one in doc.get("items", ()))]
    found += [f"part:{one['code']}" for one in doc.get("parts", ())]
    return found + [name for name in ("questions", "arrangements", "objections") if doc.get(name)]


def corrections(meeting: Meeting) -> list[Correction]:
    """Every correction, those that wait or were dropped among them: countersigned ones by number, then the others."""
    query = select(Correction).where(Correction.meeting_id == meeting.id)
    query = query.options(joinedload(Correction.made_by), joinedload(Correction.countersigned_by))
    return sorted(db.session.scalars(query), key=lambda one: (one.number is None, one.number or 0, one.id))


def correct(meeting: Meeting, part: str, *, stood: str, corrected: str, why: str, actor: Person) -> Correction:
    """The clerk writes what is wrong in the published minutes; it stands when the chair has countersigned it."""
    capacity = _signing(meeting, "clerk", actor)
    if part not in places(meeting):
        raise NotFound(N_("There is nothing at this address."))
    for field, text in (("stood", stood), ("corrected", corrected), ("why", why)):
        official(text, field, LONGEST, meeting)
    if stood.strip() == corrected.strip():
        raise Invalid(N_("What is right is the same as what stands there."), field="corrected")
    made = Correction(
        council_id=meeting.council_id, meeting_id=meeting.id, part=part, stood=stood.strip(), corrected=corrected.strip(),
        why=why.strip(), made_by_id=actor.id, made_at=clock.now(),
    )  # fmt: skip
    with recording(capacity, "minutes.correct", meeting, matters=matters_of(meeting)):
        db.session.add(made)
    return made


def _signing(meeting: Meeting, part: str, actor: Person) -> Capacity:
    permission = Permission.MEETING_CHAIR if part == "chair" else Permission.MEETING_RECORD
    capacity = authorize(actor, permission, council_of(meeting))
    if meeting.state != MeetingState.PUBLISHED:
        raise Refused(N_("Only published minutes are corrected; before that the clerk words them anew."), code="not_published")
    if part not in signs_as(meeting, actor):
        raise Forbidden(N_("Minutes are corrected by the clerk and the chair of the meeting."), code="not_signer")
    return capacity


def countersign(correction: Correction, meeting: Meeting, *, actor: Person) -> None:
    """The chair agrees: from now on the correction has a number, and everybody reads it with the minutes."""
    capacity = _signing(meeting, "chair", actor)
    _require_waiting(correction)
    if correction.made_by_id == actor.id:
        raise Forbidden(N_("Two different persons sign a correction."), code="four_eyes")
    last = db.session.scalar(select(func.max(Correction.number)).where(Correction.meeting_id == meeting.id)) or 0
    with recording(capacity, "minutes.countersign", meeting, matters=matters_of(meeting)):
        correction.number, correction.countersigned_by_id, correction.countersigned_at = last + 1, actor.id, clock.now()


def drop(correction: Correction, meeting: Meeting, *, actor: Person) -> None:
    """Either of the two lets go of a correction that was not countersigned."""
    part = "chair" if "chair" in signs_as(meeting, actor) else "clerk"
    capacity = _signing(meeting, part, actor)
    _require_waiting(correction)
    with recording(capacity, "minutes.drop_correction", meeting, matters=matters_of(meeting)):
        correction.dropped_at = clock.now()


def _require_waiting(correction: Correction) -> None:
    if not correction.waits:
        raise Refused(N_("This correction was countersigned or dropped already."), code="done_already")
