"""Council sessions: the calendar, one page a session for everybody, the chair's and the clerk's forms."""

from __future__ import annotations

from flask import render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from deliberation.agenda import queries as agenda
from deliberation.agreements.queries import sides, who
from deliberation.blueprints import cadence, kind_steps, sitting
from deliberation.blueprints.agenda import Answer
from deliberation.blueprints.agreement_words import who_said
from deliberation.blueprints.attendance import who_is
from deliberation.blueprints.pages import act, actor, council_or_404, form_page, need
from deliberation.blueprints.rating_words import group_words
from deliberation.blueprints.screen import milliseconds, pulse
from deliberation.blueprints.session_plan import address, bp, meeting_or_404, signed_in
from deliberation.blueprints.sitting_steps import steps
from deliberation.blueprints.words import short_language
from deliberation.councils import rules
from deliberation.councils.queries import permissions_of
from deliberation.councils.services import rules_in_force
from deliberation.evaluations import queries as evaluations
from deliberation.hearings.queries import rounds_of
from deliberation.kernel import clock
from deliberation.kernel.errors import NotFound
from deliberation.kernel.forms import BaseForm
from deliberation.kernel.words import N_
from deliberation.meetings import clocks, kinds, queries, questions, services, speeches
from deliberation.meetings.cadence import standing_words
from deliberation.meetings.forms import SpeechForm
from deliberation.meetings.models import AgendaItem, Meeting
from deliberation.meetings.states import Presence, meeting_state_words
from deliberation.motions import queries as motions
from deliberation.people.permissions import Permission
from deliberation.reporting.services import paper_of


def item_or_404(meeting: Meeting, item_id: int) -> AgendaItem:
    found = next((item for item in meeting.items if item.id == item_id), None)
    if found is None:
        raise NotFound(N_("There is nothing at this address."))
    return found


@bp.get("/")
def index(community: str) -> str:
    council = council_or_404(community)
    may = permissions_of(actor(), council)
    held = rules.parse(rules_in_force(council).data)
    coming, past = queries.calendar(council, with_planned=Permission.MEETING_READ in may)
    return render_template(
        "meetings/index.html",
        council=council,
        coming=coming,
        past=past,
        paths=agenda.paths(council, (no for one in [*coming, *past] for no, _title in one.matters)),
        year=cadence.year(council, [*coming, *past]),
        may_plan=Permission.MEETING_CALL in may,
        usual=kinds.usual(),
        kinds={one.code: one for one in kinds.kinds().values()},
        others=[one for one in kinds.held_by(held) if one.code != kinds.usual()],
        named=lambda kind: kind.name(held, short_language()),
        reads=Permission.MEETING_READ in may,
        something_waits=Permission.MEETING_CALL in may and bool(queries.adoptable(council)),
        state_words=meeting_state_words,
    )


@bp.get("/year/<int:number>")
def year(community: str, number: int) -> str:
    """Which of the meetings that come back were held that year, and what else happened month by month."""
    council = council_or_404(community)
    this = clock.today(council.zone).year
    began = clocks.began_on(council)
    first = began.year if began else this
    if not first <= number <= this + 1:
        raise NotFound(N_("There is nothing at this address."))
    may = permissions_of(actor(), council)
    reads = Permission.MEETING_READ in may
    coming, past = queries.calendar(council, with_planned=reads)
    told = clocks.clocks([council], year=number, with_planned=reads)[council.id]
    return render_template(
        "meetings/year.html",
        council=council,
        number=number,
        years=range(first, this + 2),
        began=began,
        clocks=told,
        year=cadence.year(council, [*coming, *past], number),
        overdue=[cadence.Overdue(council, one, one.overdue) for one in told if one.overdue],
        overdue_words=cadence.overdue_words,
        period_short=cadence.period_short,
        standing_words=standing_words,
        language=short_language(),
        may_plan=Permission.MEETING_CALL in may,
    )


@bp.get("/<int:meeting_id>")
def show(community: str, meeting_id: int) -> str:
    council = council_or_404(community)
    # Before the rest: what happens while the page is made is told as a change.
    seen = pulse(council, meeting_id)
    meeting = meeting_or_404(council, meeting_id)
    at = sitting.view(council, meeting)
    held = services.rules_of(meeting)
    reads = Permission.MEETING_READ in at.may
    known = motions.seats(council) if at.floor else {}
    return render_template(
        "meetings/show.html",
        council=council,
        meeting=meeting,
        at=at,
        happening=sitting.happening(at),
        steps=[*kind_steps.way_on(at), *steps(at)],
        reads=reads,
        may=at.may,
        roster=queries.roster_lines(meeting, council) if reads else [],
        questions=[one for one in questions.questions_of(meeting) if one.least_shown is None],
        ratings=[(one, group_words(one)) for one in evaluations.rounds_of(meeting)] if at.kind.rates else [],
        state_words=meeting_state_words,
        kind=at.kind,
        rounds=rounds_of(meeting) if at.kind.hears else {},
        sides=sides(meeting) if at.kind.agrees else [],
        who_said=lambda one: who_said(who(one)),
        has_report=at.kind.reports and paper_of(meeting) is not None,
        kind_name=at.kind.name(held, short_language()),
        language=short_language(),
        speech_times=held["speech_times"],
        speech_minutes=held["speech_minutes"],
        floor_who=lambda person: motions.who(person, known, names=reads),
        pulse=seen if meeting.called_at and not meeting.is_over else "",
        now_ms=milliseconds(),
    )


