"""The report meeting's paper: composed for those who prepare it, public and frozen with the notice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask import Blueprint, Response, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Redirect

from deliberation.agenda.states import state_words
from deliberation.agreements.queries import Who
from deliberation.agreements.states import point_words
from deliberation.blueprints.agreement_words import who_said
from deliberation.blueprints.cadence import period_words
from deliberation.blueprints.marks import mark
from deliberation.blueprints.pages import actor, council_or_404, form_page, need
from deliberation.blueprints.session_plan import meeting_or_404
from deliberation.blueprints.words import day, say, short_language, when
from deliberation.councils.models import Council
from deliberation.councils.queries import permissions_of
from deliberation.evaluations.states import promise_words
from deliberation.kernel import clock
from deliberation.kernel.errors import NotFound, Refused
from deliberation.kernel.words import N_, Words
from deliberation.meetings.cadence import Period, standing_words
from deliberation.meetings.forms import PartForm
from deliberation.meetings.kinds import kind_of
from deliberation.meetings.models import Meeting
from deliberation.meetings.states import MeetingState
from deliberation.people.permissions import Permission as P
from deliberation.publishing.numbers import number_words
from deliberation.reporting import composing, services
from deliberation.reporting.models import Paper
from deliberation.reporting.sections import section_words

bp = Blueprint("reports", __name__, url_prefix="/c/<community>/meetings/<int:meeting_id>/report")
STATE_WORDS = {"done": N_("Done"), "open": N_("In hand"), "overdue": N_("Its day is over")}


def _load(community: str, meeting_id: int) -> tuple[Council, Meeting, Paper | None]:
    """A meeting that reports, and its paper; one whose notice went out without a paper has none."""
    council = council_or_404(community)
    meeting = meeting_or_404(council, meeting_id)
    paper = services.paper_of(meeting)
    if not kind_of(meeting.kind).reports or (paper is None and meeting.state != MeetingState.PLANNED):
        raise NotFound(N_("There is nothing at this address."))
    return council, meeting, paper


@bp.get("/")
def show(community: str, meeting_id: int) -> str:
    council, meeting, paper = _load(community, meeting_id)
    if paper is not None:
        doc: Mapping[str, Any] = json.loads(paper.document)
    else:
        doc = composing.compose(council, meeting, composing.beginning(council, meeting), clock.now())
    may = permissions_of(actor(), council)
    return render_template(
        "reporting/show.html",
        council=council,
        meeting=meeting,
        paper=paper,
        doc=doc,
        title=doc["names"][short_language()],
        writes=paper is None and P.MEETING_RECORD in may,
        altered=paper is not None and hashlib.sha256(paper.document.encode()).hexdigest() != paper.document_hash,
        mark=mark(council, "report", meeting.id) if paper is not None else None,
        language=short_language(),
        on=lambda iso: day(date.fromisoformat(iso)),
        at=lambda iso: day(datetime.fromisoformat(iso.replace("Z", "+00:00"))),
        number=lambda one: say(number_words(one["prefix"], one["year"], one["number"])),
        who=lambda one: who_said(Who(**one)),
        state_said=lambda state: say(Words(STATE_WORDS[state])),
        ended=lambda state: say(state_words(state)),
        point_words=point_words,
        promise_words=promise_words,
        standing_words=standing_words,
        period_said=_period_said,
        section_words=section_words,
        ages=_ages(doc),
    )


def _period_said(one: Mapping[str, Any]) -> str:
    return period_words(Period(date.fromisoformat(one["first"]), date.fromisoformat(one["last"]), one["months"]))


def _ages(doc: Mapping[str, Any]) -> list[tuple[str, int]]:
    """The groups of unanswered appeals by age, those that are not empty."""
    edges = (0, *composing.AGES)
    names = [_("up to %(n)s days", n=most) if not low else _("%(low)s to %(n)s days", low=low + 1, n=most)
             for low, most in zip(edges, composing.AGES, strict=False)]  # fmt: skip
    names.append(_("more than %(n)s days", n=composing.AGES[-1]))
    return [(name, n) for name, n in zip(names, doc["appeals"]["ages"], strict=True) if n]


@bp.route("/write/<section>", methods=["GET", "POST"])
def write(community: str, meeting_id: int, section: str) -> Redirect | tuple[str, int]:
    council, meeting, _paper = _load(community, meeting_id)
    person = need(P.MEETING_RECORD, council)
    number, stands = services.wording(meeting, section)
    form = PartForm(data={"text": stands, "number": number})
    clash: dict[str, Any] = {}

    def save() -> None:
        try:
            services.introduce(meeting, section, form.text.data or "", number=form.number.data, actor=person)
        except Refused as error:
            if error.code == "changed_since":
                clash.update(_clash(meeting, section))
                form.number.data = clash["number"]
            raise

    here = url_for("reports.show", community=council.slug, meeting_id=meeting.id)
    return form_page(
        form,
        save,
        here,
        title=_("Introduction: %(section)s", section=say(section_words(section))),
        submit_label=_("Keep this wording"),
        said=_("Kept."),
        template="reporting/write.html",
        council=council,
        clash=clash,
        intro=[_("The figures are composed from the records and are not typed."), _("Everybody reads it: name no persons.")],
        back_url=here,
    )


def _clash(meeting: Meeting, section: str) -> dict[str, Any]:
    """The wording that somebody else kept meanwhile."""
    number, text = services.wording(meeting, section)
    kept = services.introduction(meeting, section)
    return {"number": number, "text": text, "at": when(kept.at) if kept else ""}


@bp.get("/document.json")
def document(community: str, meeting_id: int) -> Response:
    """The frozen text, byte for byte: its SHA-256 stands in the log and on paper."""
    _council, _meeting, paper = _load(community, meeting_id)
    if paper is None:
        raise NotFound(N_("There is nothing at this address."))
    return Response(paper.document, mimetype="application/json")
