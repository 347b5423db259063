"""Appeals as residents meet them: the register, handing one in, the receipt, an appeal's page, rating the reply."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from deliberation.appeals import codes, forms, queries, services
from deliberation.appeals.models import Appeal
from deliberation.appeals.services import Filed
from deliberation.appeals.states import (
    CHANNEL_WORDS,
    appeal_state_words,
    attempt_words,
    channel_words,
    grade_words,
    kind_words,
    means_words,
)
from deliberation.blueprints.addresses import printed_address
from deliberation.blueprints.errors import status_of
from deliberation.blueprints.pages import actor, council_or_404, form_page, need, say_at
from deliberation.councils.authority import why_not
from deliberation.councils.models import Council
from deliberation.kernel.errors import DomainError, Forbidden, NotFound
from deliberation.kernel.words import N_
from deliberation.people.permissions import Permission

bp = Blueprint("appeals", __name__, url_prefix="/c/<community>")

OPENED = "appeals_opened"
FRESH = "appeals_fresh"
MOST_OPENED = 20
WORDS = {
    "channels": CHANNEL_WORDS,
    "channel_words": channel_words,
    "appeal_state_words": appeal_state_words,
    "kind_words": kind_words,
    "means_words": means_words,
    "attempt_words": attempt_words,
    "grade_words": grade_words,
}


@bp.context_processor
def vocabulary() -> dict[str, Any]:
    return WORDS


def is_desk(council: Council) -> bool:
    return why_not(actor(), Permission.APPEAL_READ, council) is None


def is_opened(appeal: Appeal) -> bool:
    """Whether this browser has shown the receipt's code."""
    return appeal.id in session.get(OPENED, [])


def is_author(appeal: Appeal) -> bool:
    person = actor()
    return person is not None and person.id == appeal.appellant_id


def load(community: str, no: str) -> tuple[Council, Appeal]:
    council = council_or_404(community)
    appeal = queries.find(council, no)
    if appeal is None:
        raise NotFound(N_("There is nothing at this address."))
    return council, appeal


def page_of(appeal: Appeal, community: str) -> str:
    return url_for("appeals.show", community=community, no=appeal.no)


@bp.get("/appeals")
def index(community: str) -> str:
    council = council_or_404(community)
    person = actor()
    desk = is_desk(council)
    rows, pages = queries.register(council, request.args.get("page", 1, type=int))
    return render_template(
        "appeals/index.html",
        council=council,
        rows=rows,
        page=min(max(request.args.get("page", 1, type=int), 1), pages),
        pages=pages,
        work=queries.work_list(council) if desk else None,
        may_merge=desk and why_not(person, Permission.MATTER_OPEN, council) is None,
        mine=queries.mine(council, person) if person else [],
        form=forms.LookUpForm(),
    )


@bp.route("/appeals/look-up", methods=["GET", "POST"])
def look_up(community: str) -> Response | tuple[str, int]:
    """Open an appeal on this browser by its number and the receipt's code."""
    council = council_or_404(community)
    form = forms.LookUpForm()
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate():
            try:
                found = queries.open_with_code(council, form.no.data, form.code.data)
                session[OPENED] = [*session.get(OPENED, []), found.id][-MOST_OPENED:]
                return redirect(page_of(found, community))
            except DomainError as error:
                status = status_of(error)
                say_at(form, error)
    title, label = _("Find your appeal"), _("Open the appeal")
    return render_template("form.html", council=council, form=form, title=title, submit_label=label), status


@bp.post("/appeals/close-all")
def forget(community: str) -> Response:
    """Close on this browser what was opened with a code: the next person at the screen sees nothing of it."""
    council_or_404(community)
    session.pop(OPENED, None)
    session.pop(FRESH, None)
    flash(_("Closed. To open the appeal again, enter number and code."), "done")
    return redirect(url_for("appeals.index", community=community))


def to_receipt(community: str) -> Any:
    def go_on(filed: Filed) -> str:
        session[FRESH] = [filed.appeal.id, filed.code]
        return url_for("appeals.receipt", community=community, no=filed.appeal.no)

    return go_on


@bp.route("/appeals/new", methods=["GET", "POST"])
def new(community: str) -> Response | tuple[str, int]:
    council = council_or_404(community)
    person = need(Permission.APPEAL_FILE, council)
    form = forms.NewForm()
    return form_page(
        form,
        lambda: services.file(council, channel="online", text=form.text.data, contact=form.contact.data, actor=person),
        to_receipt(community),
        title=_("Raise an appeal"),
        submit_label=_("Hand in the appeal"),
        council=council,
    )


def _may_read(council: Council, appeal: Appeal) -> tuple[bool, bool]:
    """Whether the reader is the desk, and whether the reader may read the words."""
    desk = is_desk(council)
    return desk, desk or is_author(appeal) or is_opened(appeal)


@bp.get("/appeals/<no>")
def show(community: str, no: str) -> Response:
    council, appeal = load(community, no)
    desk, may_read = _may_read(council, appeal)
    detail = queries.detail(appeal, council, with_words=may_read)
    may_rate = (is_author(appeal) or is_opened(appeal)) and not detail.row.is_open and not detail.is_rated
    page = render_template(
        "appeals/show.html",
        council=council,
        a=detail.row,
        detail=detail,
        desk=desk,
        opened=is_opened(appeal),
        may_rate=may_rate,
        attempts_needed=services.ATTEMPTS_BEFORE_NOTICE,
    )
    return _private(page) if may_read else make_response(page)


def _private(page: str) -> Response:
    answer = make_response(page)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/appeals/<no>/receipt")
def receipt(community: str, no: str) -> Response:
    """The receipt to print; the code stands on it the first time only."""
    council, appeal = load(community, no)
    if not _may_read(council, appeal)[1]:
        raise Forbidden(N_("Only the desk and the author of the appeal see its receipt."))
    fresh = session.get(FRESH)
    code = None
    if fresh and fresh[0] == appeal.id:
        code = codes.shown(session.pop(FRESH)[1])
    detail = queries.detail(appeal, council, with_words=True)
    address = printed_address("appeals.index", community=council.slug)
    return _private(render_template("appeals/receipt.html", council=council, a=detail.row, code=code, address=address))


@bp.route("/appeals/<no>/rate", methods=["GET", "POST"])
def rate(community: str, no: str) -> Response | tuple[str, int]:
    """The author rates the final reply, by account or by code."""
    council, appeal = load(community, no)
    opened = is_opened(appeal)
    if not (is_author(appeal) or opened):
        raise Forbidden(N_("Only the author of the appeal rates the reply. Please open it with number and code."))
    form = forms.RateForm()
    return form_page(
        form,
        lambda: services.rate(appeal, form.grade.data, actor=actor(), by_code=opened),
        page_of(appeal, community),
        title=_("Rate the final reply"),
        submit_label=_("Hand in the rating"),
        said=_("Thank you. Your rating was recorded."),
        council=council,
    )
