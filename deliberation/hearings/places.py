"""Places in a hearing: call for applications, apply, close, draw the lot, step back; who is on reserve follows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from deliberation.audit.recording import Capacity, recording
from deliberation.audit.services import personal
from deliberation.councils.authority import authorize
from deliberation.extensions import db
from deliberation.hearings import draw as lots
from deliberation.hearings.models import Hearing, Participant, Word
from deliberation.hearings.places_models import Application, Call, Seats
from deliberation.hearings.services import LONGEST_NAME, MOST_PARTICIPANTS
from deliberation.hearings.states import PARTY_WORDS, Party
from deliberation.kernel import clock
from deliberation.kernel.errors import Forbidden, Invalid, Refused
from deliberation.kernel.words import N_
from deliberation.meetings.naming import require_text
from deliberation.people.models import Person
from deliberation.people.permissions import Permission

LONGEST_SOURCE = 200
MOST_APPLICATIONS = 1000


def call_of(hearing: Hearing) -> Call | None:
    return db.session.scalar(select(Call).where(Call.hearing_id == hearing.id).options(selectinload(Call.seats)))


def is_running(call: Call) -> bool:
    """Whether people can apply now."""
    return call.closed_at is None and clock.now() < call.until_at


def applications(hearing: Hearing) -> list[Application]:
    """Every application with its name, in the order of coming."""
    query = select(Application).where(Application.hearing_id == hearing.id).order_by(Application.number)
    return list(db.session.scalars(query.options(joinedload(Application.name))))


def invite(
    hearing: Hearing, seats: Mapping[str, int], *, until: datetime, seed_source: str, seed_at: datetime, actor: Person
) -> Call:
    """The clerk calls for applications. What will draw the lot is said beforehand, and is not known before the list is closed.

    Raises `Invalid` where the days are not in order: now, end of applications, seed, hearing.
    """
    capacity = authorize(actor, Permission.MEETING_RECORD, hearing.matter.council)
    if hearing.meeting.state not in ("planned", "called"):
        raise Refused(N_("People apply before the hearing is opened."), code="too_late")
    if call_of(hearing) is not None:
        raise Refused(N_("People were called to apply already."), code="done_already")
    given = {party: number for party, number in seats.items() if number}
    if not given or not set(given) <= set(PARTY_WORDS) or not all(0 < one <= MOST_PARTICIPANTS for one in given.values()):
        raise Invalid(N_("Give at least one side a number of places."))
    if not clock.now() < until:
        raise Invalid(N_("This is over already."), field="until")
    if not until < seed_at < hearing.meeting.starts_at:
        raise Invalid(N_("The lot is drawn after the end of applications and before the hearing."), field="seed_at")
    require_text(seed_source, "seed_source", LONGEST_SOURCE)
    of = {"council_id": hearing.council_id}
    call = Call(**of, hearing_id=hearing.id, opened_at=clock.now(), until_at=until, seed_source=seed_source, seed_at=seed_at)
    call.seats = [Seats(**of, party=party.value, number=given[party]) for party in Party if party in given]
    with recording(capacity, "hearing.invite", hearing):
        db.session.add(call)
    return call


def apply(hearing: Hearing, party: str, *, name: str = "", actor: Person) -> Application:
    """Somebody applies for a place: with their own account, under the name they are known by, or on paper through the clerk,
    who gives the ``name``.

    Raises `Refused` after the end of applications, for whoever applied or is on the list already, and for the chair and
    the clerk of the hearing.
    """
    permission = Permission.MEETING_RECORD if name else Permission.HEARING_TAKE_PART
    capacity = authorize(actor, permission, hearing.matter.council, as_resident=not name)
    call = _call(hearing)
    if call.closed_at is not None or clock.now() >= call.until_at:
        raise Refused(N_("The time to apply is over."), code="too_late")
    if party not in {one.party for one in call.seats}:
        raise Invalid(N_("Please choose one of the sides."), field="party")
    if name:
        require_text(name, "name", LONGEST_NAME)
    made = applications(hearing)
    if len(made) >= MOST_APPLICATIONS:
        raise Refused(N_("At most %(n)s people apply."), n=MOST_APPLICATIONS, code="full")
    if not name:
        _require_new(hearing, made, actor)
    application = Application(
        council_id=hearing.council_id, hearing_id=hearing.id, number=len(made) + 1, party=party,
        name=personal(capacity.log_id, "hearing.name", name or actor.name), person_id=None if name else actor.id,
        on_paper=bool(name), applied_at=clock.now(),
    )  # fmt: skip
    with recording(capacity, "hearing.apply", hearing):
        db.session.add(application)
    return application


def _require_new(hearing: Hearing, made: list[Application], person: Person) -> None:
    if person.id in (hearing.meeting.chair_id, hearing.meeting.clerk_id):
        raise Refused(N_("The chair and the clerk of a hearing take no side in it."), code="takes_no_side")
    listed = select(Participant.id).where(Participant.hearing_id == hearing.id, Participant.person_id == person.id)
    if any(one.person_id == person.id for one in made) or db.session.scalar(listed) is not None:
        raise Refused(N_("You have applied already, or are on the list. Everybody applies once."), code="done_already")


def _require_no_own(made: list[Application], actor: Person) -> None:
    """Nobody gives out places, in office, among which an own application waits."""
    if any(one.person_id == actor.id and one.withdrawn_at is None and one.participant_id is None for one in made):
        raise Forbidden(N_("Somebody else must do this: you have applied for a place yourself."), code="own_case")


def _call(hearing: Hearing) -> Call:
    found = call_of(hearing)
    if found is None:
        raise Refused(N_("Nobody is called to apply for this hearing."), code="no_call")
    return found


def close(hearing: Hearing, *, actor: Person) -> None:
    """The clerk closes the list when the time to apply is over. From here on it is what the lot is drawn from."""
    capacity = authorize(actor, Permission.MEETING_RECORD, hearing.matter.council)
    call = _call(hearing)
    if call.closed_at is not None:
        raise Refused(N_("The list is closed already."), code="done_already")
    if clock.now() < call.until_at:
        raise Refused(N_("People may still apply."), code="too_early")
    with recording(capacity, "hearing.close_list", hearing):
        call.closed_at = clock.now()


def draw(hearing: Hearing, seed: str, *, actor: Person) -> None:
    """The clerk enters the seed once it is public, and the lot is drawn with it: an order for each side, those first who have
    a place. Written once.

    Raises `Refused` before the list is closed and the seed can be known.
    """
    capacity = authorize(actor, Permission.MEETING_RECORD, hearing.matter.council)
    call = _call(hearing)
    if call.closed_at is None:
        raise Refused(N_("Close the list of applications first."), code="not_closed")
    if call.drawn_at is not None:
        raise Refused(N_("The lot was drawn already."), code="done_already")
    if clock.now() < call.seed_at:
        raise Refused(N_("The seed is not public yet."), code="too_early")
    if not seed.isascii() or not seed.replace(" ", "").isalnum() or len(seed) > 40:
        raise Invalid(N_("Please enter what was drawn, such as 6 3 5 1: letters and digits, at most 40."), field="seed")
    lot = in_the_lot(call, applications(hearing))
    _require_no_own(lot, actor)
    with recording(capacity, "hearing.draw", hearing):
        call.seed, call.drawn_at = seed, clock.now()
        made = {one.number: one for one in lot}
        for one in call.seats:
            drawn = lots.order(one.party, (n for n, row in made.items() if row.party == one.party), seed)
            for place, number in enumerate(drawn, 1):
                made[number].place = place
        _fill(hearing, call, capacity)


def in_the_lot(call: Call, made: list[Application]) -> list[Application]:
    """The applications that stood when the list was closed."""
    return [one for one in made if one.withdrawn_at is None or (call.closed_at is not None and one.withdrawn_at > call.closed_at)]


def _fill(hearing: Hearing, call: Call, capacity: Capacity) -> None:
    """Give the free places of each side to those who follow in its order; inside a recording."""
    made = applications(hearing)
    query = select(Participant).where(Participant.hearing_id == hearing.id)
    listed = {one.person_id: one for one in db.session.scalars(query) if one.person_id is not None}
    last = db.session.scalar(select(func.max(Participant.number)).where(Participant.hearing_id == hearing.id)) or 0
    for seats in call.seats:
        side = [one for one in made if one.party == seats.party and one.place is not None and one.withdrawn_at is None]
        free = seats.number - sum(one.participant_id is not None for one in side)
        waiting = sorted((one for one in side if one.participant_id is None), key=lambda one: one.place or 0)
        for one in waiting[: max(free, 0)]:
            # Whom the clerk entered meanwhile has the place already.
            one.participant = listed.get(one.person_id) if one.person_id else None
            if one.participant is None:
                last += 1
                one.participant = Participant(
                    council_id=hearing.council_id, hearing_id=hearing.id, number=last, party=one.party, comes=True,
                    name=one.name, person_id=one.person_id, entered_at=clock.now(),
                )  # fmt: skip
                db.session.add(one.participant)
    db.session.flush()


def withdraw(hearing: Hearing, application: Application, *, actor: Person) -> None:
    """Somebody steps back: oneself, or through the clerk. After the lot whoever is next on reserve gets the place.

    Raises `Refused` once the hearing is over, and for who has spoken in it.
    """
    own = application.person_id == actor.id
    permission = Permission.HEARING_TAKE_PART if own else Permission.MEETING_RECORD
    capacity = authorize(actor, permission, hearing.matter.council, as_resident=own)
    call = _call(hearing)
    if application.hearing_id != hearing.id:
        raise Forbidden(N_("This is no application to this hearing."))
    if hearing.meeting.is_over:
        raise Refused(N_("The hearing is over: its record stands."), code="over")
    if application.withdrawn_at is not None:
        raise Refused(N_("This application was taken back already."), code="done_already")
    had = application.participant
    if had is not None and db.session.scalar(select(Word.id).where(Word.participant_id == had.id).limit(1)):
        raise Refused(N_("Whoever was heard stays on the list."), code="was_heard")
    if not own and call.drawn_at is not None:
        _require_no_own(applications(hearing), actor)
    with recording(capacity, "hearing.step_back", hearing):
        application.withdrawn_at = clock.now()
        if had is not None:
            application.participant = None
            db.session.flush()
            db.session.delete(had)
            db.session.flush()
            db.session.expire(hearing, ["participants"])
        if call.drawn_at is not None:
            _fill(hearing, call, capacity)
