"""A hearing's verbs, in their order: plan and put the question, who takes part, what is said, findings, confirmation."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from deliberation.agenda.models import Matter
from deliberation.audit.recording import recording
from deliberation.audit.services import personal
from deliberation.councils.authority import authorize
from deliberation.extensions import db
from deliberation.hearings.models import Hearing, Participant, Word
from deliberation.hearings.states import PARTY_WORDS, Kind
from deliberation.kernel import clock
from deliberation.kernel.errors import Forbidden, Invalid, NotFound, Refused
from deliberation.kernel.words import N_
from deliberation.meetings import planning
from deliberation.meetings import roster as rosters
from deliberation.meetings import services as meetings
from deliberation.meetings.kinds import hearing_kinds
from deliberation.meetings.models import Meeting
from deliberation.meetings.naming import official, require_text
from deliberation.meetings.states import MeetingState
from deliberation.people.models import Person
from deliberation.people.permissions import Permission

LONGEST_QUESTION = 300
LONGEST_TEXT = 2000
LONGEST_NAME = 40
MOST_PARTICIPANTS = 200


def plan(
    matter: Matter,
    *,
    question: str,
    starts_at: datetime,
    place: str,
    materials: Sequence[str] = (),
    chair: Person,
    clerk: Person,
    actor: Person,
) -> Hearing:
    """Put a hearing on one matter on the calendar, with the question it is about. The notice goes out as for every meeting."""
    meeting = meetings.plan(
        matter.council, starts_at=starts_at, place=place, matters=[matter], materials=materials, chair=chair, clerk=clerk,
        kind=hearing_kinds()[0], actor=actor,
    )  # fmt: skip
    return begin(meeting, matter, question, actor=actor)


def begin(meeting: Meeting, matter: Matter, question: str, *, actor: Person) -> Hearing:
    """Put the question of a meeting that hears people: the matter's next round.

    Raises `Refused` for a meeting of another kind or about another matter, and for a question that was put already.
    """
    council = meetings.council_of(meeting)
    capacity = authorize(actor, Permission.MEETING_CALL, council)
    planning.require_convener(council, meeting.kind, actor)
    if not rosters.kind(meeting).hears or matter.id not in meetings.matters_of(meeting):
        raise Refused(N_("This meeting is no hearing on this matter."), code="no_hearing")
    if meeting.state == MeetingState.CANCELLED:
        raise Refused(N_("This meeting was called off."), code="called_off")
    if db.session.scalar(select(Hearing.id).where(Hearing.meeting_id == meeting.id, Hearing.matter_id == matter.id)):
        raise Refused(N_("The question of this hearing was put already."), code="done_already")
    official(question, "question", LONGEST_QUESTION, meeting)
    last = db.session.scalar(select(func.max(Hearing.round)).where(Hearing.matter_id == matter.id)) or 0
    hearing = Hearing(
        council_id=meeting.council_id, meeting_id=meeting.id, matter_id=matter.id, round=last + 1, question=question
    )
    with recording(capacity, "hearing.begin", hearing):
        db.session.add(hearing)
    return hearing


def join(
    hearing: Hearing, name: str, party: str, *, comes: bool = True, person: Person | None = None, actor: Person
) -> Participant:
    """The clerk enters somebody for one side, in the room or in writing; ``person`` where they have an account.

    Raises `Refused` once the hearing is over, for who is entered already, and for its chair and clerk, who take no side;
    `Forbidden` for oneself.
    """
    capacity = authorize(actor, Permission.MEETING_RECORD, hearing.matter.council)
    _require_not_over(hearing)
    require_text(name, "name", LONGEST_NAME)
    if party not in PARTY_WORDS:
        raise Invalid(N_("Please choose one of the sides."), field="party")
    if person is not None:
        if person.id in (hearing.meeting.chair_id, hearing.meeting.clerk_id):
            raise Refused(N_("The chair and the clerk of a hearing take no side in it."), code="takes_no_side", field="login")
        if person.id == actor.id:
            raise Forbidden(N_("Somebody else must do this: not the person concerned."), code="own_case")
        if _of_hearing(hearing, Participant.person_id == person.id):
            raise Refused(N_("This person is on the list already."), code="done_already", field="login")
    last = db.session.scalar(select(func.max(Participant.number)).where(Participant.hearing_id == hearing.id)) or 0
    if last >= MOST_PARTICIPANTS:
        raise Refused(N_("At most %(n)s people take part in a hearing."), n=MOST_PARTICIPANTS, code="full")
    with recording(capacity, "hearing.join", hearing):
        joined = Participant(
            council_id=hearing.council_id, hearing_id=hearing.id, number=last + 1, party=party, comes=comes,
            name=personal(capacity.log_id, "hearing.name", name), person_id=person.id if person else None,
            entered_at=clock.now(),
        )  # fmt: skip
        db.session.add(joined)
    return joined


def _of_hearing(hearing: Hearing, *which: object) -> int:
    query = select(func.count()).select_from(Participant).where(Participant.hearing_id == hearing.id, *which)  # type: ignore[arg-type]
    return db.session.scalar(query) or 0


def _require_not_over(hearing: Hearing) -> None:
    if hearing.meeting.is_over:
        raise Refused(N_("The hearing is over: its record stands."), code="over")


def say(
    hearing: Hearing,
    by: Participant,
    kind: str,
    gist: str,
    *,
    minutes: int | None = None,
    to: Word | None = None,
    actor: Person,
) -> Word:
    """The clerk takes down what somebody said, or sent who could not come. Rules set how long and how often a statement is.

    Raises `Refused` outside the hearing and for one statement too many, `Invalid` for one that was too long.
    """
    capacity = authorize(actor, Permission.MEETING_RECORD, hearing.matter.council)
    if by.hearing_id != hearing.id or kind not in set(Kind) or (to is not None and to.hearing_id != hearing.id):
        raise NotFound(N_("There is nothing at this address."))
    if kind == Kind.SUBMISSION:
        _require_not_over(hearing)
        if by.comes:
            raise Refused(N_("Who is in the room speaks there: only those who cannot come send a text."), code="comes")
    else:
        meetings.require_open(hearing.meeting)
        if not by.comes:
            raise Refused(N_("This person takes part in writing."), code="in_writing")
    if kind == Kind.STATEMENT:
        _require_time(hearing, by, minutes)
    if (kind == Kind.ANSWER) != (to is not None and to.kind == Kind.QUESTION):
        raise Invalid(N_("Choose the question that is answered."), field="to")
    require_text(gist, "gist", LONGEST_TEXT)
    word = Word(
        council_id=hearing.council_id, hearing_id=hearing.id, participant_id=by.id, kind=kind,
        minutes=minutes if kind == Kind.STATEMENT else None, to_id=to.id if to else None,
        text=personal(capacity.log_id, "hearing.word", gist), at=clock.now(),
    )  # fmt: skip
    with recording(capacity, "hearing.say", hearing):
        db.session.add(word)
    return word


def word_of(hearing: Hearing, word_id: int) -> Word | None:
    """A word of this hearing by its id."""
    return db.session.scalar(select(Word).where(Word.id == word_id, Word.hearing_id == hearing.id))


def _require_time(hearing: Hearing, by: Participant, minutes: int | None) -> None:
    held = meetings.rules_of(hearing.meeting)
    if minutes is None or not 1 <= minutes <= held["speech_minutes"]:
        raise Invalid(N_("A statement takes from 1 to %(n)s minutes."), n=held["speech_minutes"], field="minutes")
    made = select(func.count()).select_from(Word).where(Word.participant_id == by.id, Word.kind == Kind.STATEMENT.value)
    if (db.session.scalar(made) or 0) >= held["speech_times"]:
        raise Refused(
            N_("This person has made %(n)s statements, as many as the rules allow."), n=held["speech_times"], code="spoken"
        )


def find(hearing: Hearing, findings: str, *, actor: Person) -> None:
    """The clerk writes what the hearing found. Anew only until the first confirmation: nobody confirms a text that changes."""
    capacity = authorize(actor, Permission.MEETING_RECORD, hearing.matter.council)
    if not hearing.meeting.is_held:
        raise Refused(N_("The findings are written when the hearing is closed."), code="not_closed")
    if hearing.answer is not None or _of_hearing(hearing, Participant.confirmed_at.is_not(None)):
        raise Refused(N_("The findings were confirmed or answered: they stand."), code="stands")
    official(findings, "findings", LONGEST_TEXT, hearing.meeting)
    with recording(capacity, "hearing.find", hearing):
        hearing.findings, hearing.found_at, hearing.found_by_id = findings, clock.now(), actor.id


def digest_of(hearing: Hearing) -> str:
    """The SHA-256 of the findings, as it stands in the log."""
    return hashlib.sha256((hearing.findings or "").encode()).hexdigest()


def confirm(participant: Participant, *, seen: str, reservation: str | None = None, actor: Person) -> None:
    """Somebody who was there confirms the record, or notes a reservation: with their own account, or the clerk from paper.

    ``seen`` is the digest of the findings that were read.
    """
    hearing = participant.hearing
    own = actor.id == participant.person_id
    permission = Permission.HEARING_TAKE_PART if own else Permission.MEETING_RECORD
    capacity = authorize(actor, permission, hearing.matter.council, as_resident=own)
    if hearing.findings is None:
        raise Refused(N_("The record is confirmed when its findings are written."), code="no_findings")
    if not participant.comes:
        raise Forbidden(N_("Only those who were there confirm the record."), code="in_writing")
    if participant.confirmed_at is not None:
        raise Refused(N_("This was confirmed already."), code="done_already")
    if seen != digest_of(hearing):
        raise Refused(N_("The findings were changed after this page was read. Read them again."), code="changed_since")
    if reservation is not None:
        require_text(reservation, "reservation", LONGEST_TEXT)
    action = "hearing.confirm" if reservation is None else "hearing.reserve"
    with recording(capacity, action, hearing):
        participant.confirmed_at, participant.on_paper, participant.noted_by_id = clock.now(), not own, actor.id
        participant.reservation = personal(capacity.log_id, "hearing.reservation", reservation)
