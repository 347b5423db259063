"""How a meeting that seeks an agreement ends: every side agrees to one text, or it is said why not and where it goes on."""

from __future__ import annotations

import hashlib

from deliberation.agreements import queries
from deliberation.agreements.models import Settlement, Side
from deliberation.agreements.services import require_agreeing, require_nobody_agreed
from deliberation.agreements.states import Ending, channels
from deliberation.audit.canonical import canonical
from deliberation.audit.recording import recording
from deliberation.councils.authority import authorize
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import Invalid, NotFound, Refused
from deliberation.kernel.words import N_, Words
from deliberation.meetings.kinds import kind_of
from deliberation.meetings.models import Meeting
from deliberation.meetings.naming import official
from deliberation.meetings.roster import council_of
from deliberation.meetings.services import closable
from deliberation.meetings.states import MeetingState
from deliberation.people.models import Person
from deliberation.people.permissions import Permission

LONGEST_REASON, LONGEST_CHANNEL = 500, 120
FEWEST_SIDES = 2


def text_of(meeting: Meeting) -> tuple[str, str]:
    """The agreement as it stands or would stand now, canonical, and its SHA-256."""
    ending = queries.settlement(meeting)
    if ending is not None and ending.document is not None:
        text = ending.document
    else:
        said = queries.points(meeting, clock.today(council_of(meeting).zone))
        text = canonical(queries.document(meeting, queries.sides(meeting), said)).decode()
    return text, hashlib.sha256(text.encode()).hexdigest()


def agree(side: Side, meeting: Meeting, *, seen: str, actor: Person) -> Settlement | None:
    """The clerk notes that a side agreed to the text whose hash is ``seen``. With the last one the agreement is concluded."""
    capacity = authorize(actor, Permission.MEETING_RECORD, council_of(meeting))
    _require_seeking(meeting)
    found = queries.sides(meeting)
    if side not in found:
        raise NotFound(N_("There is nothing at this address."))
    if len(found) < FEWEST_SIDES:
        raise Refused(N_("An agreement has two sides at least: put them down first."), code="too_few_sides")
    if not queries.points(meeting, clock.today(council_of(meeting).zone)):
        raise Refused(N_("There is no point yet to agree to."), code="no_points")
    if side.agreed_at is not None:
        raise Refused(N_("This side has agreed already."), code="done_already")
    text, digest = text_of(meeting)
    if digest != seen:
        raise Refused(N_("The text was changed after it was read. Read it again."), code="changed_since")
    is_last = all(one.agreed_at is not None for one in found if one is not side)
    made = None
    with recording(capacity, "agreement.conclude" if is_last else "agreement.agree", meeting):
        side.agreed_at, side.agreed_hash, side.is_present = clock.now(), digest, True
        if is_last:
            made = _settlement(meeting, actor, Ending.AGREED, document=text, document_hash=digest)
            db.session.add(made)
    return made


def _settlement(meeting: Meeting, actor: Person, ending: Ending, **more: object) -> Settlement:
    return Settlement(
        meeting_id=meeting.id, council_id=meeting.council_id, ending=ending.value, at=clock.now(), by_id=actor.id, **more
    )  # fmt: skip


def _require_seeking(meeting: Meeting) -> None:
    if require_agreeing(meeting).agrees != "agreement":
        raise NotFound(N_("There is nothing at this address."))
    if meeting.state not in (MeetingState.OPEN, MeetingState.ADJOURNED):
        raise Refused(N_("How the meeting ends is written down while it goes on."), code="meeting_not_open")
    if queries.settlement(meeting) is not None:
        raise Refused(N_("How this meeting ended is written down: it stands."), code="stands")


def reopen(meeting: Meeting, *, actor: Person) -> None:
    """The text is changed once more: every side agrees anew."""
    capacity = authorize(actor, Permission.MEETING_RECORD, council_of(meeting))
    _require_seeking(meeting)
    agreed = [one for one in queries.sides(meeting) if one.agreed_at is not None]
    if not agreed:
        raise Refused(N_("No side has agreed yet."), code="nobody_agreed")
    with recording(capacity, "agreement.reopen", meeting):
        for one in agreed:
            one.agreed_at = one.agreed_hash = None


def fail(meeting: Meeting, *, reason: str, channel: str, words: str | None = None, actor: Person) -> Settlement:
    """Write down that there was no agreement, why, and where it goes on."""
    capacity = authorize(actor, Permission.MEETING_RECORD, council_of(meeting))
    _require_seeking(meeting)
    official(reason, "reason", LONGEST_REASON, meeting)
    if channel not in channels():
        raise Invalid(N_("Please choose one of these."), field="channel")
    if words or channels()[channel].get("words"):
        official(words or "", "words", LONGEST_CHANNEL, meeting)
    made = _settlement(meeting, actor, Ending.NOT_REACHED, reason=reason, channel=channel, channel_words=words or None)
    with recording(capacity, "agreement.fail", meeting):
        db.session.add(made)
    return made


def ended_first(meeting: Meeting) -> Words | None:
    """A meeting that seeks an agreement is not closed before it is said how it ended."""
    if kind_of(meeting.kind).agrees == "agreement" and queries.settlement(meeting) is None:
        return Words(N_("Before it is closed, write down the agreement of every side, or that there was none and how it goes on."))
    return None


closable.append(ended_first)
__all__ = ["agree", "ended_first", "fail", "reopen", "require_nobody_agreed", "text_of"]
