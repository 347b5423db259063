"""Votes in a sitting: those present are the electorate, the sitting's rules are the rule."""

from __future__ import annotations

from sqlalchemy import select

from deliberation.agenda.models import Matter
from deliberation.agenda.services import recused_ids
from deliberation.councils import rules
from deliberation.councils.authority import authorize, members
from deliberation.councils.models import Council
from deliberation.extensions import db
from deliberation.kernel.errors import Refused
from deliberation.kernel.words import N_
from deliberation.meetings import turns
from deliberation.meetings.models import AgendaItem, Meeting
from deliberation.meetings.services import council_of, open_question_in, require_chair, require_open, roster, rules_of
from deliberation.meetings.states import MeetingState, Presence
from deliberation.motions import sittings
from deliberation.motions.models import Motion
from deliberation.motions.states import MotionState
from deliberation.people.models import Person
from deliberation.people.permissions import Permission
from deliberation.voting import services as voting
from deliberation.voting import tallying
from deliberation.voting.dry_run import DryRun, dry_run
from deliberation.voting.kinds import Mode
from deliberation.voting.models import Poll, VerdictRow
from deliberation.voting.services import Voter
from deliberation.voting.verdicts import PassRule


def meeting_of(motion: Motion) -> Meeting | None:
    """The sitting in which a motion is being considered, or was."""
    query = select(Meeting).join(AgendaItem).where(AgendaItem.debate_id == motion.debate_id)
    return None if motion.debate_id is None else db.session.scalar(query)


def electorate(meeting: Meeting, matter_id: int, chair_votes: bool) -> list[Voter]:
    """Everybody on the roster, with presence and recusal as they stand now. While the session sits, a seat that was given
    up since the notice counts no more."""
    recused = recused_ids(matter_id)
    rows = [row for row in roster(meeting) if not row.is_guest]
    if meeting.state == MeetingState.OPEN:
        seated = {seat.person_id for seat in members(council_of(meeting))}
        rows = [row for row in rows if row.person_id in seated]
    return [
        Voter(
            row.person_id,
            present=row.state == Presence.ATTENDING,
            recused=row.person_id in recused,
            may_vote=chair_votes or row.person_id != meeting.chair_id,
        )
        for row in rows
    ]


def room_now(meeting: Meeting, matter: Matter | None = None) -> DryRun:
    """Who is here now, and what a vote would take: under the matter's pinned rules, else those of the sitting."""
    held = rules.parse(matter.rule_set.data) if matter is not None else rules_of(meeting)
    voters = electorate(meeting, matter.id if matter else 0, held["chair_votes"])
    present = [voter for voter in voters if voter.present]
    return dry_run(
        PassRule.from_data(held.poll_rule()),
        entitled=len(voters),
        present=len(present),
        recused=sum(voter.recused for voter in present),
        may_vote=sum(voter.may_vote and not voter.recused for voter in present),
    )


def put(motion: Motion, *, mode: str = Mode.RECORDED, actor: Person) -> Poll:
    """Put a motion to the vote and open its poll with those in the room. The matter's pinned rules decide.

    A secret vote is only prepared: it is opened by `open_put` when its key is ready.

    Raises `Refused` without a quorum, out of order, without a second, outside a sitting.
    """
    capacity = authorize(actor, Permission.MOTION_PUT, motion.matter.council)
    meeting = meeting_of(motion)
    if meeting is None:
        raise Refused(N_("The matter is not being debated now: take it up in a sitting first."), code="no_debate")
    require_chair(meeting, actor)
    require_open(meeting)
    require_no_vote(meeting)
    held = rules.parse(motion.matter.rule_set.data)
    voters = electorate(meeting, motion.matter_id, held["chair_votes"])
    voting.require_quorum(voters, held.poll_rule())
    turns.end(meeting, capacity)
    poll = sittings.put(motion, mode=mode, actor=actor)
    if mode != Mode.SECRET:
        voting.open_poll(poll, voters, held.poll_rule(), motion.matter.rule_set.version, actor=actor)
    return poll


def open_put(motion: Motion, *, actor: Person) -> None:
    """Open the prepared poll of a motion that was put already, with those who are in the room now."""
    meeting = meeting_of(motion)
    if meeting is None or motion.poll is None:
        raise Refused(N_("There is no vote on this motion yet."), code="no_poll")
    require_chair(meeting, actor)
    require_open(meeting)
    held = rules.parse(motion.matter.rule_set.data)
    voters = electorate(meeting, motion.matter_id, held["chair_votes"])
    voting.open_poll(motion.poll, voters, held.poll_rule(), motion.matter.rule_set.version, actor=actor)


def cancel(motion: Motion, *, actor: Person) -> None:
    """Cancel the vote on a motion before it is closed: nothing that was cast counts, and the motion can be put again."""
    authorize(actor, Permission.MOTION_PUT, motion.matter.council)
    meeting = meeting_of(motion)
    if motion.poll is None:
        raise Refused(N_("There is no vote on this motion yet."), code="no_poll")
    if meeting is not None:
        require_chair(meeting, actor)
    voting.cancel(motion.poll, actor=actor)
    sittings.take_back(motion, actor=actor)


def open_poll_in(meeting: Meeting) -> Poll | None:
    """The vote that is open in this sitting: there is one at a time."""
    query = (
        select(Poll)
        .join(Motion, Motion.poll_id == Poll.id)
        .join(AgendaItem, AgendaItem.debate_id == Motion.debate_id)
        .where(AgendaItem.meeting_id == meeting.id, Motion.state == MotionState.VOTING.value)
    )
    return db.session.scalar(query)


def require_no_vote(meeting: Meeting) -> None:
    """Raise `Refused` while a vote is open in this sitting: there is one at a time."""
    busy = open_poll_in(meeting) or open_question_in(meeting)
    if busy is not None:
        raise Refused(N_("A vote on %(label)s is open: close and count it first."), label=busy.label, code="poll_open")


def require_conductor(council: Council, meeting: Meeting | None, actor: Person) -> None:
    """The chair of a sitting conducts its votes; those by correspondence are anybody's who may put motions."""
    authorize(actor, Permission.MOTION_PUT, council)
    if meeting is not None:
        require_chair(meeting, actor)


def motion_of(poll: Poll) -> Motion:
    """The motion that a poll decides, or decided nothing about, where it was cancelled."""
    return db.session.scalars(select(Motion).where(Motion.matter_id == poll.matter_id, Motion.label == poll.label)).one()


def close_and_count(motion: Motion, *, actor: Person) -> VerdictRow:
    """Close the vote, count it, keep the verdict and draw its consequence: three entries, one act of the chair."""
    authorize(actor, Permission.MOTION_PUT, motion.matter.council)
    poll = motion.poll
    if poll is None:
        raise Refused(N_("There is no vote on this motion yet."), code="no_poll")
    meeting = meeting_of(motion)
    if meeting is not None:
        require_chair(meeting, actor)
    voting.close(poll, actor=actor)
    row = tallying.count(poll, actor=actor)
    assert isinstance(row, VerdictRow)
    db.session.expire(poll, ["verdict"])
    sittings.settle(motion, actor=actor)
    return row
