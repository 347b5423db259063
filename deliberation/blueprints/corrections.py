"""Corrections of published minutes: written by the clerk, countersigned by the chair, shown with the minutes."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from deliberation.blueprints.pages import act, actor, council_or_404, form_page, load_or_404, need
from deliberation.blueprints.session_plan import held_or_404, signed_in
from deliberation.councils.models import Council
from deliberation.councils.queries import permissions_of
from deliberation.meetings import corrections, minutes
from deliberation.meetings.forms import CorrectionForm
from deliberation.meetings.minutes_models import Correction
from deliberation.meetings.models import Meeting
from deliberation.people.permissions import Permission

bp = Blueprint("corrections", __name__, url_prefix="/c/<community>/meetings/<int:meeting_id>/minutes/corrections")


def part_words(meeting: Meeting, part: str) -> str:
    """What a place of the document is called."""
    if part.startswith("item:"):
        title = next((item.matter.title for item in meeting.items if part == f"item:{item.id}"), "")
        return _("The matter “%(title)s”", title=title)
    named = {
        corrections.HEAD: _("Time, place and who was there"),
        "questions": _("Questions put to the session"),
        "arrangements": _("Who does what until when"),
        "objections": _("Objections to the minutes"),
    }
    return named.get(part) or _("The record of the meeting")


def shown(council: Council, meeting: Meeting) -> dict[str, Any]:
    """What the page of the minutes shows of corrections: to everybody those that stand, to the council those that wait too."""
    every = corrections.corrections(meeting) if meeting.state == "published" else []
    person, may = actor(), permissions_of(actor(), council)
    signs = minutes.signs_as(meeting, person) if person is not None and meeting.state == "published" else []
    return {
        "stands": [one for one in every if one.number is not None],
        "waits": [one for one in every if one.waits] if Permission.MEETING_READ in may else [],
        "writes": "clerk" in signs,
        "signs": signs,
        "me": person.id if person is not None else None,
    }


@bp.route("/new", methods=["GET", "POST"])
def new(community: str, meeting_id: int) -> Answer | tuple[str, int]:
    council = council_or_404(community)
    person = need(Permission.MEETING_RECORD, council)
    meeting = held_or_404(council, meeting_id)
    form = CorrectionForm()
    form.part.choices = [(one, part_words(meeting, one)) for one in corrections.places(meeting)]
    here = url_for("minutes.show", community=council.slug, meeting_id=meeting.id)

    def keep() -> None:
        corrections.correct(
            meeting, form.part.data, stood=form.stood.data, corrected=form.corrected.data, why=form.why.data, actor=person
        )

    return form_page(
        form,
        keep,
        here,
        title=_("Correct the published minutes"),
        submit_label=_("Hand it to the chair"),
        said=_("Noted. It is published when the chair has countersigned it."),
        council=council,
        intro=[
            _("The minutes as signed stay as they are, with their SHA-256. The correction is shown with them."),
            _("It is an official text: everybody reads it, and it can never be erased. Write no names."),
        ],
        back_url=here,
    )


@bp.post("/<int:correction_id>/countersign")
def countersign(community: str, meeting_id: int, correction_id: int) -> Answer:
    council = council_or_404(community)
    meeting = held_or_404(council, meeting_id)
    one = load_or_404(Correction, council, id=correction_id, meeting_id=meeting.id)
    here = url_for("minutes.show", community=council.slug, meeting_id=meeting.id)
    return act(lambda: corrections.countersign(one, meeting, actor=signed_in()), here, _("Countersigned. Everybody reads it now."))


@bp.post("/<int:correction_id>/drop")
def drop(community: str, meeting_id: int, correction_id: int) -> Answer:
    council = council_or_404(community)
    meeting = held_or_404(council, meeting_id)
    one = load_or_404(Correction, council, id=correction_id, meeting_id=meeting.id)
    here = url_for("minutes.show", community=council.slug, meeting_id=meeting.id)
    return act(lambda: corrections.drop(one, meeting, actor=signed_in()), here, _("Dropped."))
