"""Asking about what is kept, answering, restricting and lifting, correcting, cutting the tie to a log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import current_app
from sqlalchemy import delete, select

from deliberation.audit import ledger
from deliberation.audit import services as audit
from deliberation.audit.models import ActorRef, PersonalRecord
from deliberation.audit.recording import Capacity, hold, recording
from deliberation.audit.services import Restriction, personal
from deliberation.councils.authority import authorize, offices
from deliberation.councils.founding import require_founder
from deliberation.councils.models import Council
from deliberation.councils.queries import offices_of
from deliberation.councils.services import holidays
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.calendar import last_day_of_period
from deliberation.kernel.errors import Forbidden, Invalid, Refused
from deliberation.kernel.transactions import connection_of
from deliberation.kernel.words import N_
from deliberation.people import services as people
from deliberation.people.models import Person
from deliberation.people.permissions import Office, Permission
from deliberation.privacy.models import DataRequest
from deliberation.privacy.queries import concerned, person_of
from deliberation.privacy.states import KIN, Relation, State, Wish
from deliberation.privacy.texts import CORRECTED, correct, erase, hand_on, together

ZONE = "Asia/Shanghai"  # for the names of persons, which belong to no council
LONGEST = 2000
IN_NO_USE = N_("This text is not used at the moment. Ask for its deletion, or that it is used again.")
NOT_THEMSELVES = N_("Somebody else must do this: not the person concerned.")
OWN, KIN_ASKED = "author_request", "kin_request"


def council_of(record: PersonalRecord) -> Council | None:
    """The council in whose log the text stands; None for the installation's."""
    return db.session.scalar(select(Council).where(Council.log_id == record.log_id))


def _as_concerned(actor: Person, council: Council | None, as_resident: bool) -> Capacity:
    """The capacity of whom a text is about: the one under which the log knows the text already."""
    if council is None:
        capacity = people.installation(actor, Office.RESIDENT)
        hold(db.session(), capacity.log_id)
        return capacity
    return authorize(actor, Permission.PERSONAL_DATA_ASK, council, as_resident=as_resident)


def _as_answerer(actor: Person, council: Council | None) -> Capacity:
    """The capacity to answer: in a council by office, for names by those who look after the installation."""
    if council is not None:
        return authorize(actor, Permission.PERSONAL_DATA_ANSWER, council)
    require_founder(actor)
    capacity = people.installation(actor, Office.ADMINISTRATOR)
    hold(db.session(), capacity.log_id)
    return capacity


def require_own(record: PersonalRecord, actor: Person) -> None:
    """Raise `Forbidden` where the text is not about this person."""
    if person_of(record) != actor.id:
        raise Forbidden(N_("Only the person concerned can ask for this."))


# Asking


def ask_about(record: PersonalRecord, wish: Wish, text: str, *, actor: Person) -> DataRequest:
    """A wish about a text that is kept about oneself. It waits for an answer until ``due_on``.

    Raises `Refused` for a text that is erased, and where the same waits already.
    """
    as_resident = concerned(record)[1]
    capacity = _as_concerned(actor, council_of(record), as_resident)
    require_own(record, actor)
    return _request(record, wish, text, capacity, actor.id, as_resident, Relation.SELF, None)


def enter_for(record: PersonalRecord, wish: Wish, text: str, relation: Relation, *, actor: Person) -> DataRequest:
    """The desk enters a request that came on paper: of the person concerned, the guardian, or the next of kin of somebody
    who died. Somebody else of the desk answers it. For names it is entered by those who look after the installation.
    Nobody of the desk enters what concerns themselves: they ask, as everybody does."""
    capacity = _as_answerer(actor, council_of(record))
    person_id, as_resident = concerned(record)
    if person_id == actor.id:
        raise Forbidden(NOT_THEMSELVES, code="own_case")
    return _request(record, wish, text, capacity, person_id, as_resident, relation, actor.id)


def _request(
    record: PersonalRecord, wish: Wish, text: str, capacity: Capacity, person_id: int | None, as_resident: bool,
    relation: Relation, by_id: int | None,
) -> DataRequest:  # fmt: skip
    if record.erased_at is not None:
        raise Refused(N_("This text has been erased already."), code="done_already")
    if record.restricted_at is not None and wish in (Wish.RESTRICT, Wish.CORRECT):
        raise Refused(IN_NO_USE, code="restricted")
    if wish is Wish.CORRECT and text.strip() == (record.kept or "").strip():
        raise Invalid(N_("This is what stands there already. Please change what is wrong."), field="text")
    waiting = (DataRequest.record_id == record.id, DataRequest.state == State.WAITING.value, DataRequest.kind == wish.value)
    if db.session.scalar(select(DataRequest.id).where(*waiting)):
        raise Refused(N_("The same was asked already and waits for its answer."), code="done_already")
    made = _made(wish, capacity, person_id, as_resident, relation, by_id)
    made.record_id = record.id
    text = people.tidy_name(text) if wish is Wish.CORRECT and record.kind == "person.name" else text
    made.text = _words(capacity, record.kind if wish is Wish.CORRECT else "data_request.text", text, wish)
    if wish is Wish.CORRECT and text.strip() == record.value:
        raise Invalid(N_("Nothing is changed in this text."), field="text")
    with recording(capacity, "data_request.make", made):
        db.session.add(made)
    return made


