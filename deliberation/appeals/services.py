"""The verbs of one-stop intake: file, take, reply, refuse with a reason, try to reach somebody, merge, rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from deliberation.agenda.models import Matter
from deliberation.agenda.services import require_state
from deliberation.agenda.states import Act, Body
from deliberation.agenda.states import State as MatterState
from deliberation.appeals import queries, writing
from deliberation.appeals.models import Appeal, AppealRating, AppealReply, ContactAttempt
from deliberation.appeals.states import OPEN, Attempt, Channel, Grade, Kind, Means, State
from deliberation.audit.recording import Capacity, hold, recording
from deliberation.audit.services import personal
from deliberation.councils.authority import authorize
from deliberation.councils.models import Council
from deliberation.extensions import db
from deliberation.implementation.kinds import Kind as TaskKind
from deliberation.implementation.models import Task
from deliberation.kernel import clock
from deliberation.kernel.errors import Forbidden, Invalid, Refused
from deliberation.kernel.words import N_, Words
from deliberation.people.models import Person
from deliberation.people.permissions import Office, Permission

LONGEST_EXTENSION = timedelta(days=366)
ATTEMPTS_BEFORE_NOTICE = 2


@dataclass(frozen=True)
class Filed:
    """A new appeal and its receipt code, which nobody can read again afterwards."""

    appeal: Appeal
    code: str


def file(
    council: Council,
    *,
    channel: str,
    text: str,
    name: str | None = None,
    contact: str | None = None,
    paper_no: str | None = None,
    received_at: datetime | None = None,
    actor: Person,
) -> Filed:
    """Take in an appeal and start both clocks on the day on which it was received (by default now).

    A resident files ``online``; the desk takes down the other channels for somebody (代录), and its receipt over the
    counter is the first response. Raises `Invalid` for an unknown channel, or a time in the future or over 30 days ago.
    """
    is_online = channel == Channel.ONLINE
    capacity = authorize(actor, Permission.APPEAL_FILE if is_online else Permission.APPEAL_TAKE, council, as_resident=is_online)
    if channel not in set(Channel):
        raise Invalid(N_("Please choose how the appeal came in."), field="channel")
    received = writing.checked_time(received_at, is_online)
    appeal, code = writing.new_appeal(council, received)
    appeal.channel = channel
    appeal.is_transcribed = not is_online
    appeal.appellant_id = actor.id if is_online else None
    appeal.paper_no = paper_no or None
    appeal.text = writing.words(capacity, "appeal.text", text, "text")
    appeal.appellant_name = personal(capacity.log_id, "appeal.name", name)
    appeal.contact = personal(capacity.log_id, "appeal.contact", contact)
    with recording(capacity, "appeal.file", appeal):
        db.session.add(appeal)
        if not is_online:
            writing.receipt(appeal, capacity, Body.STATION)
    return Filed(appeal, code)


def take(appeal: Appeal, *, holder: str = Body.STATION.value, actor: Person) -> AppealReply:
    """Give the receipt that names who holds the appeal: the first response. The taker leads until the end (首接负责)."""
    capacity = authorize(actor, Permission.APPEAL_TAKE, appeal.council)
    require_open(appeal)
    if appeal.state != State.RECEIVED:
        raise Refused(N_("The receipt was given already."), code="done_already")
    if holder not in set(Body) - {Body.ELSEWHERE, Body.NOBODY}:
        raise Invalid(N_("Please say who holds the appeal."), field="holder")
    with recording(capacity, "appeal.take", appeal):
        return writing.receipt(appeal, capacity, Body(holder))


def interim(appeal: Appeal, text: str, *, reason: str, extends_to: date, actor: Person) -> AppealReply:
    """Tell the appellant how it stands, and move the final clock: once, in time, to a later day, with a public reason.

    Raises `Refused` for a second extension or one after the last day, `Invalid` for a day that is not later.
    """
    capacity = authorize(actor, Permission.APPEAL_HANDLE, appeal.council)
    require_open(appeal)
    if appeal.extended_at is not None:
        raise Refused(N_("The clock was moved once already. What is owed now is the final reply."), code="extended_already")
    if clock.today(appeal.council.zone) > appeal.reply_due_on:
        raise Refused(N_("The last day has passed: it can no longer be moved. Please give the final reply."), code="too_late")
    if extends_to <= appeal.reply_due_on:
        raise Invalid(N_("The new day must come after the present one."), field="extends_to")
    if extends_to > appeal.reply_due_on + LONGEST_EXTENSION:
        raise Invalid(N_("The new day is more than a year after the present one."), field="extends_to")
    words, why = writing.words(capacity, "appeal.reply", text, "text"), writing.public_reason(reason)
    with recording(capacity, "appeal.interim", appeal):
        appeal.reply_due_on = extends_to
        appeal.extended_at = clock.now()
        return writing.reply(appeal, capacity, Kind.INTERIM, words, reason=why, extends_to=extends_to)


def answer(appeal: Appeal, text: str, *, means: str = Means.DIRECT.value, actor: Person) -> AppealReply:
    """The final reply. By ``posted_notice`` only after two recorded attempts to reach the appellant (`Refused`)."""
    capacity = _may_close(appeal, means, actor)
    words = writing.words(capacity, "appeal.reply", text, "text")
    with recording(capacity, "appeal.answer", appeal):
        reply = writing.reply(appeal, capacity, Kind.FINAL, words, means=means)
        writing.close(appeal, State.ANSWERED)
    return reply


def decline(appeal: Appeal, text: str, *, reason: str, means: str = Means.DIRECT.value, actor: Person) -> AppealReply:
    """Do not take the appeal up: a reply to its author, and a public reason."""
    capacity = _may_close(appeal, means, actor)
    words, why = writing.words(capacity, "appeal.reply", text, "text"), writing.public_reason(reason)
    with recording(capacity, "appeal.decline", appeal):
        reply = writing.reply(appeal, capacity, Kind.DECLINE, words, means=means, reason=why)
        writing.close(appeal, State.DECLINED)
    return reply


def refer(appeal: Appeal, text: str, *, to: str, reason: str, means: str = Means.DIRECT.value, actor: Person) -> AppealReply:
    """Refer the appeal to those who have the power: where to and why is public, the reply goes to its author."""
    capacity = _may_close(appeal, means, actor)
    if not to or len(to) > 80:
        raise Invalid(N_("Please say where the appeal goes."), field="to")
    words, why = writing.words(capacity, "appeal.reply", text, "text"), writing.public_reason(reason)
    with recording(capacity, "appeal.refer", appeal):
        reply = writing.reply(appeal, capacity, Kind.REFER, words, means=means, reason=why, referred_to=to)
        appeal.holder = Body.ELSEWHERE.value
        writing.close(appeal, State.REFERRED)
    return reply


def _may_close(appeal: Appeal, means: str, actor: Person) -> Capacity:
    capacity = authorize(actor, Permission.APPEAL_HANDLE, appeal.council)
    require_open(appeal)
    if means not in set(Means):
        raise Invalid(N_("Please say how the reply reaches the appellant."), field="means")
    tried = len(appeal.attempts)
    if means == Means.POSTED_NOTICE and tried < ATTEMPTS_BEFORE_NOTICE:
        message = N_("A notice replaces the reply only after %(n)s attempts to reach the appellant; recorded so far: %(tried)s.")
        raise Refused(message, n=ATTEMPTS_BEFORE_NOTICE, tried=tried, field="means", code="missing_attempts")
    return capacity


def note_attempt(appeal: Appeal, *, means: str, note: str | None = None, actor: Person) -> ContactAttempt:
    """Record that the appellant could not be reached; the note is for the desk alone."""
    capacity = authorize(actor, Permission.APPEAL_HANDLE, appeal.council)
    require_open(appeal)
    if means not in set(Attempt):
        raise Invalid(N_("Please say how you tried."), field="means")
    attempt = ContactAttempt(
        council_id=appeal.council_id,
        means=means,
        note=writing.words(capacity, "appeal.attempt", note, "note") if note else None,
        by_id=actor.id,
        at=clock.now(),
    )
    with recording(capacity, "appeal.attempt", appeal):
        appeal.attempts.append(attempt)
    return attempt


def merge(appeals: Sequence[Appeal], matter: Matter, *, actor: Person) -> None:
    """Bring appeals together in one matter of step 1 or 2. Each keeps its clocks and is still owed its own reply."""
    capacity = authorize(actor, Permission.MATTER_OPEN, matter.council)
    require_state(matter, MatterState.COLLECTING, MatterState.DRAFTING)
    if not appeals:
        raise Invalid(N_("Please tick at least one appeal."), field="appeals")
    for appeal in appeals:
        if appeal.council_id != matter.council_id:
            raise ValueError("an appeal of another council")
        require_open(appeal)
        if appeal.matter_id is not None:
            raise Refused(N_("Appeal %(no)s belongs to a matter already."), no=appeal.no, field="appeals", code="merged_already")
    with recording(capacity, "appeal.merge", matter):
        for appeal in appeals:
            appeal.matter = matter


def rate(appeal: Appeal, grade: str, *, channel: str = "online", actor: Person | None, by_code: bool = False) -> AppealRating:
    """Say once how satisfied the appellant is with the final reply.

    ``online`` by the appellant's account, or by whoever proved the receipt code at the edge (``by_code``); ``paper``
    by the desk. Raises `Refused` before the final reply and for a second time.
    """
    capacity = _rater(appeal, channel, actor, by_code)
    if appeal.state in OPEN:
        raise Refused(N_("There is no final reply to rate yet."), code="missing_reply")
    if appeal.rating is not None:
        raise Refused(N_("This reply was rated already. Thank you."), code="done_already")
    if grade not in set(Grade) or (grade == Grade.INVALID and channel != "paper"):
        raise Invalid(N_("Please choose one of the grades."), field="grade")
    rating = AppealRating(council_id=appeal.council_id, grade=grade, channel=channel, at=clock.now())
    with recording(capacity, "appeal.rate", appeal):
        appeal.rating = rating
    return rating


def _rater(appeal: Appeal, channel: str, actor: Person | None, by_code: bool) -> Capacity:
    council = appeal.council
    if channel == "paper":
        return authorize(actor, Permission.SATISFACTION_RECORD, council)
    if channel != "online":
        raise Invalid(N_("Please choose one of the grades."), field="grade")
    if actor is not None and actor.id == appeal.appellant_id:
        return authorize(actor, Permission.APPEAL_FILE, council, as_resident=True)
    if not by_code:
        raise Forbidden(N_("Only the author of the appeal rates the reply. Please open it with number and code."))
    hold(db.session(), council.log_id)
    return Capacity(None, Office.RESIDENT.value, council.log_id, council.id)


def require_open(appeal: Appeal) -> None:
    """Raise `Refused` for an appeal that has its final reply."""
    if appeal.state not in OPEN:
        raise Refused(N_("This appeal has its final reply already."), code="done_already")


def everybody_answered(matter: Matter, act: Act) -> Words | None:
    """The step rule: a matter closes only when every appeal behind it has its own final reply."""
    return _still_owed(matter.id) if act is Act.CLOSE else None


def answers_are_given(task: Task) -> Words | None:
    """The task rule: answering the appellants is done when the last of them has the final reply."""
    return _still_owed(task.matter_id) if task.kind == TaskKind.ANSWER_APPELLANTS else None


def _still_owed(matter_id: int) -> Words | None:
    owed = queries.owed(matter_id)
    if not owed:
        return None
    return Words(N_("Appeals of this matter that still wait for their final reply: %(n)s. Answer them first."), n=owed)
