"""The start page, a community's home, language and print size."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from deliberation.agenda import queries as agenda
from deliberation.agenda.states import body_words
from deliberation.blueprints import cadence, overview
from deliberation.blueprints.doors import own_path
from deliberation.blueprints.pages import actor, council_or_404
from deliberation.blueprints.words import LANGUAGES, say
from deliberation.councils.authority import offices
from deliberation.councils.models import Council
from deliberation.councils.queries import councils_where
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.calendar import local_day
from deliberation.people.permissions import GRANTS, Office, Permission
from deliberation.voting.methods import irv, schulze, stv
from deliberation.voting.methods.election import Election, Pile
from deliberation.voting.queries import awaiting
from deliberation.voting.telling import tell

bp = Blueprint("site", __name__)


@bp.get("/")
def index() -> str | Response:
    councils = db.session.execute(select(Council.slug, Council.name).order_by(Council.name)).all()
    if len(councils) == 1:
        return redirect(url_for("site.home", community=councils[0].slug))
    person = actor()
    watches = person is not None and councils_where(person, Permission.CADENCE_WATCH)
    return render_template("site/index.html", councils=councils, watches=watches)


@bp.post("/language")
def language() -> Response:
    code = request.form.get("code", "")
    if code in LANGUAGES:
        session["language"] = code
    return redirect(own_path())


@bp.post("/large")
def large() -> Response:
    session["large"] = request.form.get("large") == "1"
    # On a shared device the cookie ends with the browser, whatever else it holds.
    session.permanent = "shared" not in session
    return redirect(own_path())


@bp.get("/about")
def about() -> str:
    return render_template("site/about.html")


@bp.get("/about/design")
def design() -> str:
    """The living page of components: every piece that pages are made of, drawn by the macros that pages use."""
    names = (_("A vegetable plot"), _("Chrysanthemums"), _("A lawn"), _("Benches"))
    counts = [tell(method.name, one := Election(names, SAMPLE_PILES, seats), method.count(one)) for method, seats in SAMPLE_METHODS]
    year = cadence.Year(2026, SAMPLE_MONTHS)
    return render_template("site/design.html", year=year, verdicts=SAMPLE_VERDICTS, counts=counts)


@bp.get("/healthz")
def healthz() -> tuple[str, int, dict[str, str]]:
    return "ok\n", 200, {"Content-Type": "text/plain"}


# What the page of components shows: figures of no real council.
SAMPLE_MONTHS = [cadence.Month(date(2026, n, 1), is_now=n == 9, is_past=n < 9) for n in range(1, 13)]
SAMPLE_MONTHS[2].held = SAMPLE_MONTHS[3].opened = SAMPLE_MONTHS[3].decided = SAMPLE_MONTHS[8].coming = 1
SAMPLE_VERDICTS = [
    {"outcome": outcome, "entitled": 21, "present": present, "recused": 1 if present == 18 else 0, "absent": 21 - present,
     "for_": yes, "against": no, "abstain": rest, "invalid": 0, "quorum_needed": 14, "pass_needed": 11}
    for outcome, present, yes, no, rest in (("adopted", 18, 15, 1, 1), ("rejected", 18, 9, 7, 1), ("no_decision", 12, 0, 0, 0))
]  # fmt: skip

SAMPLE_METHODS = ((irv.METHOD, 1), (stv.METHOD, 2), (schulze.METHOD, 1))
SAMPLE_PILES = tuple(Pile(n, tuple((one,) for one in line)) for n, line in ((7, (0, 1)), (6, (2, 1)), (3, (1, 2)), (2, (3, 1))))


# Which column a phone shows unfolded: the reader's own step.
OWN_STEP = {
    Office.STATION_WORKER: 1,
    Office.COMMITTEE: 2,
    Office.PRESIDENT: 3,
    Office.MEMBER: 3,
    Office.RESIDENT: 4,
}


@bp.get("/c/<community>/")
def home(community: str) -> str:
    council = council_or_404(community)
    held = offices(actor(), council)
    return render_template(
        "site/home.html",
        council=council,
        columns=_columns(council, agenda.board(council), held),
        decisions=overview.newest_decisions(council),
        windows=overview.open_windows(council),
        session=overview.next_session(council),
        awaiting=[one for one in awaiting(actor()) if one.slug == council.slug],
        ended=agenda.ended(council),
        may_propose=any(Permission.MOTION_PROPOSE in GRANTS[office] for office in held),
        may_open=any(Permission.MATTER_OPEN in GRANTS[office] for office in held),
        watches=Office.DISTRICT_SUPERVISOR in held,
    )


def _columns(council: Council, cards: list[agenda.Card], held: list[Office]) -> list[dict[str, Any]]:
    empty = {
        1: _("Nothing is being collected. Tell the service station what troubles you: that is how a matter begins."),
        2: _("No plan is being written. The community party committee writes one when it gets a problem list."),
        3: _("Nothing lies before the council. It takes up what the community party committee hands over."),
        4: _("Nothing lies open for comment. Texts come here when the council has adopted them."),
        5: _("Nothing is being carried out. Resolutions come here when every comment has its answer."),
    }
    own = OWN_STEP.get(held[0]) if held else 4
    today = clock.today(council.zone)
    columns: list[dict[str, Any]] = [{"step": n, "cards": [], "empty": empty[n], "open": n == own} for n in empty]
    for card in cards:
        columns[card.step - 1]["cards"].append(
            {
                "title": card.title,
                "url": url_for("agenda.show", community=council.slug, no=card.no),
                "holder": say(body_words(card.holder)),
                "days": (today - local_day(card.since, ZoneInfo(council.zone))).days,
                "badge": _("Sent back") if card.came_back else None,
                "badge_kind": "warning",
            }
        )
    return columns
