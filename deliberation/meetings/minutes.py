"""Minutes: the clerk words the summaries, who was there may object, chair and clerk sign one frozen text, it is published."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from deliberation.audit.canonical import canonical
from deliberation.audit.models import PersonalRecord
from deliberation.audit.recording import recording
from deliberation.audit.services import personal
from deliberation.councils.authority import authorize, offices
from deliberation.councils.services import holidays
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.calendar import closing_instant, last_day_of_period
from deliberation.kernel.errors import Forbidden, Invalid, NotFound, Refused
from deliberation.kernel.words import N_
from deliberation.meetings.composing import compose, latest, objections
from deliberation.meetings.minutes_models import Minutes, MinutesEdit, Objection
from deliberation.meetings.models import Meeting, Speech
from deliberation.meetings.naming import require_no_names
from deliberation.meetings.procedure import reason_given
from deliberation.meetings.roster import council_of, roster, rules_of
from deliberation.meetings.services import matters_of
from deliberation.meetings.states import MEETING, MeetingAct, MeetingState, Presence
from deliberation.people.models import Person
from deliberation.people.permissions import Office, Permission

GUESTS, ARRANGEMENTS = FREE = ("guests", "arrangements")
"""The parts that no record can give: who sat in, and who does what until when."""
LONGEST_PART = 4000
LONGEST_SPEECH = 500


def minutes_of(meeting: Meeting) -> Minutes | None:
    return db.session.get(Minutes, meeting.id)


def speech_of(meeting: Meeting, part: str) -> Speech | None:
    """The speech that a part is; None for the others. Raises `NotFound` for a part that this meeting has not got."""
    name, _, number = part.partition(":")
    if part in FREE or (name == "item" and number in {str(item.id) for item in meeting.items}):
        return None
    if name == "speech" and number.isdecimal() and len(number) < 10:
        found = db.session.get(Speech, int(number))
        if found is not None and found.meeting_id == meeting.id:
            return found
    raise NotFound(N_("There is nothing at this address."))


def wording(meeting: Meeting, part: str) -> tuple[int, str]:
    """(number, text) of a part as it stands; number 0 is what happened by itself: no summary, or what the clerk noted."""
    speech, newest = speech_of(meeting, part), latest(meeting).get(part)
    if newest is not None:
        return newest.number, (newest.words.value if newest.words else newest.text) or ""
    return 0, (speech.text.value or "") if speech else ""


def write(meeting: Meeting, part: str, text: str, *, number: int, actor: Person) -> None:
    """The clerk words a part anew. ``number`` is of the wording that was read: where another one stands by now, nothing is
    overwritten (`Refused`, ``changed_since``)."""
    council = council_of(meeting)
    capacity = authorize(actor, Permission.MEETING_RECORD, council)
    _require_open_minutes(meeting)
    speech = speech_of(meeting, part)
    stands, before = wording(meeting, part)
    if number != stands:
        raise Refused(N_("Somebody else changed this meanwhile. Look at both, and keep what is right."), code="changed_since")
    most = LONGEST_PART if speech is None else LONGEST_SPEECH
    if len(text) > most:
        raise Invalid(N_("This is too long: at most %(most)s characters."), most=most, field="text")
    if text == before:
        return
    edit = MinutesEdit(
        council_id=council.id, meeting_id=meeting.id, part=part, number=stands + 1, by_id=actor.id, at=clock.now()
    )  # fmt: skip
    if speech is None:
        require_no_names(text, field="text", meeting=meeting)
        edit.text = text
    else:
        edit.words = personal(capacity.log_id, "speech.text", text)
        if edit.words is None:
            raise Invalid(N_("Please note what was said, in a sentence or two."), field="text")
    with recording(capacity, "minutes.write", meeting, matters=matters_of(meeting)):
        db.session.add(edit)


def _require_open_minutes(meeting: Meeting) -> None:
    kept = minutes_of(meeting)
    if meeting.state not in (MeetingState.CLOSED, MeetingState.MINUTED):
        raise Refused(N_("The minutes are written after the close, until they are signed."), code="no_minutes")
    if kept is not None and kept.document is not None:
        raise Refused(N_("The minutes are frozen: somebody has signed them."), code="frozen")
    if kept is not None and clock.now() >= kept.objections_until and not any(one.upheld for one in objections(meeting)):
        raise Refused(
            N_("The time to object is over: the minutes change only where an objection was upheld, or a signature taken back."),
            code="objections_over",
        )


def may_write(meeting: Meeting) -> bool:
    """Whether a part may be worded anew now."""
    try:
        _require_open_minutes(meeting)
    except Refused:
        return False
    return True


def history(meeting: Meeting, part: str | None = None) -> list[MinutesEdit]:
    """Every wording of a part, or of all, the oldest first."""
    query = select(MinutesEdit).where(MinutesEdit.meeting_id == meeting.id)
    if part is not None:
        query = query.where(MinutesEdit.part == part)
    whole = (joinedload(MinutesEdit.words), joinedload(MinutesEdit.by))
    return list(db.session.scalars(query.options(*whole).order_by(MinutesEdit.part, MinutesEdit.number)))


def lay_out(meeting: Meeting, *, actor: Person) -> Minutes:
    """Lay the minutes before those who were there: from now on they may object, for as long as the rules say."""
    council = council_of(meeting)
    capacity = authorize(actor, Permission.MEETING_RECORD, council)
    state = MEETING.next(MeetingState(meeting.state), MeetingAct.LAY_OUT)
    kept = Minutes(
        meeting_id=meeting.id, council_id=council.id, laid_out_at=clock.now(), objections_until=_time_to_object(meeting),
        salt=secrets.token_bytes(32),
    )  # fmt: skip
    with recording(capacity, "minutes.lay_out", meeting, matters=matters_of(meeting)):
        meeting.state = state.value
        db.session.add(kept)
    return kept


def _time_to_object(meeting: Meeting) -> datetime:
    """Until when, counted from today."""
    council = council_of(meeting)
    last = last_day_of_period(clock.today(council.zone), days=rules_of(meeting)["objection_days"], holidays=holidays())
    return closing_instant(last, ZoneInfo(council.zone))


def _laid_out(meeting: Meeting) -> Minutes:
    kept = minutes_of(meeting)
    if kept is None or meeting.state != MeetingState.MINUTED:
        raise Refused(N_("The minutes are not laid out now."), code="not_laid_out")
    return kept


def may_object(meeting: Meeting, person: Person) -> bool:
    """Whether this person was there, so that what the minutes say concerns what was seen and heard."""
    return any(
        row.person_id == person.id and row.state in (Presence.ATTENDING, Presence.LEFT) for row in roster(meeting)
    )  # fmt: skip


def object_to(meeting: Meeting, words: str, *, actor: Person) -> Objection:
    """Somebody who was there objects, in time. Raises `Refused` (``too_late``) afterwards."""
    capacity = authorize(actor, Permission.MEETING_READ, council_of(meeting))
    kept = _laid_out(meeting)
    if not may_object(meeting, actor):
        raise Forbidden(N_("Only those who were there object to the minutes."), code="not_there")
    if clock.now() >= kept.objections_until or kept.document is not None:
        raise Refused(N_("The time to object is over."), code="too_late")
    text = personal(capacity.log_id, "minutes.objection", reason_given(words, "text"))
    assert isinstance(text, PersonalRecord)
    made = Objection(council_id=meeting.council_id, meeting_id=meeting.id, by_id=actor.id, text=text, made_at=clock.now())
    with recording(capacity, "minutes.object", meeting):
        db.session.add(made)
    return made


def answer(objection: Objection, meeting: Meeting, words: str, *, upheld: bool, actor: Person) -> None:
    """The clerk answers an objection; where it is upheld, the correction is a new wording like any other."""
    capacity = authorize(actor, Permission.MEETING_RECORD, council_of(meeting))
    _laid_out(meeting)
    if objection.by_id == actor.id:
        raise Forbidden(N_("Nobody answers an objection of one's own."), code="own_objection")
    if objection.answered_at is not None:
        raise Refused(N_("This objection was answered already."), code="done_already")
    given = reason_given(words, "answer")
    require_no_names(given, field="answer", meeting=meeting)
    with recording(capacity, "minutes.answer", meeting):
        objection.answer, objection.upheld = given, upheld
        objection.answered_by_id, objection.answered_at = actor.id, clock.now()


def signs_as(meeting: Meeting, person: Person) -> list[str]:
    """In which capacities this person could sign: the chair and the clerk of this meeting, or, where one of them holds the
    office no more, whoever holds it now. Who left the office neither signs nor takes a signature back."""
    council = council_of(meeting)
    found = []
    for part, holder, office in (("chair", meeting.chair, Office.PRESIDENT), ("clerk", meeting.clerk, Office.CLERK)):
        if office in offices(person, council) and (person.id == holder.id or office not in offices(holder, council)):
            found.append(part)
    return found


def sign(meeting: Meeting, part: str, *, document_hash: str, actor: Person) -> None:
    """Sign as ``chair`` or ``clerk``, two different persons. The first signature freezes the text; ``document_hash`` is of
    the text that was read. With the second the minutes are signed."""
    permission = Permission.MEETING_CHAIR if part == "chair" else Permission.MEETING_RECORD
    capacity = authorize(actor, permission, council_of(meeting))
    kept = _laid_out(meeting)
    if part not in signs_as(meeting, actor):
        raise Forbidden(N_("The minutes are signed by the chair and the clerk of the meeting."), code="not_signer")
    if actor.id in (kept.chair_signer_id, kept.clerk_signer_id):
        raise Forbidden(N_("Two different persons sign the minutes."), code="four_eyes")
    if getattr(kept, f"{part}_signer_id") is not None:
        raise Refused(N_("This signature stands already."), code="done_already")
    _require_settled(meeting, kept)
    text, digest = frozen(meeting, kept)
    if digest != document_hash:
        raise Refused(N_("The minutes were changed after you read them. Read them again."), code="changed_since")
    with recording(capacity, "minutes.sign", meeting, matters=matters_of(meeting)):
        kept.document, kept.document_hash = text, digest
        setattr(kept, f"{part}_signer_id", actor.id)
        setattr(kept, f"{part}_signed_at", clock.now())
        if kept.chair_signer_id is not None and kept.clerk_signer_id is not None:
            meeting.state = MEETING.next(MeetingState.MINUTED, MeetingAct.SIGN).value


def frozen(meeting: Meeting, kept: Minutes | None) -> tuple[str, str]:
    """The canonical text, frozen or as it would be frozen now, and its SHA-256."""
    text = kept.document if kept is not None and kept.document is not None else canonical(compose(meeting)).decode()
    return text, hashlib.sha256(text.encode()).hexdigest()


def _require_settled(meeting: Meeting, kept: Minutes) -> None:
    if clock.now() < kept.objections_until:
        raise Refused(N_("Those who were there may still object: sign after that."), code="too_early")
    if any(one.answered_at is None for one in objections(meeting)):
        raise Refused(N_("An objection awaits its answer."), code="unanswered")


def is_upheld_in_vain(meeting: Meeting) -> bool:
    """Whether an objection was upheld and nothing was worded anew since it was made."""
    upheld = [one.made_at for one in objections(meeting) if one.upheld]
    return bool(upheld) and not any(edit.at >= max(upheld) for edit in history(meeting))


def take_back(meeting: Meeting, *, actor: Person) -> None:
    """One of the two does not sign what the other signed: the text is open again, those who were there may
    object for as long as before, and both sign anew."""
    capacity = authorize(actor, Permission.MEETING_READ, council_of(meeting))
    kept = _laid_out(meeting)
    if not signs_as(meeting, actor):
        raise Forbidden(N_("The minutes are signed by the chair and the clerk of the meeting."), code="not_signer")
    if kept.document is None:
        raise Refused(N_("Nobody has signed yet."), code="not_signed")
    until = _time_to_object(meeting)
    with recording(capacity, "minutes.take_back", meeting, matters=matters_of(meeting)):
        kept.objections_until = until
        kept.document = kept.document_hash = None
        kept.chair_signer_id = kept.chair_signed_at = kept.clerk_signer_id = kept.clerk_signed_at = None


def publish(meeting: Meeting, *, actor: Person) -> None:
    """Publish the signed minutes: from now on everybody reads them, with offices and seats instead of names."""
    capacity = authorize(actor, Permission.MEETING_CALL, council_of(meeting))
    state = MEETING.next(MeetingState(meeting.state), MeetingAct.PUBLISH)
    kept = minutes_of(meeting)
    assert kept is not None
    with recording(capacity, "minutes.publish", meeting, matters=matters_of(meeting)):
        meeting.state = state.value
        kept.published_at = clock.now()
