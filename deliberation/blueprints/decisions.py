"""The council's resolutions: the list by year, one document, numbering and voiding."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from deliberation.agenda import queries as agenda
from deliberation.blueprints.comment_acts import require
from deliberation.blueprints.marks import mark
from deliberation.blueprints.pages import LARGEST_ID, actor, council_or_404, form_page, matter_or_404
from deliberation.blueprints.words import say
from deliberation.councils.models import Council
from deliberation.councils.queries import permissions_of
from deliberation.kernel.errors import NotFound
from deliberation.kernel.words import N_
from deliberation.people.permissions import Permission
from deliberation.publishing import queries, services
from deliberation.publishing.forms import ResolveForm, VoidForm
from deliberation.publishing.models import Resolution

bp = Blueprint("decisions", __name__, url_prefix="/c/<community>")
Page = str | Response | tuple[str, int]


def resolution_or_404(council: Council, year: int, number: int) -> Resolution:
    """The resolution at ``decisions/<year>/<number>``."""
    found = queries.by_number(council, year, number) if max(year, number) <= LARGEST_ID else None
    if found is None:
        raise NotFound(N_("There is nothing at this address."))
    return found


@bp.get("/decisions/")
def index(community: str) -> Page:
    council = council_or_404(community)
    years = queries.index(council)
    paths = agenda.paths(council, (one.matter_no for _year, lines in years for one in lines))
    return render_template("decisions/index.html", council=council, years=years, paths=paths)


@bp.get("/decisions/<int:year>/<int:no>")
def show(community: str, year: int, no: int) -> Page:
    council = council_or_404(community)
    resolution = resolution_or_404(council, year, no)
    return render_template(
        "decisions/show.html",
        council=council,
        resolution=resolution,
        number=say(queries.format_number(resolution.number)),
        verdict=queries.verdict_of(resolution),
        mark=mark(council, "resolution", resolution.id),
        may_void=Permission.RESOLUTION_ISSUE in permissions_of(actor(), council)
        and resolution.matter.state in ("in_review", "implementing"),
    )


@bp.route("/decisions/resolve/<no>", methods=["GET", "POST"])
def resolve(community: str, no: str) -> Page:
    council = council_or_404(community)
    matter = matter_or_404(council, no)
    person = require(Permission.RESOLUTION_ISSUE, council)
    form = ResolveForm()
    if request.method == "GET":
        services.require_resolvable(matter)
        form.effect.data = say(services.usual_effect(matter))
    version = matter.current_version
    return form_page(
        form,
        lambda: services.resolve(matter, form.effect.data, actor=person),
        lambda made: url_for("decisions.show", community=community, year=made.number.year, no=made.number.number),
        title=_("Issue the resolution on “%(title)s”", title=matter.title),
        submit_label=_("Give it its number"),
        said=_("The resolution is issued."),
        template="decisions/resolve.html",
        council=council,
        matter=matter,
        paragraphs=version.paragraphs if version else [],
        back_url=url_for("forum.show", community=community, no=matter.no),
    )


@bp.route("/decisions/<int:year>/<int:no>/void", methods=["GET", "POST"])
def void(community: str, year: int, no: int) -> Page:
    council = council_or_404(community)
    resolution = resolution_or_404(council, year, no)
    person = require(Permission.RESOLUTION_ISSUE, council)
    form = VoidForm()
    back = url_for("decisions.show", community=community, year=year, no=no)
    return form_page(
        form,
        lambda: services.void(resolution, form.reason.data, actor=person),
        back,
        title=_("Void the number %(number)s", number=say(queries.format_number(resolution.number))),
        submit_label=_("Void the number"),
        said=_("The number is void; it stays listed with the reason."),
        council=council,
        intro=[resolution.matter.title, _("This cannot be undone. The matter can then be given the next number.")],
        back_url=back,
    )