def ask(council: Council, text: str, *, actor: Person) -> DataRequest:
    """A question to a council about what is kept and why."""
    capacity = _as_concerned(actor, council, as_resident=True)
    made = _made(Wish.ASK, capacity, actor.id, True, Relation.SELF, None)
    made.text = _words(capacity, "data_request.text", text, Wish.ASK)
    with recording(capacity, "data_request.make", made):
        db.session.add(made)
    return made


def _made(
    wish: Wish, capacity: Capacity, person_id: int | None, as_resident: bool, relation: Relation, by_id: int | None
) -> DataRequest:
    return DataRequest(
        council_id=capacity.council_id, kind=wish.value, person_id=person_id, as_resident=as_resident or None,
        relation=relation.value, entered_by_id=by_id,
        made_at=clock.now(), due_on=due_on(capacity.council_id), state=State.WAITING.value,
    )  # fmt: skip


def due_on(council_id: int | None) -> date:
    """The last day for the answer to what is asked today: so many working days, as the installation is set."""
    council = db.session.get(Council, council_id) if council_id else None
    days = current_app.config["ANSWER_WORKING_DAYS"]
    return last_day_of_period(clock.today(council.zone if council else ZONE), working_days=days, holidays=holidays())


def _words(capacity: Capacity, kind: str, text: str, wish: Wish) -> PersonalRecord | None:
    tidy = text.strip()
    if not tidy and wish in (Wish.CORRECT, Wish.ASK):
        raise Invalid(N_("Please fill this in."), field="text")
    if len(tidy) > LONGEST:
        raise Invalid(N_("This is too long: at most %(most)s characters."), most=LONGEST, field="text")
    return personal(capacity.log_id, kind, tidy)


def withdraw(request: DataRequest, *, actor: Person) -> None:
    """Take one's own request back while it waits."""
    capacity = _as_concerned(actor, request.council, bool(request.as_resident))
    if request.person_id != actor.id:
        raise Forbidden(N_("Only the person concerned can ask for this."))
    _require_waiting(request)
    with recording(capacity, "data_request.withdraw", request):
        request.state = State.WITHDRAWN.value


def _require_waiting(request: DataRequest) -> None:
    if request.state != State.WAITING:
        raise Refused(N_("This request is settled already."), code="done_already")


# Answering


def answer(request: DataRequest, outcome: State, reason: str, restriction: Restriction | None = None, *, actor: Person) -> None:
    """Grant, refuse, or (where deletion was asked for and records must be kept) restrict. A refusal and a restriction need
    a reason, which the person reads; a question is answered in words. Nobody answers an own request or one that the same
    person entered."""
    capacity = _as_answerer(actor, request.council)
    _require_waiting(request)
    if actor.id in (request.person_id, request.entered_by_id):
        message = N_("Somebody else must answer this: not the person concerned, and not whoever entered it.")
        raise Forbidden(message, code="own_case")
    wish = Wish(request.kind)
    if outcome not in (State.GRANTED, State.REFUSED) and not (outcome is State.RESTRICTED and wish is Wish.DELETE):
        raise Invalid(N_("Please choose one of these."), field="outcome")
    if not reason.strip() and (outcome is not State.GRANTED or wish is Wish.ASK):
        raise Invalid(N_("Please give the reason; the person concerned reads it."), field="reason")
    if outcome is State.RESTRICTED and restriction not in (Restriction.ARCHIVE, Restriction.LEGAL_HOLD, Restriction.TECHNICAL):
        raise Invalid(N_("Please choose why it has to be kept."), field="restriction")
    asker = request.person_id
    if outcome is not State.REFUSED and request.record is not None and wish is not Wish.ASK:
        _carry_out(request, request.record, outcome, restriction, capacity)
    # Where a comment was erased the request has lost whoever asked: nobody could read the answer.
    words = None if asker != request.person_id else _words(capacity, "data_request.answer", reason, Wish.RESTRICT)
    with recording(capacity, "data_request.answer", request):
        request.answered_by_id, request.answered_at = capacity.person_id, clock.now()
        request.state, request.answer = outcome.value, words


