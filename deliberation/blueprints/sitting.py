"""What happens in a session, and what this reader may do about it: sentences, links and buttons for the session's page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from deliberation.blueprints.pages import actor
from deliberation.blueprints.words import day, say, when
from deliberation.councils.models import Council
from deliberation.councils.queries import permissions_of
from deliberation.kernel import clock
from deliberation.kernel.calendar import local_day
from deliberation.meetings import queries, services, votes
from deliberation.meetings.models import Meeting
from deliberation.meetings.queries import ItemView
from deliberation.meetings.states import MeetingState
from deliberation.motions.lines import Line
from deliberation.people.models import Person
from deliberation.people.permissions import Permission as P
from deliberation.voting import queries as polls
from deliberation.voting.dry_run import DryRun
from deliberation.voting.kinds import Mode
from deliberation.voting.models import Poll
from deliberation.voting.queries import Progress
from deliberation.voting.verdicts import Count, Measure

EARLY = timedelta(minutes=30)
"""Members gather in the half hour before the session; opening it sooner than that is read back first."""


@dataclass(frozen=True)
class Step:
    """One thing to do: a button that posts, or a link."""

    url: str
    text: str
    posts: bool = False
    hint: str = ""
    quiet: bool = False


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
    asked: Poll | None

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
    def missing(self) -> int:
        """How many more must come before there can be a vote."""
        return 0 if self.quorum is None or self.quorum.met else self.quorum.needed - self.quorum.have

    def is_recused(self, item: ItemView) -> bool:
        return self.reader is not None and self.reader.id in item.recused

    def url(self, endpoint: str, **values: Any) -> str:
        return url_for(endpoint, community=self.council.slug, **values)

    def here_url(self, endpoint: str, **values: Any) -> str:
        return self.url(endpoint, meeting_id=self.meeting.id, **values)


def view(council: Council, meeting: Meeting) -> Sitting:
    """How the session stands for this reader."""
    person = actor()
    may = permissions_of(person, council)
    items = queries.items(meeting, council, reads=P.MEETING_READ in may)
    current = next((item for item in items if item.is_open), None)
    room = None
    if meeting.state != MeetingState.PLANNED:
        room = votes.room_now(meeting, current.item.matter if current else None)
    voting = next((item.voting for item in items if item.voting is not None), None)
    poll = voting.poll if voting else None
    return Sitting(
        council,
        meeting,
        items,
        person,
        may,
        room,
        polls.progress(poll) if poll and (P.POLL_READ_NAMES in may) else None,
        bool(poll and polls.awaits(poll.id, person)),
        queries.own_state(meeting, person),
        person is not None and services.may_take_chair(meeting, person),
        services.rules_of(meeting)["remote_vote"],
        services.open_question_in(meeting) if meeting.state == MeetingState.OPEN else None,
    )


def happening(at: Sitting) -> str:
    """How the session stands, in one sentence."""
    meeting = at.meeting
    if meeting.state == MeetingState.PLANNED:
        return _("The session is being prepared for %(when)s. The notice has not gone out yet.", when=when(meeting.starts_at))
    if meeting.state == MeetingState.CALLED:
        return _("Called for %(when)s, at %(place)s.", when=when(meeting.starts_at), place=meeting.place)
    if meeting.state == MeetingState.CLOSED:
        return _("The session is closed. What was moved and decided stands below.")
    if at.voting is not None:
        return _("The council is voting on %(label)s.", label=at.voting.label)
    if at.missing:
        return ngettext(
            "%(num)s more member must be here before the council can vote.",
            "%(num)s more members must be here before the council can vote.",
            at.missing,
        )
    if at.current is None:
        return _("The session is open. No matter is called up at the moment.")
    if at.current.next is not None:
        return _("The council deliberates. Next to be voted on: %(label)s.", label=at.current.next.label)
    return _("The council deliberates. No motion is ready to be voted on.")


def steps(at: Sitting) -> list[Step]:
    """Everything that this reader may do now, the most urgent first."""
    finders = {
        MeetingState.PLANNED: _planned,
        MeetingState.CALLED: _called,
        MeetingState.OPEN: _open,
    }
    finder = finders.get(MeetingState(at.meeting.state))
    return list(finder(at)) if finder else []


def _planned(at: Sitting) -> Iterator[Step]:
    if P.MEETING_CALL not in at.may:
        return
    clear, needed = services.notice_missing(at.meeting)
    if clear >= needed:
        hint = _("%(clear)s clear days lie between today and the session; %(needed)s are needed.", clear=clear, needed=needed)
        yield Step(at.here_url("meetings.call"), _("Send the notice"), posts=True, hint=hint)
        yield Step(at.here_url("meetings.change"), _("Change day, place or agenda"))
        return
    first = services.first_possible_day(at.meeting)
    hint = _(
        "It is too late for this day: %(clear)s clear days are left, %(needed)s are needed. The first possible day is %(day)s.",
        clear=clear,
        needed=needed,
        day=day(first),
    )
    yield Step(at.here_url("meetings.change"), _("Change day, place or agenda"), hint=hint)


def _called(at: Sitting) -> Iterator[Step]:
    zone = ZoneInfo(at.council.zone)
    yield from _free_chair(at)
    if at.is_chair and local_day(clock.now(), zone) >= local_day(at.meeting.starts_at, zone):
        yield Step(at.here_url("meetings.open_"), _("Open the session"), posts=not before_opening(at))
    yield from _roster(at)
    yield from _apologies(at)


def _free_chair(at: Sitting) -> Iterator[Step]:
    if at.may_take_chair:
        hint = _("Whoever was to chair is not in the room, or is president no more.")
        yield Step(at.here_url("meetings.take_chair"), _("Take the chair"), posts=True, hint=hint)


def _open(at: Sitting) -> Iterator[Step]:
    yield from _free_chair(at)
    if at.voting is not None and at.voting.poll is not None:
        yield from _while_voting(at, at.voting.poll.id)
    elif at.asked is not None:
        text = _("To the question that is open: %(label)s", label=at.asked.label)
        yield Step(at.url("questions.show", poll_id=at.asked.id), text)
    elif at.is_chair:
        yield from _chairing(at)
    yield from _roster(at)
    if P.MEETING_RECORD in at.may and at.current is not None and not at.is_chair:
        for one in at.current.appealed:
            yield Step(at.here_url("procedure.decide", ruling_id=one.id), _("Count the hands on the ruling"), hint=one.text)
    if P.MEETING_RECORD in at.may and at.current is not None and at.voting is None and not at.current.is_debate_closed:
        yield Step(at.here_url("meetings.speech", item_id=at.current.item.id), _("Note a speech"))
    yield from _apologies(at)


def _while_voting(at: Sitting, poll_id: int) -> Iterator[Step]:
    assert at.voting is not None
    label = at.voting.label
    if at.voting.poll is not None and at.voting.poll.mode == Mode.SECRET:
        yield Step(at.url("secret_polls.show", poll_id=poll_id), _("To the secret vote on %(label)s", label=label))
        return
    if at.awaits_reader:
        yield Step(at.url("polls.cast", poll_id=poll_id), _("Vote on %(label)s", label=label))
    if at.is_chair and at.progress is not None:
        if at.progress.waiting:
            hint = _("%(n)s votes taken down await your confirmation.", n=at.progress.waiting)
            yield Step(at.url("polls.read_out", poll_id=poll_id), _("Confirm the votes as read out"), hint=hint)
        else:
            hint = _("%(n)s of %(all)s have voted.", n=at.progress.voted, all=at.progress.may_vote)
            url = at.url("polls.close", poll_id=poll_id)
            yield Step(url, _("Close the vote and count"), posts=not at.progress.missing, hint=hint)
        yield Step(at.url("polls.cancel", poll_id=poll_id), _("Cancel the vote"), quiet=True)
    if P.POLL_RECORD in at.may:
        yield Step(at.url("polls.take_down", poll_id=poll_id), _("Take down the votes on %(label)s", label=label))


def _chairing(at: Sitting) -> Iterator[Step]:
    for item in at.items:
        no = item.item.matter.no
        if item.next is not None and item.is_open and item.next.is_groundless:
            text = _("Rule that %(label)s has fallen away", label=item.next.label)
            yield Step(at.url("motions.drop", no=no, label=item.next.label), text, posts=True, hint=_("Its paragraph is gone"))
        elif item.next is not None and item.is_open and not at.missing:
            url = at.url("motions.put", no=no, label=item.next.label)
            hint = say(at.room.sentence()) if at.room else ""
            yield Step(url, _("Put %(label)s to the vote", label=item.next.label), posts=True, hint=hint)
            url = at.url("motions.put", no=no, label=item.next.label, mode=Mode.SECRET.value)
            yield Step(url, _("Put %(label)s to a secret vote", label=item.next.label), posts=True, quiet=True)
    for item in at.items:
        if item.item.debate_id is None and at.current is None and item.postponed_until is None:
            url = at.here_url("meetings.take_up", item_id=item.item.id)
            yield Step(url, _("Call up: %(title)s", title=item.item.matter.title), posts=True)
    if at.current is not None:
        yield from _going_on(at, at.current)
        url = at.here_url("meetings.finish", item_id=at.current.item.id)
        yield Step(url, _("Finish with this matter"), posts=not undecided(at.current))
    if not at.missing:
        yield Step(at.url("questions.choose_kind", meeting=at.meeting.id), _("Put a question"), quiet=True)
    yield Step(at.here_url("meetings.close"), _("Close the session"), posts=not left_undone(at))


def _going_on(at: Sitting, item: ItemView) -> Iterator[Step]:
    """What a member may have moved about how it goes on, and the chair's own rulings."""
    line = item.next
    if line is not None and not line.is_debate_closed:
        url = at.url("procedure.close_debate", no=line.matter_no, label=line.label)
        yield Step(url, _("Close debate on %(label)s", label=line.label), quiet=True)
    if any(tree.main.is_pending and tree.main.debate_id == item.item.debate_id for tree in item.trees):
        yield Step(at.here_url("procedure.postpone", item_id=item.item.id), _("Postpone this matter"), quiet=True)
    yield Step(at.here_url("procedure.rule", item_id=item.item.id), _("Rule on a point of order"), quiet=True)


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
    waiting = [item.item.matter.title for item in at.items if item.item.debate_id is None]
    undone = [_("Not called up yet: %(titles)s.", titles=_(", ").join(waiting))] if waiting else []
    return [*undone, *(line for item in at.items if item.is_open for line in undecided(item))]


def _roster(at: Sitting) -> Iterator[Step]:
    if P.MEETING_RECORD in at.may:
        yield Step(at.here_url("meetings.roster"), _("Keep the roster"))
        yield Step(at.here_url("meetings.apology"), _("Take down apologies"))


def _apologies(at: Sitting) -> Iterator[Step]:
    if at.may_vote_from_afar and at.own_state in ("expected", "excused", "left"):
        yield Step(at.here_url("meetings.sign_in"), _("I am here"), posts=True)
    if at.own_state in ("expected", "attending") and P.RECUSAL_ASK in at.may and P.MEETING_RECORD not in at.may:
        words = _("I cannot come") if at.own_state == "expected" else _("I have to leave")
        yield Step(at.here_url("meetings.apology"), words, quiet=True)
