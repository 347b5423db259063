"""What a district supervisor sees: the councils in whose charge one is, and which of their meetings are overdue."""

from __future__ import annotations

from flask import Blueprint, render_template

from deliberation.blueprints import cadence
from deliberation.blueprints.pages import actor
from deliberation.councils.queries import councils_where
from deliberation.kernel import clock
from deliberation.kernel.errors import Forbidden
from deliberation.kernel.words import N_
from deliberation.meetings.clocks import clocks
from deliberation.people.permissions import Permission

bp = Blueprint("oversight", __name__, url_prefix="/oversight")


@bp.get("/")
def index() -> str:
    """Five statements, however many councils: those with something overdue first."""
    person = actor()
    councils = councils_where(person, Permission.CADENCE_WATCH) if person else []
    if not councils:
        raise Forbidden(N_("This page is for the district supervisor, and for the secretary-general of a council."))
    by_council = clocks(councils)
    said = {
        one.id: [cadence.overdue_words(cadence.Overdue(one, kind, kind.overdue)) for kind in by_council[one.id] if kind.overdue]
        for one in councils
    }
    return render_template(
        "oversight/index.html",
        late=[one for one in councils if said[one.id]],
        others=[one for one in councils if not said[one.id]],
        said=said,
        years={one.id: clock.today(one.zone).year for one in councils},
    )
