"""Who is in the room: the roster, apologies by one tap or taken down by the clerk, coming and leaving."""

from __future__ import annotations

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from deliberation.blueprints import sitting
from deliberation.blueprints.agenda import Answer
from deliberation.blueprints.pages import act, council_or_404, form_page, need
from deliberation.blueprints.session_plan import address, bp, meeting_or_404, signed_in
from deliberation.blueprints.words import say
from deliberation.councils.queries import permissions_of
from deliberation.kernel.forms import BaseForm
from deliberation.meetings import guests, queries
from deliberation.meetings.forms import ApologyForm, GuestForm, RosterForm, roster_form
from deliberation.meetings.queries import RosterLine
from deliberation.meetings.states import Presence
from deliberation.people import services as people
from deliberation.people.permissions import Permission


@bp.post("/<int:meeting_id>/excuse")
def excuse(community: str, meeting_id: int) -> Response:
    """One tap, without a reason; it can be said afterwards."""
    return _own(community, meeting_id, Presence.EXCUSED, _("Noted: you cannot come. You can say why, for the council alone."))


@bp.route("/<int:meeting_id>/leave", methods=["GET", "POST"])
def leave(community: str, meeting_id: int) -> Answer:
    """Read back first: one tap beside the vote would take somebody out of the room, and the quorum with them."""
    council = council_or_404(community)
    person = signed_in()
    meeting = meeting_or_404(council, meeting_id)
    return form_page(
        BaseForm(),
        lambda: sitting.note(meeting, {person.id: Presence.LEFT}, person),
        address(council, meeting_id),
        title=_("I have to leave"),
        submit_label=_("I am leaving now"),
        said=_("Noted: you have left. When you come back, sign in anew with the code, or tell the clerk."),
        council=council,
        intro=[_("From now on you count as gone."), *sitting.without(meeting, person)],
        back_url=address(council, meeting_id),
    )


def _own(community: str, meeting_id: int, state: Presence, said: str) -> Response:
    council = council_or_404(community)
    meeting = meeting_or_404(council, meeting_id)
    person = signed_in()
    return act(lambda: sitting.note(meeting, {person.id: state}, person), address(council, meeting_id), said)


@bp.post("/<int:meeting_id>/sign-in")
def sign_in(community: str, meeting_id: int) -> Response:
    council = council_or_404(community)
    meeting = meeting_or_404(council, meeting_id)
    person = signed_in()
    here = {person.id: Presence.ATTENDING}
    said = _("You are on the roster as present.")
    return act(lambda: sitting.note(meeting, here, person), address(council, meeting_id), said)


@bp.route("/<int:meeting_id>/roster", methods=["GET", "POST"])
def roster(community: str, meeting_id: int) -> Answer:
    council = council_or_404(community)
    person = need(Permission.MEETING_RECORD, council)
    meeting = meeting_or_404(council, meeting_id)
    form: RosterForm = roster_form(queries.roster_lines(meeting, council), who_is)
    return form_page(
        form,
        lambda: sitting.note(meeting, form.states(), person),
        address(council, meeting_id),
        title=_("Roster"),
        submit_label=_("Keep this roster"),
        said=_("The roster is up to date."),
        template="meetings/roster.html",
        council=council,
        back_url=address(council, meeting_id),
    )


@bp.route("/<int:meeting_id>/guest", methods=["GET", "POST"])
def guest(community: str, meeting_id: int) -> Answer:
    council = council_or_404(community)
    person = need(Permission.MEETING_RECORD, council)
    meeting = meeting_or_404(council, meeting_id)
    form = GuestForm()

    def enter() -> None:
        known = people.account_named(form.login.data).person if form.login.data else None
        guests.add_guest(meeting, form.as_what.data, name=form.name.data or "", person=known, actor=person)

    return form_page(
        form,
        enter,
        address(council, meeting_id) + "#roster",
        title=_("Enter who sits in"),
        submit_label=_("Put on the roster"),
        said=_("On the roster. Note on it when they come and go."),
        council=council,
        intro=[_("Whoever sits in counts for no quorum and no vote.")],
        back_url=address(council, meeting_id),
    )


def who_is(row: RosterLine) -> str:
    return _("%(name)s (%(seat)s)", name=row.name or _("(erased)"), seat=say(row.seat))


@bp.route("/<int:meeting_id>/apology", methods=["GET", "POST"])
def apology(community: str, meeting_id: int) -> Answer:
    council = council_or_404(community)
    person = need(Permission.MEETING_READ, council)
    meeting = meeting_or_404(council, meeting_id)
    rows = queries.roster_lines(meeting, council)
    form = ApologyForm()
    records = Permission.MEETING_RECORD in permissions_of(person, council)
    own = person.id in {row.person_id for row in rows}
    form.offer([(row.person_id, who_is(row)) for row in rows if row.person_id != person.id], own=own, others=records)

    def excuse() -> None:
        member = form.chosen or person.id
        sitting.note(meeting, {member: Presence.EXCUSED}, person, {member: form.reason.data})

    return form_page(
        form,
        excuse,
        address(council, meeting_id),
        title=_("Take down apologies") if records else _("I cannot come"),
        submit_label=_("Send the apology"),
        said=_("Noted. Only the council reads the reason."),
        council=council,
        back_url=address(council, meeting_id),
    )
