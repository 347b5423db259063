"""What this reader may do in a session now: links and buttons for the session's page, the first of them large."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from deliberation.blueprints.sitting import Sitting, before_opening, undecided
from deliberation.blueprints.words import day, hour, say
from deliberation.kernel import clock
from deliberation.kernel.calendar import local_day
from deliberation.meetings import services, turns
from deliberation.meetings.queries import ItemView
from deliberation.meetings.roster import comes_today
from deliberation.meetings.states import MeetingState, Presence
from deliberation.people.permissions import Permission as P
from deliberation.voting.kinds import Mode


@dataclass(frozen=True)
class Step:
    """One thing to do: a button that posts, or a link. ``quiet``: never the large one. ``rare``: folded away, unless it is the
    large one."""

    url: str
    text: str
    posts: bool = False
    hint: str = ""
    quiet: bool = False
    rare: bool = False
    tall: bool = False


def steps(at: Sitting) -> list[Step]:
    """Everything that this reader may do now, the most urgent first."""
    if at.meeting.is_held:
        return list(_held(at))
    finders = {
        MeetingState.PLANNED: _planned,
        MeetingState.CALLED: _called,
        MeetingState.OPEN: _open,
        MeetingState.ADJOURNED: _adjourned,
    }
    finder = finders.get(MeetingState(at.meeting.state))
    return list(finder(at)) if finder else []


def _held(at: Sitting) -> Iterator[Step]:
    """After the close: what is to be noted before the minutes are laid out, and the minutes."""
    if at.meeting.state == MeetingState.CLOSED:
        yield from _unnoted(at)
    if at.meeting.state == MeetingState.PUBLISHED or P.MEETING_READ in at.may:
        yield Step(at.here_url("minutes.show"), _("Read the minutes"))


def _planned(at: Sitting) -> Iterator[Step]:
    if P.MEETING_CALL not in at.may:
        return
    clear, needed = services.notice_missing(at.meeting)
    if clear >= needed:
        hint = _("%(clear)s clear days lie between today and the session; %(needed)s are needed.", clear=clear, needed=needed)
        yield Step(at.here_url("meetings.call"), _("Send the notice"), posts=True, hint=hint)
        yield Step(at.here_url("meetings.change"), _("Change day, place or agenda"))
        yield from _call_off(at)
        return
    first = services.first_possible_day(at.meeting)
    hint = _(
        "It is too late for this day: %(clear)s clear days are left, %(needed)s are needed. The first possible day is %(day)s.",
        clear=clear,
        needed=needed,
        day=day(first),
    )
    yield Step(at.here_url("meetings.change"), _("Change day, place or agenda"), hint=hint)
    yield from _call_off(at)


def _call_off(at: Sitting) -> Iterator[Step]:
    if P.MEETING_CALL in at.may:
        yield Step(at.here_url("session_life.cancel"), _("Call the meeting off"), quiet=True, rare=True)


def _adjourned(at: Sitting) -> Iterator[Step]:
    zone = ZoneInfo(at.council.zone)
    yield from _free_chair(at)
    if at.is_chair:
        if local_day(clock.now(), zone) >= local_day(at.meeting.recesses[-1].until_at, zone):
            yield Step(at.here_url("session_life.resume"), _("Go on with the meeting"), posts=True)
        yield Step(at.here_url("meetings.close"), _("Close the session"), quiet=True, rare=True)
    yield from _roster(at)


def _called(at: Sitting) -> Iterator[Step]:
    zone = ZoneInfo(at.council.zone)
    yield from _free_chair(at)
    if at.is_chair and local_day(clock.now(), zone) >= local_day(at.meeting.starts_at, zone):
        yield Step(at.here_url("meetings.open_"), _("Open the session"), posts=not before_opening(at))
    yield from _roster(at)
    yield from _apologies(at)
    if P.MEETING_CALL in at.may:
        yield Step(at.here_url("session_life.move"), _("Move the meeting"), quiet=True, rare=True)
    yield from _call_off(at)


def _free_chair(at: Sitting) -> Iterator[Step]:
    if at.may_take_chair:
        hint = _("Whoever was to chair is not in the room, or is president no more.")
        yield Step(at.here_url("meetings.take_chair"), _("Take the chair"), posts=True, hint=hint)


def _open(at: Sitting) -> Iterator[Step]:
    yield from _free_chair(at)
    if at.voting is not None and at.voting.poll is not None:
        yield from _while_voting(at, at.voting.poll.id)
    elif at.asked is not None:
        if at.awaits_reader and at.kind.decides:
            yield Step(at.url("polls.cast", poll_id=at.asked.id), _("Vote on %(label)s", label=at.asked.label))
        text = _("To the question that is open: %(label)s", label=at.asked.label)
        yield Step(at.url("questions.show", poll_id=at.asked.id), text)
    else:
        yield from _secret(at)
        yield from _floor(at)
        if at.is_chair:
            yield from _chairing(at)
        yield from _mistaken(at)
    yield from _roster(at)
    if P.MEETING_RECORD in at.may and at.current is not None and not at.is_chair:
        for one in at.current.appealed:
            yield Step(at.here_url("procedure.decide", ruling_id=one.id), _("Count the hands on the ruling"), hint=one.text)
    yield from _unnoted(at)
    if P.MEETING_RECORD in at.may and at.current is not None and at.voting is None and not at.current.is_debate_closed:
        yield Step(at.here_url("meetings.speech", item_id=at.current.item.id), _("Note a speech"))
    yield from _apologies(at)


def _secret(at: Sitting) -> Iterator[Step]:
    """On with a question whose box is being prepared, or waits for its keys: for the chair, for the desk with its papers, and
    for those in the room, of whom some keep its keys."""
    if at.kind.decides and (at.is_chair or P.MEETING_RECORD in at.may or at.own_state == Presence.ATTENDING):
        for poll in at.unfinished:
            url = at.url("secret_polls.show", poll_id=poll.id)
            yield Step(url, _("To the secret vote on %(label)s", label=poll.label), hint=poll.question or "", quiet=not at.is_chair)


def _floor(at: Sitting) -> Iterator[Step]:
    """Whose turn it is to speak: one large button for the chair, the same end of a speech for the clerk."""
    floor = at.floor
    if floor is None:
        return
    url = {"item_id": floor.item.id}
    if floor.turn is not None and (at.is_chair or P.MEETING_RECORD in at.may):
        hint = _("%(name)s has the floor.", name=floor.turn.person.name or _("(erased)"))
        yield Step(at.here_url("floor.end", **url), _("End the speech"), posts=True, hint=hint, tall=at.is_chair)
    elif floor.turn is None and floor.hands and at.is_chair:
        hint = _("Next: %(name)s", name=floor.hands[0].person.name or _("(erased)"))
        yield Step(at.here_url("floor.give", **url), _("Give the floor to the next"), posts=True, hint=hint, tall=True)


def _mistaken(at: Sitting) -> Iterator[Step]:
    """The floor that was given last, to be taken back."""
    if at.floor is not None and at.is_chair and at.current is not None:
        ended = [one for one in turns.unnoted(at.meeting) if one.debate_id == at.current.item.debate_id]
        for last in [at.floor.turn] if at.floor.turn else ended[-1:]:
            hint = _("%(name)s, since %(start)s", name=last.person.name or _("(erased)"), start=hour(last.started_at))
            yield Step(at.here_url("floor.take_back", turn_id=last.id), _("Take the floor back"), quiet=True, rare=True, hint=hint)


def _unnoted(at: Sitting) -> Iterator[Step]:
    """The speeches whose words are not noted yet."""
    if P.MEETING_RECORD in at.may:
        for turn in turns.unnoted(at.meeting):
            name = turn.person.name or _("(erased)")
            yield Step(at.here_url("floor.note", turn_id=turn.id), _("Note what %(name)s said", name=name),
                       hint=_("since %(start)s", start=hour(turn.started_at)))  # fmt: skip


def _while_voting(at: Sitting, poll_id: int) -> Iterator[Step]:
    assert at.voting is not None
    label = at.voting.label
    if at.voting.poll is not None and at.voting.poll.mode == Mode.SECRET:
        if at.awaits_reader:
            yield Step(at.url("secret_polls.vote", poll_id=poll_id), _("Vote on %(label)s", label=label))
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
        yield Step(at.url("polls.cancel", poll_id=poll_id), _("Cancel the vote"), quiet=True, rare=True)
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
            text = _("Put %(label)s to a secret vote", label=item.next.label)
            yield Step(url, text, posts=True, quiet=True, rare=True)
    for item in at.items:
        if at.kind.decides and item.item.debate_id is None and at.current is None and item.postponed_until is None:
            url = at.here_url("meetings.take_up", item_id=item.item.id)
            yield Step(url, _("Call up: %(title)s", title=item.item.matter.title), posts=True)
    if at.current is not None:
        yield from _going_on(at, at.current)
        url = at.here_url("meetings.finish", item_id=at.current.item.id)
        undone = bool(undecided(at.current))
        idle = undone or at.missing > 0 or not at.current.trees
        yield Step(url, _("Finish with this matter"), quiet=idle, rare=undone)
    if not at.missing and at.kind.decides:
        yield Step(at.url("questions.choose_kind", meeting=at.meeting.id), _("Put a question"), quiet=True, rare=True)
    yield Step(at.here_url("session_life.adjourn"), _("Adjourn the meeting"), quiet=True)
    yield Step(at.here_url("meetings.close"), _("Close the session"), quiet=at.current is not None or at.missing > 0, rare=True)


def _going_on(at: Sitting, item: ItemView) -> Iterator[Step]:
    """What a member may have moved about how it goes on, and the chair's own rulings."""
    line = item.next
    if line is not None and not line.is_debate_closed:
        url = at.url("procedure.close_debate", no=line.matter_no, label=line.label)
        yield Step(url, _("Close debate on %(label)s", label=line.label), quiet=True, rare=True)
    if any(tree.main.is_pending and tree.main.debate_id == item.item.debate_id for tree in item.trees):
        yield Step(at.here_url("procedure.postpone", item_id=item.item.id), _("Postpone this matter"), quiet=True, rare=True)
    yield Step(at.here_url("procedure.rule", item_id=item.item.id), _("Rule on a point of order"), quiet=True, rare=True)


