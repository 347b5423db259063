"""The key of secret votes: made and printed once, read back, destroyed; and the rule that opens no poll before."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from deliberation.audit.recording import recording
from deliberation.councils.authority import authorize, members, offices, why_not
from deliberation.councils.models import Council
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import Forbidden, Invalid, Refused
from deliberation.kernel.words import N_, Words
from deliberation.people.models import Person
from deliberation.people.permissions import Office, Permission
from deliberation.voting.kinds import Mode
from deliberation.voting.models import Poll
from deliberation.voting.secret import keys, queries
from deliberation.voting.secret.disclosure import MOST_VOTERS
from deliberation.voting.secret.models import BoxKey, KeySheet, SealedPoll
from deliberation.voting.services import about_whom, openable
from deliberation.voting.states import PollState

READY = ("ready", "used")


def make_key(
    poll: Poll, scrutineers: Sequence[Person], needed: int, *, meeting_id: int | None = None, actor: Person
) -> list[tuple[KeySheet, keys.Sheet]]:
    """A new key for a poll that is prepared: returns the sheets, each with who keeps it, to be printed now; they are nowhere else.

    ``meeting_id``: the session for whose secret polls the key is. Raises `Invalid` for who cannot keep a sheet; `Refused` where
    the poll is not being prepared, or where so many are entitled that this platform must not pretend (`MOST_VOTERS`).
    """
    capacity = authorize(actor, Permission.MOTION_PUT, poll.council)
    _require_prepared(poll)
    require_few_enough(len(members(poll.council)))
    require_scrutineers(poll, scrutineers, actor)
    made = keys.make(len(scrutineers), needed)
    key = BoxKey(
        council_id=poll.council_id,
        meeting_id=meeting_id,
        public_key=made.public.hex(),
        needed=needed,
        sheets=len(scrutineers),
        state="made",
        made_at=clock.now(),
    )
    key.holders = [
        KeySheet(number=number, council_id=poll.council_id, person_id=person.id, fingerprint=sheet.fingerprint)
        for number, (person, sheet) in enumerate(zip(scrutineers, made.sheets, strict=True), 1)
    ]
    with recording(capacity, "key.make", key):
        db.session.add(key)
        db.session.flush()
        _seal_with(poll, key)
    return list(zip(key.holders, made.sheets, strict=True))


def use_key(poll: Poll, key: BoxKey, *, actor: Person) -> None:
    """Take a key that was read back already for one more poll of the same session."""
    capacity = authorize(actor, Permission.MOTION_PUT, poll.council)
    _require_prepared(poll)
    if key.council_id != poll.council_id or key.state not in READY or about_whom(poll) & {one.person_id for one in key.holders}:
        raise Refused(N_("This key cannot be used: make a new one."), code="key_not_ready")
    with recording(capacity, "key.use", poll):
        _seal_with(poll, key)


def _seal_with(poll: Poll, key: BoxKey) -> None:
    kept = db.session.get(SealedPoll, poll.id)
    if kept is None:
        db.session.add(SealedPoll(poll_id=poll.id, council_id=poll.council_id, key_id=key.id))
        return
    before = db.session.get_one(BoxKey, kept.key_id)
    if before.state in ("made", "ready") and before is not key:
        # No box was ever sealed with it: its sheets open nothing.
        others = select(SealedPoll.poll_id).where(SealedPoll.key_id == before.id, SealedPoll.poll_id != poll.id)
        if db.session.scalar(others) is None:
            before.state = "dropped"
    kept.key_id = key.id


def _require_prepared(poll: Poll) -> None:
    if poll.mode != Mode.SECRET:
        raise Refused(N_("This vote is not secret."), code="not_secret")
    if poll.state != PollState.PREPARED:
        raise Refused(N_("This vote has been opened already: its key stands."), code="done_already")


def require_few_enough(entitled: int) -> None:
    """Raise `Refused` where a secret vote on this platform would be a pretence."""
    if entitled > MOST_VOTERS:
        raise Refused(
            N_("With more than %(n)s entitled, a secret vote needs an election that everybody can verify for themselves, "
               "such as Belenios. This platform holds none."),
            code="too_many", n=MOST_VOTERS,
        )  # fmt: skip


def can_keep(poll: Poll, actor: Person | None) -> list[Person]:
    """Who may keep a sheet: seated members, but neither the chair who makes the key nor an administrator, nor who is rated."""
    council, rated = poll.council, about_whom(poll)
    people = [db.session.get_one(Person, seat.person_id) for seat in members(council)]
    barred = {Office.PRESIDENT, Office.ADMINISTRATOR}
    people = [one for one in people if one.id not in rated]
    return [one for one in people if (actor is None or one.id != actor.id) and not barred & set(offices(one, council))]


def require_scrutineers(poll: Poll, scrutineers: Sequence[Person], actor: Person) -> None:
    """Raise `Invalid` for fewer than two, one person twice, or somebody who cannot keep a sheet."""
    allowed = {one.id for one in can_keep(poll, actor)}
    chosen = [one.id for one in scrutineers]
    if len(set(chosen)) != len(chosen):
        raise Invalid(N_("Each sheet is kept by another person."), field="scrutineers")
    if len(chosen) < keys.LEAST_NEEDED:
        raise Invalid(N_("At least two people keep the sheets."), field="scrutineers")
    if len(chosen) > keys.MOST_SHEETS:
        raise Invalid(N_("At most %(n)s people keep sheets."), field="scrutineers", n=keys.MOST_SHEETS)
    if not set(chosen) <= allowed:
        message = N_("The sheets are kept by seated members, not by a president or an administrator.")
        raise Invalid(message, field="scrutineers")


def read_back(key: BoxKey, typed: str, *, actor: Person) -> KeySheet:
    """Check a sheet as it stands on paper. By who keeps it, or by the chair in their presence.

    Raises `Invalid` for what is no sheet of this key, `Forbidden` for anybody else, `Refused` where it was read back before.
    """
    council = db.session.get_one(Council, key.council_id)
    capacity = authorize(actor, Permission.POLL_CAST, council)
    if key.state not in ("made", "ready"):
        raise Refused(N_("This key is in use, or is no more."), code="done_already")
    sheet = keys.read(typed, [one.fingerprint for one in key.holders])
    held = next((one for one in key.holders if keys.matches(sheet, one.fingerprint)), None)
    if held is None:
        raise Invalid(N_("This is a sheet of another key."), field="sheet")
    if actor.id != held.person_id and why_not(actor, Permission.MOTION_PUT, council) is not None:
        raise Forbidden(N_("A sheet is read back by the person who keeps it, or by the chair in their presence."))
    if held.read_back_at is not None:
        raise Refused(N_("Sheet %(n)s has been read back already. Another one is missing."), n=held.number, code="done_already")
    with recording(capacity, "key.read_back", key):
        held.read_back_at = clock.now()
        if key.read_back >= key.needed:
            key.state = "ready"
    return held


def not_ready(poll: Poll) -> Words | None:
    """A rule of opening: a secret vote is not opened before enough sheets of its key have been read back from paper."""
    if poll.mode != Mode.SECRET:
        return None
    kept = queries.sealed_poll(poll)
    if kept is None:
        return Words(N_("A secret vote needs a key first: choose who keeps the sheets."))
    if kept.key.state not in READY:
        missing = kept.key.needed - kept.key.read_back
        return Words(N_("%(n)s more sheets have to be read back before the vote can be opened."), n=missing)
    return None


openable.append(not_ready)


def destroy(key: BoxKey, number: int, *, actor: Person) -> None:
    """Who kept a sheet confirms that it is destroyed; or the chair, in their presence. Not before every box is opened."""
    council = db.session.get_one(Council, key.council_id)
    capacity = authorize(actor, Permission.POLL_CAST, council)
    held = next((one for one in key.holders if one.number == number), None)
    if held is None:
        raise Invalid(N_("There is no such sheet."))
    if actor.id != held.person_id and why_not(actor, Permission.MOTION_PUT, council) is not None:
        raise Forbidden(N_("This is confirmed by the person who keeps the sheet, or by the chair in their presence."))
    if held.destroyed_at is not None:
        raise Refused(N_("This has been confirmed already."), code="done_already")
    waiting = select(Poll.label).join(SealedPoll, SealedPoll.poll_id == Poll.id).where(SealedPoll.key_id == key.id)
    label = db.session.scalar(waiting.where(Poll.state.in_(("prepared", "open", "closed"))))
    if label is not None:
        raise Refused(N_("The sheets are still needed for the vote on %(label)s."), label=label, code="still_needed")
    with recording(capacity, "key.destroy", key):
        held.destroyed_at = clock.now()
        if all(one.destroyed_at is not None for one in key.holders):
            key.state = "destroyed"
