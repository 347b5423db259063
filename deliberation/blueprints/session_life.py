"""The pages on which a meeting is moved, called off, adjourned and gone on with."""

from __future__ import annotations

from flask import Blueprint
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from deliberation.blueprints.agenda import Answer
from deliberation.blueprints.pages import act, council_or_404, form_page, need
from deliberation.blueprints.session_plan import address, meeting_or_404, signed_in
from deliberation.blueprints.words import day, when
from deliberation.meetings import life, planning
from deliberation.meetings.forms import AdjournForm, MoveForm, WhyForm
from deliberation.meetings.roster import kind, rules_of
from deliberation.people.permissions import Permission

bp = Blueprint("session_life", __name__, url_prefix="/c/<community>/meetings/<int:meeting_id>")


@bp.route("/move", methods=["GET", "POST"])
def move(community: str, meeting_id: int) -> Answer:
    council = council_or_404(community)
    person = need(Permission.MEETING_CALL, council)
    meeting = meeting_or_404(council, meeting_id)
    form = MoveForm.filled(meeting, council.zone)
    needed = rules_of(meeting)[kind(meeting).notice]
    return form_page(
        form,
        lambda: life.move(
            meeting, starts_at=form.instant(council.zone), place=form.place.data, reason=form.reason.data, actor=person
        ),
        address(council, meeting_id),
        title=_("Move the meeting"),
        submit_label=_("Send the new notice"),
        said=_("The new notice is out. The old one is shown as changed."),
        council=council,
        intro=[
            _("The notice has to go out %(n)s clear days before the session. Sent today, the first possible day is %(day)s.",
              n=needed, day=day(planning.first_day(council, needed))),
            _("Apologies were for the old day: everybody is expected anew."),
        ],
        back_url=address(council, meeting_id),
    )  # fmt: skip


@bp.route("/cancel", methods=["GET", "POST"])
def cancel(community: str, meeting_id: int) -> Answer:
    council = council_or_404(community)
    person = need(Permission.MEETING_CALL, council)
    meeting = meeting_or_404(council, meeting_id)
    form = WhyForm()
    return form_page(
        form,
        lambda: life.cancel(meeting, form.reason.data, actor=person),
        address(council, meeting_id),
        title=_("Call the meeting off"),
        submit_label=_("Call it off"),
        said=_("The meeting is called off. Its page says why."),
        council=council,
        intro=[when(meeting.starts_at), _("It is not called again: a new meeting needs a new notice.")],
        back_url=address(council, meeting_id),
    )


@bp.route("/adjourn", methods=["GET", "POST"])
def adjourn(community: str, meeting_id: int) -> Answer:
    council = council_or_404(community)
    person = need(Permission.MEETING_CHAIR, council)
    meeting = meeting_or_404(council, meeting_id)
    form = AdjournForm()
    return form_page(
        form,
        lambda: life.adjourn(meeting, form.instant(council.zone, form.until), actor=person),
        address(council, meeting_id),
        title=_("Adjourn the meeting"),
        submit_label=_("Adjourn"),
        said=_("The meeting is adjourned."),
        council=council,
        intro=[_("To another day, the clerk notes anew who is there.")],
        back_url=address(council, meeting_id),
    )


@bp.post("/resume")
def resume(community: str, meeting_id: int) -> Response:
    council = council_or_404(community)
    meeting = meeting_or_404(council, meeting_id)
    return act(lambda: life.resume(meeting, actor=signed_in()), address(council, meeting_id), _("The meeting goes on."))