def _carry_out(
    request: DataRequest, record: PersonalRecord, outcome: State, restriction: Restriction | None, capacity: Capacity
) -> None:
    basis = KIN_ASKED if request.relation in set(KIN) else OWN
    if record.erased_at is not None:
        raise Refused(N_("This text has been erased already."), code="done_already")
    if outcome is State.RESTRICTED or request.kind == Wish.RESTRICT:
        why = (restriction or Restriction.ARCHIVE) if outcome is State.RESTRICTED else Restriction.WISH
        for one in together(record):
            if one.erased_at is None and one.restricted_at is None:
                audit.restrict(one, why, capacity=capacity)
    elif request.kind == Wish.DELETE:
        erase(record, basis, capacity)
    elif request.text is not None:
        correct(record, request.text, capacity)


# At once, without anybody's answer


def rename(person: Person, name: str, *, actor: Person) -> None:
    """Correct one's own name. Who holds an office or a seat is known to others by the name: there it is asked for."""
    capacity = _as_concerned(actor, None, as_resident=False)
    if person.id != actor.id:
        raise Forbidden(N_("Only the person concerned can ask for this."))
    if holds_office(person):
        raise Refused(N_("Whoever holds an office asks for a new name, because others know the old one."), code="holds_office")
    old, tidy = person._name, people.tidy_name(name)
    if old.value == tidy:
        raise Invalid(N_("Nothing is changed in this text."), field="name")
    if old.restricted_at is not None:
        raise Refused(IN_NO_USE, code="restricted")
    new = personal(capacity.log_id, "person.name", tidy)
    assert new is not None
    with recording(capacity, "personal_data.correct", person):
        person._name = new
        db.session.flush()
        hand_on(old, new)
        if old.erased_at is None:
            audit.wipe(old, basis=CORRECTED)


def holds_office(person: Person, council: Council | None = None) -> bool:
    """Whether the person holds an office or seat, today or from some day on: in this council, or in any."""
    here = [one for one in offices_of(person) if council is None or one.slug == council.slug]
    return any(not one.is_over for one in here)


def lift(record: PersonalRecord, *, actor: Person) -> None:
    """Use a restricted text again: the person concerned, where it was their wish; else whoever answers requests, but not
    about an own text."""
    council, why = council_of(record), record.restriction
    if why == Restriction.WISH and person_of(record) == actor.id:
        capacity = _as_concerned(actor, council, concerned(record)[1])
    else:
        capacity = _as_answerer(actor, council)
        if why == Restriction.WISH:
            raise Forbidden(N_("Only the person concerned can ask for this."))
        if person_of(record) == actor.id:
            raise Forbidden(NOT_THEMSELVES, code="own_case")
    for one in together(record):
        if one is record or one.restriction == why:
            audit.lift(one, capacity=capacity)


def cut_tie(council: Council, *, actor: Person) -> None:
    """Delete the tie between oneself and one's references in a council's log: nobody can tell any more whose acts they were.

    Raises `Refused` for whoever holds an office or seat there, and where something is still asked. The entry names nobody.
    """
    authorize(actor, Permission.PERSONAL_DATA_ASK, council)
    if offices(actor, council) != [Office.RESIDENT] or holds_office(actor, council):
        raise Refused(N_("You hold an office or a seat here. This is possible once it has ended."), code="holds_office")
    asked = (DataRequest.person_id == actor.id, DataRequest.council_id == council.id, DataRequest.state == State.WAITING.value)
    if db.session.scalar(select(DataRequest.id).where(*asked).limit(1)):
        raise Refused(N_("You have asked something here that waits for its answer. Withdraw it first, or wait."), code="waiting")
    ties = select(ActorRef.ref).where(ActorRef.log_id == council.log_id, ActorRef.person_id == actor.id).order_by(ActorRef.ref)
    refs = db.session.scalars(ties).all()
    if not refs:
        raise Refused(N_("Nothing in this log leads to you."), code="done_already")
    cut(council.log_id, refs, Capacity(None, Office.RESIDENT.value, council.log_id, council.id))


def cut(log_id: int, refs: Sequence[str], capacity: Capacity) -> None:
    """Delete these references of one person, in one entry that tells of none of them."""
    for ref in refs:
        ledger.note_tie(db.session(), log_id, ref)
    connection = connection_of(db.session())
    connection.execute(delete(ActorRef).where(ActorRef.log_id == log_id, ActorRef.ref.in_(refs)))
    connection.info.pop("ref", None)
    with recording(capacity, "personal_data.cut_tie"):
        pass
