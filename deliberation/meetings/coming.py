"""Coming into the room by oneself, with the code that can be read there."""

from __future__ import annotations

from datetime import datetime

from deliberation.kernel import clock
from deliberation.kernel.errors import Invalid
from deliberation.kernel.words import N_
from deliberation.meetings.door import Door
from deliberation.meetings.models import Meeting
from deliberation.meetings.roster import note_attendance
from deliberation.meetings.states import Channel, Presence
from deliberation.people import throttle
from deliberation.people.models import Person


class WrongCode(Invalid):
    """Not the code of the room: the try is counted, by the edge, after everything else was rolled back."""


def sign_in(meeting: Meeting, door: Door, code: str, *, scanned_at: datetime | None = None, actor: Person) -> None:
    """Somebody on the roster is here and can read the room's code. One that was scanned counts as of then, so that there is
    time to sign in; ``scanned_at`` comes from this side, never from the reader.

    Raises `WrongCode`, `Refused` (code ``throttled``) after too many of them, and what `note_attendance` raises.
    """
    throttle.check(throttle.keys_of_room(actor.id))
    now = clock.now()
    if scanned_at is not None and not door.still_counts(scanned_at, now):
        scanned_at = None
    if not door.opens(code, scanned_at or now):
        raise WrongCode(N_("This is not the code of this room now. It changes: read it anew from the wall, or ask the clerk."),
                        field="code")  # fmt: skip
    channel = Channel.CODE if scanned_at is None else Channel.QR
    note_attendance(meeting, {actor.id: Presence.ATTENDING}, channel=channel, actor=actor)