@bp.route("/<int:meeting_id>/open", methods=["GET", "POST"])
def open_(community: str, meeting_id: int) -> Answer:
    council = council_or_404(community)
    need(Permission.MEETING_CHAIR, council)
    meeting = meeting_or_404(council, meeting_id)
    return form_page(
        BaseForm(),
        lambda: services.open_meeting(meeting, actor=signed_in()),
        address(council, meeting_id),
        title=_("Open the session"),
        submit_label=_("Open the session"),
        said=_("The session is open."),
        council=council,
        intro=[*sitting.before_opening(sitting.view(council, meeting)), _("A session that is open cannot be put back.")],
        back_url=address(council, meeting_id),
    )


@bp.post("/<int:meeting_id>/take-chair")
def take_chair(community: str, meeting_id: int) -> Response:
    council = council_or_404(community)
    meeting = meeting_or_404(council, meeting_id)
    return act(lambda: services.take_chair(meeting, actor=signed_in()), address(council, meeting_id), _("You have the chair now."))


@bp.route("/<int:meeting_id>/close", methods=["GET", "POST"])
def close(community: str, meeting_id: int) -> Answer:
    council = council_or_404(community)
    need(Permission.MEETING_CHAIR, council)
    meeting = meeting_or_404(council, meeting_id)
    at = sitting.view(council, meeting)
    return form_page(
        BaseForm(),
        lambda: services.close_meeting(meeting, actor=signed_in()),
        address(council, meeting_id),
        title=_("Close the session"),
        submit_label=_("Close the session"),
        said=_("The session is closed."),
        council=council,
        intro=[
            *sitting.left_undone(at), *kind_steps.left_undone(at),
            _("Once closed, it is not opened again. A new session needs a new notice."),
        ],  # fmt: skip
        back_url=address(council, meeting_id),
    )


@bp.post("/<int:meeting_id>/items/<int:item_id>/take-up")
def take_up(community: str, meeting_id: int, item_id: int) -> Response:
    council = council_or_404(community)
    item = item_or_404(meeting_or_404(council, meeting_id), item_id)
    said = _("“%(title)s” is called up. What was moved beforehand lies before the council.", title=item.matter.title)
    return act(lambda: services.take_up(item, actor=signed_in()), address(council, meeting_id), said)


@bp.route("/<int:meeting_id>/items/<int:item_id>/finish", methods=["GET", "POST"])
def finish(community: str, meeting_id: int, item_id: int) -> Answer:
    council = council_or_404(community)
    need(Permission.MEETING_CHAIR, council)
    meeting = meeting_or_404(council, meeting_id)
    item = item_or_404(meeting, item_id)
    view_of = next(one for one in sitting.view(council, meeting).items if one.item.id == item_id)
    return form_page(
        BaseForm(),
        lambda: services.finish(item, actor=signed_in()),
        address(council, meeting_id),
        title=_("Finish with “%(title)s”", title=item.matter.title),
        submit_label=_("Finish with this matter"),
        said=_("Done with this matter for today."),
        council=council,
        intro=[*sitting.undecided(view_of), _("In this session it is not called up again.")],
        back_url=address(council, meeting_id),
    )


@bp.route("/<int:meeting_id>/items/<int:item_id>/speech", methods=["GET", "POST"])
def speech(community: str, meeting_id: int, item_id: int) -> Answer:
    council = council_or_404(community)
    person = need(Permission.MEETING_RECORD, council)
    meeting = meeting_or_404(council, meeting_id)
    item = item_or_404(meeting, item_id)
    form = SpeechForm()
    rows = queries.roster_lines(meeting, council)
    here = {row.person_id: who_is(row) for row in rows if row.state == Presence.ATTENDING and not row.is_guest}
    form.speaker.choices = list(here.items())
    people = queries.people_on_roster(meeting)
    return form_page(
        form,
        lambda: speeches.speak(item, people[form.speaker.data], form.stance.data, form.gist.data, actor=person),
        address(council, meeting_id),
        title=_("Note a speech"),
        submit_label=_("Note the speech"),
        said=_("Noted."),
        council=council,
        back_url=address(council, meeting_id),
    )
