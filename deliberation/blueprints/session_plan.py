"""The pages of a session before its notice: putting it on the calendar, changing it, sending the notice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from deliberation.agenda.models import Matter
from deliberation.blueprints.agenda import Answer
from deliberation.blueprints.pages import act, actor, council_or_404, form_page, load_or_404, need
from deliberation.blueprints.words import day, short_language
from deliberation.councils import rules
from deliberation.councils.models import Council
from deliberation.councils.queries import permissions_of
from deliberation.councils.services import rules_in_force
from deliberation.kernel import clock
from deliberation.kernel.errors import Forbidden, NotFound, Refused
from deliberation.kernel.words import N_
from deliberation.meetings import kinds, planning, queries, services
from deliberation.meetings import roster as rosters
from deliberation.meetings.forms import PlanForm
from deliberation.meetings.kinds import MeetingKind
from deliberation.meetings.models import Meeting
from deliberation.meetings.states import MeetingState
from deliberation.motions.sittings import postponed_until
from deliberation.people.models import Person
from deliberation.people.permissions import Office, Permission

bp = Blueprint("meetings", __name__, url_prefix="/c/<community>/meetings")


def address(council: Council, meeting_id: int) -> str:
    return url_for("meetings.show", community=council.slug, meeting_id=meeting_id)


def signed_in() -> Person:
    """The person signed in; the service says whether that person may."""
    person = actor()
    if person is None:
        raise Forbidden(N_("Please sign in first."))
    return person


def meeting_or_404(council: Council, meeting_id: int) -> Meeting:
    """A session that this reader may see: one whose notice never went out is the council's own business."""
    load_or_404(Meeting, council, id=meeting_id)
    meeting = queries.meeting_by_id(council, meeting_id)
    hidden = meeting is not None and not meeting.is_announced
    if meeting is None or (hidden and Permission.MEETING_READ not in permissions_of(actor(), council)):
        raise NotFound(N_("There is nothing at this address."))
    return meeting


def held_or_404(council: Council, meeting_id: int) -> Meeting:
    """A meeting that is over: to everybody once its minutes are published, before that to those who may read them."""
    meeting = meeting_or_404(council, meeting_id)
    reads = Permission.MEETING_READ in permissions_of(actor(), council)
    if not meeting.is_held or not (reads or meeting.state == MeetingState.PUBLISHED):
        raise NotFound(N_("There is nothing at this address."))
    return meeting


@bp.route("/new", methods=["GET", "POST"])
def new(community: str) -> Answer:
    council = council_or_404(community)
    person = need(Permission.MEETING_CALL, council)
    held = rules.parse(rules_in_force(council).data)
    kind = kinds.kind_of(request.args.get("kind") or kinds.usual())
    if kind not in kinds.held_by(held):
        raise Refused(N_("The rules of this council know no such meeting."), code="not_held_here")
    if request.method == "GET" and kind.needs_matters and not queries.of_kind(council, kind):
        return render_template("meetings/nothing_waits.html", council=council), 200
    form = PlanForm()
    plan = offered(form, council, kind)
    if request.method == "GET":
        # The agenda is what waits; whoever plans takes away what is not for this day.
        form.matters.data = [one.id for one in queries.waiting(council, kind)] if kind.decides else []
    return form_page(
        form,
        lambda: services.plan(council, **plan(), kind=kind.code, actor=person),
        lambda made: address(council, made.id),
        title=_("Plan: %(kind)s", kind=kind.name(held, short_language())),
        submit_label=_("Put it on the calendar"),
        said=_("On the calendar. Send the notice next."),
        council=council,
        intro=[first_possible(council, kind)],
        back_url=url_for("meetings.index", community=council.slug),
    )


@bp.route("/<int:meeting_id>/change", methods=["GET", "POST"])
def change(community: str, meeting_id: int) -> Answer:
    council = council_or_404(community)
    person = need(Permission.MEETING_CALL, council)
    meeting = meeting_or_404(council, meeting_id)
    if request.method == "GET":
        services.require_planned(meeting)
    form = PlanForm.filled(meeting, council.zone)
    kind = rosters.kind(meeting)
    plan = offered(form, council, kind, meeting)
    return form_page(
        form,
        lambda: services.replan(meeting, **plan(), actor=person),
        address(council, meeting_id),
        title=_("Change day, place or agenda"),
        submit_label=_("Keep the change"),
        said=_("Changed. Send the notice next."),
        council=council,
        intro=[first_possible(council, kind)],
        back_url=address(council, meeting_id),
    )


def first_possible(council: Council, kind: MeetingKind) -> str:
    notice = rules.parse(rules_in_force(council).data)[kind.notice]
    return _("The notice has to go out %(n)s clear days before the session. Sent today, the first possible day is %(day)s.",
             n=notice, day=day(planning.first_day(council, notice)))  # fmt: skip


def matter_words(matter: Matter, until: date | None) -> str:
    """A matter to choose for an agenda, and the day to which the council postponed it."""
    if until is None:
        return _("%(no)s %(title)s", no=matter.no, title=matter.title)
    return _("%(no)s %(title)s (postponed to %(day)s)", no=matter.no, title=matter.title, day=day(until))


def offered(
    form: PlanForm, council: Council, kind: MeetingKind, meeting: Meeting | None = None
) -> Callable[[], dict[str, Any]]:
    """Offer the matters that wait; gives what reads the plan out of the form. A change keeps its chair and its clerk
    where they still hold their offices."""
    matters = {matter.id: matter for matter in queries.of_kind(council, kind)}
    form.needs_matters = kind.needs_matters
    until = postponed_until(matters, clock.today(council.zone))
    form.matters.choices = [(id_, matter_words(m, until.get(id_))) for id_, m in matters.items()]

    def plan() -> dict[str, Any]:
        chairs, clerks = (queries.holders(council, office) for office in (Office.PRESIDENT, Office.CLERK))
        if not chairs or not clerks:
            raise Refused(N_("A session needs a president and a clerk: both offices must be held."), code="no_officers")
        return {
            "starts_at": form.instant(council.zone),
            "place": form.place.data,
            "matters": [matters[one] for one in form.matters.data or ()],
            "topics": form.topic_lines(),
            "materials": form.titles(),
            "chair": meeting.chair if meeting and meeting.chair in chairs else chairs[-1],
            "clerk": meeting.clerk if meeting and meeting.clerk in clerks else clerks[-1],
        }

    return plan


@bp.post("/<int:meeting_id>/call")
def call(community: str, meeting_id: int) -> Response:
    council = council_or_404(community)
    meeting = meeting_or_404(council, meeting_id)
    said = _("The notice is out. Everybody can read the agenda now.")
    return act(lambda: services.call(meeting, actor=signed_in()), address(council, meeting_id), said)
