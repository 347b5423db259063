"""How a session stands for this reader: who is here, what is being voted on, what would be left undone. Acts: ``sitting_steps``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import flash, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from deliberation.blueprints.pages import actor
from deliberation.blueprints.words import when
from deliberation.councils.models import Council
from deliberation.councils.queries import permissions_of
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.meetings import floor, queries, services, votes
from deliberation.meetings.floor import Floor
from deliberation.meetings.kinds import MeetingKind, kind_of
from deliberation.meetings.models import Meeting
from deliberation.meetings.queries import ItemView
from deliberation.meetings.roster import roster
from deliberation.meetings.states import MeetingState, Presence
from deliberation.motions.lines import Line
from deliberation.people.models import Person
from deliberation.people.permissions import Permission as P
from deliberation.voting import queries as polls
from deliberation.voting.dry_run import DryRun
from deliberation.voting.models import Poll
from deliberation.voting.queries import Progress
from deliberation.voting.states import PollState
from deliberation.voting.verdicts import Count, Measure

EARLY = timedelta(minutes=30)
"""Members gather in the half hour before the session; opening it sooner than that is read back first."""


@dataclass(frozen=True)
class Sitting:
    """A session, its reader, and how things stand in it."""

    council: Council
    meeting: Meeting
    items: list[ItemView]
    reader: Person | None
    may: frozenset[P]
    room: DryRun | None
    progress: Progress | None
    awaits_reader: bool
    own_state: str | None
    may_take_chair: bool
    may_vote_from_afar: bool
    unfinished: list[Poll]
    """Questions that are neither counted nor cancelled."""
    floor: Floor | None

    @property
    def kind(self) -> MeetingKind:
        return kind_of(self.meeting.kind)

    @property
    def here(self) -> Count | None:
        """How many are entitled, here and recused; nobody has voted yet."""
        return self.room.count if self.room else None

    @property
    def quorum(self) -> Measure | None:
        return self.room.quorum if self.room else None

    @property
    def is_chair(self) -> bool:
        return self.reader is not None and P.MEETING_CHAIR in self.may and self.reader.id == self.meeting.chair_id

    @property
    def current(self) -> ItemView | None:
        """The matter that is being considered."""
        return next((item for item in self.items if item.is_open), None)

    @property
    def voting(self) -> Line | None:
        return next((item.voting for item in self.items if item.voting is not None), None)

    @property
    def asked(self) -> Poll | None:
        """The question that is open."""
        return next((poll for poll in self.unfinished if poll.state == PollState.OPEN), None)

    @property
    def missing(self) -> int:
        """How many more must come before there can be a vote."""
        return 0 if self.quorum is None or self.quorum.met else self.quorum.needed - self.quorum.have

    def is_recused(self, item: ItemView) -> bool:
        return self.reader is not None and self.reader.id in item.recused

    def url(self, endpoint: str, **values: Any) -> str:
        return url_for(endpoint, community=self.council.slug, **values)

    def here_url(self, endpoint: str, **values: Any) -> str:
        return self.url(endpoint, meeting_id=self.meeting.id, **values)


def view(council: Council, meeting: Meeting, *, publicly: bool = False) -> Sitting:
    """How the session stands for this reader, or for everybody."""
    person = None if publicly else actor()
    may = permissions_of(person, council)
    items = queries.items(meeting, council, reads=P.MEETING_READ in may)
    current = next((item for item in items if item.is_open), None)
    room = None
    if meeting.state not in (MeetingState.PLANNED, MeetingState.CANCELLED) and kind_of(meeting.kind).decides:
        room = votes.room_now(meeting, current.item.matter if current else None)
    voting = next((item.voting for item in items if item.voting is not None), None)
    unfinished = services.unfinished_questions(meeting) if meeting.state == MeetingState.OPEN else []
    poll = voting.poll if voting else None
    awaited = poll or next((one for one in unfinished if one.state == PollState.OPEN), None)
    return Sitting(
        council,
        meeting,
        items,
        person,
        may,
        room,
        polls.progress(poll) if poll and (P.POLL_READ_NAMES in may) else None,
        bool(awaited and polls.awaits(awaited.id, person)),
        queries.own_state(meeting, person),
        person is not None and services.may_take_chair(meeting, person),
        services.rules_of(meeting)["remote_vote"],
        unfinished,
        floor.view(current.item) if current and meeting.state == MeetingState.OPEN else None,
    )


def tell_of_quorum(meeting: Meeting, before: DryRun | None) -> None:
    """Warn at once when somebody's leaving takes the quorum away; ``before`` is how the room stood."""
    if meeting.state != MeetingState.OPEN or before is None or before.quorum is None or not before.quorum.met:
        return
    now = votes.room_now(meeting).quorum
    if now is not None and not now.met:
        flash(_("The quorum is lost: %(have)s are here, %(needed)s are needed. The council can talk, but not vote.",
                have=now.have, needed=now.needed), "warning")  # fmt: skip