def _roster(at: Sitting) -> Iterator[Step]:
    if P.MEETING_RECORD in at.may:
        yield Step(at.here_url("meetings.roster"), _("Keep the roster"))
        yield Step(at.here_url("meetings.apology"), _("Take down apologies"))
        yield Step(at.here_url("meetings.guest"), _("Enter who sits in"), quiet=True, rare=True)
        yield Step(at.here_url("floor.sheets"), _("Print sheets for the room"), quiet=True, rare=True)
    if (P.MEETING_RECORD in at.may or P.MEETING_CHAIR in at.may) and comes_today(at.meeting):
        yield Step(at.here_url("room.show"), _("Show the code for signing in"), quiet=not at.missing)


def _apologies(at: Sitting) -> Iterator[Step]:
    if at.own_state in ("expected", "excused", "left") and comes_today(at.meeting):
        yield Step(at.here_url("room.here"), _("I am here"), hint=_("With the code on the wall of the room."))
        if at.may_vote_from_afar:
            yield Step(at.here_url("meetings.sign_in"), _("I take part from elsewhere"), posts=True, quiet=True)
    if at.own_state == "attending" and at.meeting.state == MeetingState.OPEN:
        yield Step(at.here_url("meetings.leave"), _("I have to leave"), quiet=True, rare=at.is_chair)
    if P.RECUSAL_ASK not in at.may:
        return
    if at.own_state == "expected":
        yield Step(at.here_url("meetings.excuse"), _("I cannot come"), posts=True, quiet=True)
    if at.own_state in ("expected", "excused") and P.MEETING_RECORD not in at.may:
        yield Step(at.here_url("meetings.apology"), _("Say why I cannot come"), quiet=True)
