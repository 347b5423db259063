"""The desk's work on appeals: taking down, replying, trying to reach somebody, bringing appeals together."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from deliberation.agenda import services as agenda
from deliberation.agenda.models import Matter
from deliberation.appeals import forms, queries, services
from deliberation.appeals.models import Appeal
from deliberation.appeals.services import Filed
from deliberation.blueprints.appeals import load, page_of, to_receipt
from deliberation.blueprints.pages import act, council_or_404, form_page, need
from deliberation.councils.models import Council
from deliberation.kernel.forms import BaseForm
from deliberation.people.models import Person
from deliberation.people.permissions import Permission

bp = Blueprint("appeal_desk", __name__, url_prefix="/c/<community>")


@bp.route("/appeals/take-down", methods=["GET", "POST"])
def take_down(community: str) -> Response | tuple[str, int]:
    council = council_or_404(community)
    person = need(Permission.APPEAL_TAKE, council)
    form = forms.TakeDownForm()

    def file() -> Filed:
        return services.file(
            council,
            channel=form.channel.data,
            text=form.text.data,
            name=form.name.data,
            contact=form.contact.data,
            paper_no=form.paper_no.data,
            received_at=_local(form.received_at.data, council),
            actor=person,
        )

    title, label = _("Take down an appeal"), _("Enter it and print the receipt")
    return form_page(form, file, to_receipt(community), title=title, submit_label=label, council=council)


def _local(naive: datetime | None, council: Council) -> datetime | None:
    return naive.replace(tzinfo=ZoneInfo(council.zone)) if naive else None


@bp.post("/appeals/<no>/take")
def take(community: str, no: str) -> Response:
    council, appeal = load(community, no)
    person = need(Permission.APPEAL_TAKE, council)
    return act(lambda: services.take(appeal, actor=person), page_of(appeal, community), _("The receipt was given."))


def _desk_form(
    community: str, no: str, form: BaseForm, service: Any, title: str, label: str, said: str
) -> Response | tuple[str, int]:
    """One of the desk's forms about one appeal; ``service`` takes the appeal and the person."""
    council, appeal = load(community, no)
    person = need(Permission.APPEAL_HANDLE, council)
    row = queries.detail(appeal, council, with_words=True).row
    return form_page(
        form,
        lambda: service(appeal, person),
        page_of(appeal, community),
        title=title,
        submit_label=label,
        said=said,
        template="appeals/desk_form.html",
        council=council,
        a=row,
    )


@bp.route("/appeals/<no>/interim", methods=["GET", "POST"])
def interim(community: str, no: str) -> Response | tuple[str, int]:
    form = forms.InterimForm()

    def service(appeal: Appeal, person: Person) -> Any:
        return services.interim(appeal, form.text.data, reason=form.reason.data, extends_to=form.extends_to.data, actor=person)

    title, label = _("Interim reply"), _("Give the interim reply and extend")
    return _desk_form(community, no, form, service, title, label, _("The interim reply was recorded; the new day is public."))


@bp.route("/appeals/<no>/answer", methods=["GET", "POST"])
def answer(community: str, no: str) -> Response | tuple[str, int]:
    form = forms.AnswerForm()

    def service(appeal: Appeal, person: Person) -> Any:
        return services.answer(appeal, form.text.data, means=form.means.data, actor=person)

    title, label = _("Final reply"), _("Give the final reply")
    return _desk_form(community, no, form, service, title, label, _("The final reply was recorded."))


@bp.route("/appeals/<no>/decline", methods=["GET", "POST"])
def decline(community: str, no: str) -> Response | tuple[str, int]:
    form = forms.DeclineForm()

    def service(appeal: Appeal, person: Person) -> Any:
        return services.decline(appeal, form.text.data, reason=form.reason.data, means=form.means.data, actor=person)

    title, label = _("Do not take it up"), _("Reply that it is not taken up")
    return _desk_form(community, no, form, service, title, label, _("The final reply was recorded."))


@bp.route("/appeals/<no>/refer", methods=["GET", "POST"])
def refer(community: str, no: str) -> Response | tuple[str, int]:
    form = forms.ReferForm()

    def service(appeal: Appeal, person: Person) -> Any:
        to, reason, means = form.to.data, form.reason.data, form.means.data
        return services.refer(appeal, form.text.data, to=to, reason=reason, means=means, actor=person)

    title, label = _("Refer it elsewhere"), _("Refer it and reply")
    return _desk_form(community, no, form, service, title, label, _("The final reply was recorded."))


@bp.route("/appeals/<no>/attempt", methods=["GET", "POST"])
def attempt(community: str, no: str) -> Response | tuple[str, int]:
    form = forms.AttemptForm()

    def service(appeal: Appeal, person: Person) -> Any:
        return services.note_attempt(appeal, means=form.means.data, note=form.note.data, actor=person)

    title, label = _("The author could not be reached"), _("Record the attempt")
    return _desk_form(community, no, form, service, title, label, _("The attempt was recorded."))


@bp.route("/appeals/<no>/rate-from-paper", methods=["GET", "POST"])
def rate_from_paper(community: str, no: str) -> Response | tuple[str, int]:
    form = forms.RateFromPaperForm()

    def service(appeal: Appeal, person: Person) -> Any:
        return services.rate(appeal, form.grade.data, channel="paper", actor=person)

    title, label = _("Enter a rating from paper"), _("Record the rating")
    return _desk_form(community, no, form, service, title, label, _("The rating was recorded."))


@bp.route("/appeals/merge", methods=["GET", "POST"])
def merge(community: str) -> Response | tuple[str, int]:
    """Several appeals into one matter: two verbs in a row where the matter is new."""
    council = council_or_404(community)
    person = need(Permission.MATTER_OPEN, council)
    form = forms.MergeForm()
    rows, matters = queries.mergeable(council), queries.open_matters(council)
    form.offer(rows, matters)

    def service() -> Matter:
        matter = next((one for one in matters if one.no == form.matter.data), None)
        if matter is None:
            matter = agenda.open_matter(council, title=form.title.data, problem=form.problem.data, actor=person)
        services.merge(queries.by_numbers(council, form.appeals.data), matter, actor=person)
        return matter

    return form_page(
        form,
        service,
        lambda matter: url_for("agenda.show", community=community, no=matter.no),
        title=_("Bring appeals together in one matter"),
        submit_label=_("Bring them together"),
        said=_("The appeals belong to one matter now. Each is still owed its own reply."),
        template="appeals/merge.html",
        council=council,
        rows=rows,
    )