def without(meeting: Meeting, person: Person) -> list[str]:
    """What it would mean for the quorum if this person left now."""
    if meeting.state != MeetingState.OPEN or not kind_of(meeting.kind).decides:
        return []
    quorum = votes.room_now(meeting).quorum
    counts = any(row.person_id == person.id and not row.is_guest for row in roster(meeting))
    if not counts or quorum is None or quorum.have != quorum.needed:
        return []
    return [_("Without you there is no quorum: %(have)s stay, %(needed)s are needed. The council could talk, but not vote.",
              have=quorum.have - 1, needed=quorum.needed)]  # fmt: skip


def note(meeting: Meeting, states: Mapping[int, Presence], person: Person, reasons: Mapping[int, str] | None = None) -> None:
    """Bring the roster up to date, with the warning."""
    before = votes.room_now(meeting) if meeting.state == MeetingState.OPEN and kind_of(meeting.kind).decides else None
    services.note_attendance(meeting, states, reasons=reasons, actor=person)
    db.session.flush()
    tell_of_quorum(meeting, before)


def happening(at: Sitting) -> str:
    """How the session stands, in one sentence."""
    meeting = at.meeting
    if meeting.state == MeetingState.PLANNED:
        return _("The session is being prepared for %(when)s. The notice has not gone out yet.", when=when(meeting.starts_at))
    if meeting.state == MeetingState.CALLED:
        return _("Called for %(when)s, at %(place)s.", when=when(meeting.starts_at), place=meeting.place)
    if meeting.state == MeetingState.ADJOURNED:
        return _("Adjourned. It goes on %(when)s.", when=when(meeting.recesses[-1].until_at))
    if meeting.state == MeetingState.CANCELLED:
        return _("Called off. Reason: %(reason)s", reason=meeting.cancel_reason)
    if meeting.is_held:
        return _after(meeting)
    if not at.kind.decides:
        return _("The meeting is open.")
    if at.voting is not None:
        return _at_vote(at, at.voting)
    if at.asked is not None and at.asked.question is not None:
        return _("Being voted on: %(question)s", question=at.asked.question)
    if at.missing:
        return _more_needed(at.missing)
    if at.current is None:
        return _("The session is open. No matter is called up at the moment.")
    if at.current.next is not None:
        return _("The council deliberates. Next to be voted on: %(label)s.", label=at.current.next.label)
    return _("The council deliberates. No motion is ready to be voted on.")


def _more_needed(missing: int) -> str:
    return ngettext(
        "%(num)s more member must be here before the council can vote.",
        "%(num)s more members must be here before the council can vote.",
        missing,
    )


def _at_vote(at: Sitting, line: Line) -> str:
    """How the vote on a motion stands. One in secret has a time before it opens, and one before the box is opened."""
    state = line.poll.state if line.poll is not None else PollState.OPEN
    if state == PollState.PREPARED:
        told = _("The secret vote on %(label)s is being prepared.", label=line.label)
        return _("%(first)s %(rest)s", first=told, rest=_more_needed(at.missing)) if at.missing else told
    if state == PollState.CLOSED:
        return _("The vote on %(label)s is closed and is being counted.", label=line.label)
    if at.quorum is not None and at.missing:
        return _("The council is voting on %(label)s, and those count who were here when the vote was opened. Only %(have)s are "
                 "here now: before the next vote %(needed)s must be.",
                 label=line.label, have=at.quorum.have, needed=at.quorum.needed)  # fmt: skip
    return _("The council is voting on %(label)s.", label=line.label)


def _after(meeting: Meeting) -> str:
    """What becomes of the minutes."""
    if meeting.state == MeetingState.PUBLISHED:
        return _("The session is closed. Its minutes are published.")
    if meeting.state == MeetingState.SIGNED:
        return _("The session is closed. Its minutes are signed and will be published.")
    if meeting.state == MeetingState.MINUTED:
        return _("The session is closed. Its minutes are laid out for those who were there.")
    if not kind_of(meeting.kind).decides:
        return _("The meeting is closed. Its minutes are being written.")
    return _("The session is closed. What was moved and decided stands below.")


def before_opening(at: Sitting) -> list[str]:
    """What speaks against opening the session now: the hour, or too few members."""
    told = []
    if clock.now() < at.meeting.starts_at - EARLY:
        told.append(_("The session is called for %(when)s. Whoever comes at that hour misses what is said before.",
                      when=when(at.meeting.starts_at)))  # fmt: skip
    if at.missing and at.quorum:
        told.append(_("%(present)s members are noted as present; the council can vote with %(needed)s.",
                      present=at.quorum.have, needed=at.quorum.needed))  # fmt: skip
    return told


def undecided(item: ItemView) -> list[str]:
    """What would be left undecided if the chair finished with this matter now."""
    labels = [line.label for one in item.trees for line in one.lines if line.is_pending]
    if not labels:
        return []
    return [_("Not decided yet: %(labels)s. What is undecided waits for the next session.", labels=_(", ").join(labels))]


def left_undone(at: Sitting) -> list[str]:
    """What would be left undone if the chair closed the session now."""
    waiting = [item.item.matter.title for item in at.items if at.kind.decides and item.item.debate_id is None]
    undone = [_("Not called up yet: %(titles)s.", titles=_(", ").join(waiting))] if waiting else []
    if at.unfinished:
        undone.append(_("Put, and not counted yet: %(labels)s.", labels=_(", ").join(one.label for one in at.unfinished)))
    return [*undone, *(line for item in at.items if item.is_open for line in undecided(item))]
