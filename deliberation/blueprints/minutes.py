"""The minutes' pages: read, worded by the clerk, objected to, signed, published."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as Answer

from deliberation.blueprints import corrections
from deliberation.blueprints.marks import mark
from deliberation.blueprints.minutes_faces import face
from deliberation.blueprints.pages import act, actor, council_or_404, form_page, load_or_404, need
from deliberation.blueprints.session_plan import held_or_404, meeting_or_404, signed_in
from deliberation.blueprints.words import until, when
from deliberation.councils.models import Council
from deliberation.councils.queries import permissions_of
from deliberation.kernel import clock
from deliberation.kernel.errors import NotFound, Refused
from deliberation.kernel.forms import BaseForm
from deliberation.kernel.words import N_
from deliberation.meetings import minutes, turns
from deliberation.meetings.forms import AnswerForm, ObjectionForm, PartForm
from deliberation.meetings.minutes_models import Minutes, Objection
from deliberation.meetings.models import Meeting
from deliberation.meetings.states import MeetingState
from deliberation.people.permissions import Permission

bp = Blueprint("minutes", __name__, url_prefix="/c/<community>/meetings/<int:meeting_id>/minutes")
Page = Answer | tuple[str, int] | str


def here(council: Council, meeting: Meeting) -> str:
    return url_for("minutes.show", community=council.slug, meeting_id=meeting.id)


@bp.get("/")
def show(community: str, meeting_id: int) -> str:
    council = council_or_404(community)
    meeting = held_or_404(council, meeting_id)
    may = permissions_of(actor(), council)
    kept = minutes.minutes_of(meeting)
    text, digest = minutes.frozen(meeting, kept)
    person = actor()
    signed = kept is not None and kept.document is not None
    signs = _signs(meeting, kept, may)
    return render_template(
        "meetings/minutes.html",
        council=council,
        meeting=meeting,
        kept=kept,
        face=face(json.loads(text), meeting, reads=Permission.MEETING_READ in may),
        document_hash=digest,
        altered=kept is not None and kept.document_hash not in (None, digest),
        reads=Permission.MEETING_READ in may,
        writes=Permission.MEETING_RECORD in may and minutes.may_write(meeting),
        answers=Permission.MEETING_RECORD in may and meeting.state == "minuted" and not signed,
        acts=_acts(meeting, kept, may),
        objecting=_objecting(meeting, kept),
        signs=signs,
        upheld_in_vain=bool(signs) and minutes.is_upheld_in_vain(meeting),
        takes_back=signed and meeting.state == "minuted" and person is not None and bool(minutes.signs_as(meeting, person)),
        may_object=person is not None and _objecting(meeting, kept) and minutes.may_object(meeting, person),
        edits=minutes.history(meeting) if Permission.MEETING_READ in may else [],
        part_words=part_words,
        mark=mark(council, "minutes", meeting.id) if signed else None,
        corrections=corrections.shown(council, meeting),
        place_words=corrections.part_words,
    )


def _objecting(meeting: Meeting, kept: Minutes | None) -> bool:
    return kept is not None and meeting.state == "minuted" and kept.document is None and clock.now() < kept.objections_until


def _acts(meeting: Meeting, kept: Minutes | None, may: frozenset[Permission]) -> list[tuple[str, str]]:
    """The one-press acts on the minutes as a whole: (endpoint, words)."""
    if meeting.state == MeetingState.CLOSED and Permission.MEETING_RECORD in may:
        return [("minutes.lay_out", _("Lay the minutes out for objections"))]
    if meeting.state == MeetingState.SIGNED and Permission.MEETING_CALL in may:
        return [("minutes.publish", _("Publish the minutes"))]
    return []


def _signs(meeting: Meeting, kept: Minutes | None, may: frozenset[Permission]) -> list[str]:
    """In which capacities this reader can sign now."""
    person = actor()
    if person is None or kept is None or meeting.state != MeetingState.MINUTED or clock.now() < kept.objections_until:
        return []
    if person.id in (kept.chair_signer_id, kept.clerk_signer_id):
        return []
    return [part for part in minutes.signs_as(meeting, person) if getattr(kept, f"{part}_signer_id") is None]


def part_words(meeting: Meeting, part: str) -> str:
    """What a part is called."""
    name, _colon, number = part.partition(":")
    if name == "item":
        title = next((item.matter.title for item in meeting.items if str(item.id) == number), "")
        return _("Summary of “%(title)s”", title=title)
    named = {minutes.ARRANGEMENTS: _("Who does what until when"), minutes.GUESTS: _("Sitting in")}
    return named.get(name, _("What was said"))


@bp.route("/write/<part>", methods=["GET", "POST"])
def write(community: str, meeting_id: int, part: str) -> Page:
    council = council_or_404(community)
    person = need(Permission.MEETING_RECORD, council)
    meeting = held_or_404(council, meeting_id)
    number, stands = minutes.wording(meeting, part)
    form = PartForm(data={"text": stands, "number": number})
    clash: dict[str, Any] = {}

    def save() -> None:
        try:
            minutes.write(meeting, part, form.text.data, number=form.number.data, actor=person)
        except Refused as error:
            if error.code == "changed_since":
                clash.update(_clash(meeting, part))
                # What was typed stays in the form; handed in again it goes over the wording shown beside it.
                form.number.data = clash["number"]
            raise

    return form_page(
        form,
        save,
        here(council, meeting),
        title=part_words(meeting, part),
        submit_label=_("Keep this wording"),
        said=_("Kept. The wording before it can still be read."),
        template="meetings/minutes_part.html",
        council=council,
        meeting=meeting,
        clash=clash,
        intro=_before_writing(part),
        back_url=here(council, meeting),
    )


def _before_writing(part: str) -> list[str]:
    told = _("Times, figures, motions and votes come from what happened and are not typed. People stand here by their seats.")
    if part.startswith("speech:"):
        return [told]
    return [told, _("This part is an official text: everybody reads it, and no wording of it can ever be erased. Write no names.")]


def _clash(meeting: Meeting, part: str) -> dict[str, Any]:
    """The wording that another clerk kept meanwhile, and whose it is; none for a number that was made up."""
    number, text = minutes.wording(meeting, part)
    if not number:
        return {"number": number}
    last = minutes.history(meeting, part)[-1]
    return {"number": number, "text": text, "by": last.by.name or _("(erased)"), "at": when(last.at)}


@bp.route("/lay-out", methods=["GET", "POST"])
def lay_out(community: str, meeting_id: int) -> Page:
    """Read back first: what was said and is not written down yet cannot be noted any more."""
    council = council_or_404(community)
    person = need(Permission.MEETING_RECORD, council)
    meeting = meeting_or_404(council, meeting_id)
    unnoted = len(turns.unnoted(meeting))
    told = ngettext(
        "%(num)s speech is not written down yet. It can be noted only before the minutes are laid out.",
        "%(num)s speeches are not written down yet. They can be noted only before the minutes are laid out.",
        unnoted,
    )
    return form_page(
        BaseForm(),
        lambda: minutes.lay_out(meeting, actor=person),
        here(council, meeting),
        title=_("Lay the minutes out for objections"),
        submit_label=_("Lay the minutes out for objections"),
        said=_("The minutes are laid out. Those who were there can object to them."),
        council=council,
        intro=[*([told] if unnoted else []), _("From then on those who were there can object. It is not taken back.")],
        back_url=here(council, meeting),
    )


@bp.route("/object", methods=["GET", "POST"])
def object_(community: str, meeting_id: int) -> Page:
    council = council_or_404(community)
    person = need(Permission.MEETING_READ, council)
    meeting = held_or_404(council, meeting_id)
    kept = minutes.minutes_of(meeting)
    form = ObjectionForm()
    return form_page(
        form,
        lambda: minutes.object_to(meeting, form.text.data, actor=person),
        here(council, meeting),
        title=_("Object to the minutes"),
        submit_label=_("Object"),
        said=_("Noted. You get an answer before the minutes are signed."),
        council=council,
        intro=[_("Until %(until)s.", until=until(kept.objections_until))] if kept else [],
        back_url=here(council, meeting),
    )


@bp.route("/objections/<int:objection_id>", methods=["GET", "POST"])
def answer(community: str, meeting_id: int, objection_id: int) -> Page:
    council = council_or_404(community)
    person = need(Permission.MEETING_RECORD, council)
    meeting = held_or_404(council, meeting_id)
    objection = load_or_404(Objection, council, id=objection_id, meeting_id=meeting.id)
    form = AnswerForm()
    return form_page(
        form,
        lambda: minutes.answer(objection, meeting, form.answer.data, upheld=form.upheld.data == "yes", actor=person),
        here(council, meeting),
        title=_("Answer the objection"),
        submit_label=_("Answer"),
        said=_("Answered. Where you agree, correct the wording too."),
        council=council,
        intro=[objection.text.value or _("(erased)")],
        back_url=here(council, meeting),
    )


@bp.post("/sign/<part>/<digest>")
def sign(community: str, meeting_id: int, part: str, digest: str) -> Answer:
    council = council_or_404(community)
    meeting = meeting_or_404(council, meeting_id)
    if part not in ("chair", "clerk"):
        raise NotFound(N_("There is nothing at this address."))
    return act(lambda: minutes.sign(meeting, part, document_hash=digest, actor=signed_in()), here(council, meeting), _("Signed."))


@bp.post("/take-back")
def take_back(community: str, meeting_id: int) -> Answer:
    council = council_or_404(community)
    meeting = meeting_or_404(council, meeting_id)
    said = _("The minutes are open again. Both sign anew.")
    return act(lambda: minutes.take_back(meeting, actor=signed_in()), here(council, meeting), said)


@bp.route("/publish", methods=["GET", "POST"])
def publish(community: str, meeting_id: int) -> Page:
    """Read back first: what was published is in other people's hands."""
    council = council_or_404(community)
    person = need(Permission.MEETING_CALL, council)
    meeting = meeting_or_404(council, meeting_id)
    return form_page(
        BaseForm(),
        lambda: minutes.publish(meeting, actor=person),
        here(council, meeting),
        title=_("Publish the minutes"),
        submit_label=_("Publish the minutes"),
        said=_("The minutes are published. Everybody reads them, without names."),
        council=council,
        intro=[_("From then on everybody reads them, without names. The text stays as it was signed; mistakes get a correction.")],
        back_url=here(council, meeting),
    )


@bp.get("/document.json")
def document(community: str, meeting_id: int) -> Response:
    """The frozen text, byte for byte: its SHA-256 stands in the log and on paper."""
    council = council_or_404(community)
    meeting = held_or_404(council, meeting_id)
    kept = minutes.minutes_of(meeting)
    if kept is None or kept.document is None:
        raise NotFound(N_("There is nothing at this address."))
    return Response(kept.document, mimetype="application/json")


