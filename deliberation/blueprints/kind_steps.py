"""A meeting that puts nothing to a vote by motion: where its work goes on, and what the chair would leave undone by closing it."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _

from deliberation.agreements import queries as agreements
from deliberation.blueprints.agreement_words import who_said
from deliberation.blueprints.sitting import Sitting
from deliberation.blueprints.sitting_steps import Step
from deliberation.evaluations import queries as evaluations
from deliberation.evaluations.services import is_put
from deliberation.hearings import queries as hearings
from deliberation.hearings.states import Kind
from deliberation.kernel import clock
from deliberation.meetings.states import MeetingState
from deliberation.people.permissions import Permission as P
from deliberation.voting.states import PollState


def way_on(at: Sitting) -> list[Step]:
    """While the meeting is open, for chair and clerk: the page on which its work goes on, as long as there is some; before its
    notice, for who calls it, what has to stand by then."""
    writes = P.MEETING_RECORD in at.may
    if at.meeting.state == MeetingState.PLANNED and P.MEETING_CALL in at.may:
        return list(_before_notice(at))
    if at.meeting.state != MeetingState.OPEN or not (at.is_chair or writes):
        return []
    return [*_rating(at), *_agreeing(at, writes), *_hearing(at, writes)]


def _before_notice(at: Sitting) -> Iterator[Step]:
    hint = _("Once the notice is out, nothing can be added to what is rated.")
    rounds = evaluations.rounds_of(at.meeting) if at.kind.rates else []
    if at.kind.rates and not rounds:
        yield Step(at.here_url("evaluations.plan"), _("Plan a rating round"), hint=hint)
    for one in rounds:
        if not one.subjects:
            yield Step(at.url("evaluations.show", round_id=one.id), _("Enter what is rated: %(title)s", title=one.title), hint=hint)


def _rating(at: Sitting) -> Iterator[Step]:
    if at.kind.rates:
        for one in evaluations.rounds_of(at.meeting):
            if not is_put(one) or (one.poll is not None and one.poll.state != PollState.COUNTED):
                yield Step(at.url("evaluations.show", round_id=one.id), _("To the rating round: %(title)s", title=one.title))


def _agreeing(at: Sitting, writes: bool) -> Iterator[Step]:
    if not at.kind.agrees:
        return
    today = clock.today(at.council.zone)
    done = agreements.points(at.meeting, today) if at.kind.agrees == "points" else agreements.settlement(at.meeting)
    if writes or not done:
        text = _("Write down what the sides agree on") if writes else _("See what the sides agree on")
        yield Step(at.here_url("agreements.show"), text)


def _hearing(at: Sitting, writes: bool) -> Iterator[Step]:
    for one in hearings.rounds_of(at.meeting).values() if at.kind.hears else ():
        if writes or not hearings.said(one):
            text = _("Take down what is said") if writes else _("See what is said in the hearing")
            yield Step(at.url("hearings.show", hearing_id=one.id), text, hint=one.question)


def left_undone(at: Sitting) -> list[str]:
    """What closing the meeting now would leave undone for good, besides `sitting.left_undone`."""
    told = []
    if at.kind.rates and (unrated := [one.title for one in evaluations.rounds_of(at.meeting) if not is_put(one)]):
        told.append(_("Announced, and not rated: %(titles)s.", titles=_(", ").join(unrated)))
    if at.kind.agrees:
        missing = [who_said(agreements.who(one)) for one in agreements.sides(at.meeting) if not one.is_present]
        if missing:
            told.append(_("The record will say that these sides did not come: %(sides)s.", sides=_(", ").join(missing)))
    for one in hearings.rounds_of(at.meeting).values() if at.kind.hears else ():
        said = hearings.said(one)
        if not any(word.kind == Kind.STATEMENT for word in said):
            told.append(_("No statement is taken down; after the close none can be."))
        sent = {word.who for word in said if word.kind == Kind.SUBMISSION}
        far = [_("No. %(n)s", n=who.number) for who in hearings.participants(one) if not who.comes and who.number not in sent]
        if far:
            told.append(_("Nothing in writing was entered for %(who)s; after the close nothing can be.", who=_(", ").join(far)))
    return told
