"""What a meeting of sides ends in: its page and paper for everybody, and the clerk's forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Redirect

from deliberation.agreements import endings, queries, services
from deliberation.agreements.forms import NewSideForm, NoneForm, OutcomeForm, PointForm, SideForm
from deliberation.agreements.models import Point, Side
from deliberation.agreements.states import Ending, channels, point_words
from deliberation.blueprints.agreement_words import channel_said, happening, point_said, who_said
from deliberation.blueprints.marks import mark
from deliberation.blueprints.pages import act, actor, council_or_404, form_page, load_or_404, need
from deliberation.blueprints.session_plan import meeting_or_404, signed_in
from deliberation.blueprints.words import office_said, short_language
from deliberation.councils.models import Council
from deliberation.councils.queries import permissions_of
from deliberation.kernel import clock
from deliberation.kernel.errors import NotFound
from deliberation.kernel.forms import BaseForm
from deliberation.kernel.words import N_
from deliberation.meetings.kinds import kind_of
from deliberation.meetings.models import Meeting
from deliberation.meetings.roster import rules_of
from deliberation.meetings.states import MeetingState
from deliberation.people.permissions import Permission as P

bp = Blueprint("agreements", __name__, url_prefix="/c/<community>/meetings/<int:meeting_id>/agreement")
Answer = Redirect | tuple[str, int]


def _load(community: str, meeting_id: int) -> tuple[Council, Meeting]:
    council = council_or_404(community)
    meeting = meeting_or_404(council, meeting_id)
    services.require_agreeing(meeting)
    return council, meeting


def address(council: Council, meeting: Meeting) -> str:
    return url_for("agreements.show", community=council.slug, meeting_id=meeting.id)


@bp.get("/")
def show(community: str, meeting_id: int) -> str:
    council, meeting = _load(community, meeting_id)
    may, today = permissions_of(actor(), council), clock.today(council.zone)
    kind, ending, sides = kind_of(meeting.kind), queries.settlement(meeting), queries.sides(meeting)
    counts, reads = queries.do_points_count(meeting, ending), P.MEETING_READ in may
    said = queries.agreed_points(meeting, today)
    _text, digest = endings.text_of(meeting)
    return render_template(
        "agreements/show.html",
        council=council,
        meeting=meeting,
        kind=kind,
        kind_name=kind.name(rules_of(meeting), short_language()),
        happening=happening(meeting, kind, ending),
        sides=sides,
        # What is only being negotiated is the council's own business.
        points=said if counts or reads else [],
        counts=counts,
        last=queries.last_points(council, meeting, today),
        ending=ending,
        digest=digest,
        altered=queries.is_altered(meeting, ending),
        agreed=sum(one.agreed_at is not None for one in sides),
        reads=reads,
        can=_can(meeting, may, bool(ending), any(one.agreed_at for one in sides), counts),
        mark=mark(council, "agreement", meeting.id) if ending is not None else None,
        who_said=who_said,
        who=queries.who,
        point_said=point_said,
        point_words=point_words,
        channel_said=channel_said,
    )


def _can(meeting: Meeting, may: frozenset[P], is_ended: bool, has_agreed: bool, counts: bool) -> dict[str, bool]:
    """What this reader can do on the page now."""
    records, kind = P.MEETING_RECORD in may, kind_of(meeting.kind)
    running = meeting.state in (MeetingState.OPEN, MeetingState.ADJOURNED)
    is_free = records and not is_ended and not has_agreed
    seeks = kind.agrees == "agreement"
    return {
        "sides": is_free and not meeting.is_over,
        "points": is_free and (running or (not seeks and meeting.state == MeetingState.CLOSED)),
        "agree": records and seeks and running and not is_ended,
        "settle": records and counts and meeting.is_held,
        # Those of the meetings before.
        "settle_last": records,
    }


@bp.post("/sides/preset")
def preset(community: str, meeting_id: int) -> Redirect:
    council, meeting = _load(community, meeting_id)
    return act(lambda: services.put_down(meeting, actor=signed_in()), address(council, meeting), _("They are on the list."))


def _form(
    council: Council, meeting: Meeting, form: BaseForm, service: Callable[[], Any], title: str, submit: str, said: str,
    intro: list[str] | None = None,
) -> Answer:  # fmt: skip
    """A form about a meeting, which comes back to its page."""
    here = address(council, meeting)
    return form_page(
        form, service, here, title=title, submit_label=submit, said=said, council=council, intro=intro or [], back_url=here
    )


@bp.route("/sides/new", methods=["GET", "POST"])
def new_side(community: str, meeting_id: int) -> Answer:
    council, meeting = _load(community, meeting_id)
    person = need(P.MEETING_RECORD, council)
    form = NewSideForm()
    return _form(
        council, meeting, form, lambda: services.add_side(meeting, form.name.data, actor=person),
        _("Put a side down"), _("Put it down"), _("It is on the list."),
    )  # fmt: skip


@bp.route("/sides/<int:side_id>", methods=["GET", "POST"])
def side(community: str, meeting_id: int, side_id: int) -> Answer:
    council, meeting = _load(community, meeting_id)
    person = need(P.MEETING_RECORD, council)
    one = load_or_404(Side, council, id=side_id, meeting_id=meeting.id)
    form = SideForm(data={"came": "yes", "speaker": one.speaker.value if one.speaker else ""})
    return _form(
        council, meeting, form,
        lambda: services.note_side(one, meeting, is_present=form.came.data == "yes", speaker=form.speaker.data or "", actor=person),
        who_said(queries.who(one)), _("Note it"), _("Noted."),
    )  # fmt: skip


@bp.post("/sides/<int:side_id>/remove")
def remove(community: str, meeting_id: int, side_id: int) -> Redirect:
    council, meeting = _load(community, meeting_id)
    one = load_or_404(Side, council, id=side_id, meeting_id=meeting.id)
    done = _("It is off the list.")
    return act(lambda: services.remove_side(one, meeting, actor=signed_in()), address(council, meeting), done)


@bp.route("/points/new", methods=["GET", "POST"])
def new_point(community: str, meeting_id: int) -> Answer:
    council, meeting = _load(community, meeting_id)
    person = need(P.MEETING_RECORD, council)
    sides = {f"side:{one.id}": one for one in queries.sides(meeting)}
    form = PointForm()
    form.offer([
        *((key, who_said(queries.who(one))) for key, one in sides.items()),
        *((office.value, office_said(office.value)) for office in services.CHARGED),
    ])  # fmt: skip

    def service() -> Point:
        chosen = sides.get(form.who.data)
        office = None if chosen is not None else form.who.data
        return services.agree_on(meeting, form.text.data, due_on=form.due_on.data, side=chosen, office=office, actor=person)

    return _form(council, meeting, form, service, _("Write down a point"), _("Write it down"), _("It is written down."))


@bp.post("/points/<int:point_id>/strike")
def strike(community: str, meeting_id: int, point_id: int) -> Redirect:
    council, meeting = _load(community, meeting_id)
    point = load_or_404(Point, council, id=point_id, meeting_id=meeting.id)
    return act(lambda: services.strike(point, meeting, actor=signed_in()), address(council, meeting), _("It is struck out."))


@bp.route("/points/<int:point_id>/outcome", methods=["GET", "POST"])
def outcome(community: str, meeting_id: int, point_id: int) -> Answer:
    council, meeting = _load(community, meeting_id)
    person = need(P.MEETING_RECORD, council)
    point = load_or_404(Point, council, id=point_id, meeting_id=meeting.id)
    form = OutcomeForm()
    return _form(
        council, meeting, form,
        lambda: services.settle(point, meeting, form.outcome.data, form.word.data, actor=person),
        _("What became of it"), _("Note it"), _("Noted."), [point.text],
    )  # fmt: skip


@bp.post("/agree/<int:side_id>/<digest>")
def agree(community: str, meeting_id: int, side_id: int, digest: str) -> Redirect:
    council, meeting = _load(community, meeting_id)
    one = load_or_404(Side, council, id=side_id, meeting_id=meeting.id)
    return act(lambda: endings.agree(one, meeting, seen=digest, actor=signed_in()), address(council, meeting), _("Noted."))


@bp.post("/reopen")
def reopen(community: str, meeting_id: int) -> Redirect:
    council, meeting = _load(community, meeting_id)
    said = _("The text is open again: every side agrees anew.")
    return act(lambda: endings.reopen(meeting, actor=signed_in()), address(council, meeting), said)


@bp.route("/none", methods=["GET", "POST"])
def none(community: str, meeting_id: int) -> Answer:
    council, meeting = _load(community, meeting_id)
    person = need(P.MEETING_RECORD, council)
    form, language = NoneForm(), short_language()
    form.offer([(code, names[language]) for code, names in channels().items()])
    return _form(
        council, meeting, form,
        lambda: endings.fail(
            meeting, reason=form.reason.data, channel=form.channel.data, words=form.words.data or None, actor=person
        ),
        _("There was no agreement"), _("Write it down"), _("It is written down."), [_("It is written once and stands.")],
    )  # fmt: skip


@bp.get("/document.json")
def document(community: str, meeting_id: int) -> Response:
    """The text of the agreement, byte for byte: its SHA-256 stands in the log and on paper."""
    _council, meeting = _load(community, meeting_id)
    ending = queries.settlement(meeting)
    if ending is None or ending.ending != Ending.AGREED or not ending.document:
        raise NotFound(N_("There is nothing at this address."))
    return Response(ending.document, mimetype="application/json")
