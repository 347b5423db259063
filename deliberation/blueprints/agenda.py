"""A matter's page, and the forms that move it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from deliberation.agenda import edits, queries, services, texts
from deliberation.agenda.forms import EditMatterForm, EndMatterForm, HandOverForm, MatterForm, PlanForm, SendBackForm
from deliberation.agenda.models import Matter, PlanVersion
from deliberation.agenda.states import (
    ENDED,
    ENDING_WORDS,
    HANDOVER_WORDS,
    HOLDERS,
    MATTER,
    ORIGINS,
    Act,
    State,
    body_words,
    product_words,
    state_words,
)
from deliberation.blueprints import next_acts, overview
from deliberation.blueprints.hearing_words import hearing_steps
from deliberation.blueprints.log import told_of
from deliberation.blueprints.pages import actor, council_or_404, form_page, matter_or_404, need
from deliberation.blueprints.words import day, say
from deliberation.councils.models import Council
from deliberation.councils.queries import permissions_of
from deliberation.hearings.queries import hearings_of, unanswered
from deliberation.kernel import clock
from deliberation.kernel.differences import compare_texts
from deliberation.kernel.errors import NotFound
from deliberation.kernel.words import N_, Words
from deliberation.motions.sittings import postponed_until
from deliberation.people.permissions import Permission

bp = Blueprint("agenda", __name__, url_prefix="/c/<community>")

# So many of the newest entries stand on the matter's own page.
NEWEST = 10

Answer = Response | tuple[str, int]


def address(matter: Matter, council: Council) -> str:
    return url_for("agenda.show", community=council.slug, no=matter.no)


@bp.get("/agenda/<no>")
def show(community: str, no: str) -> str:
    council = council_or_404(community)
    matter = matter_or_404(council, no)
    may = permissions_of(actor(), council)
    given = queries.handovers(matter)
    versions = queries.open_versions(matter, given, reads_drafts=Permission.PLAN_READ_DRAFT in may)
    version = versions[-1] if versions else None
    heard = unanswered(matter.id) if matter.ended_at is None else None
    situation = next_acts.Situation(
        council.slug,
        matter,
        version,
        overview.window_of(matter),
        overview.sessions_of(matter),
        overview.decisions_of(matter),
        may,
        postponed_until([matter.id], clock.today(council.zone)).get(matter.id) if matter.state == State.ADOPTING else None,
        heard[1] if heard else None,
        hearing_steps(council),
    )
    return render_template(
        "agenda/show.html",
        council=council,
        matter=matter,
        path=path(matter, given),
        situation=situation,
        happening=next_acts.happening(situation),
        next_act=next_acts.next_act(situation),
        other_acts=next_acts.other_acts(situation),
        around=overview.around(matter),
        versions=versions,
        version=version,
        numbered=[{"number": p.position, "text": p.text} for p in version.paragraphs] if version else [],
        hidden_versions=len(matter.versions) - len(versions),
        powers=powers_words(version),
        handovers=[handover_line(one) for one in given],
        recusals=queries.recusals(matter),
        hearings=hearings_of(matter, reads=Permission.MEETING_READ in may),
        reads_names=Permission.MEETING_READ in may,
        entries=told_of(matter, council, NEWEST),
    )


def path(matter: Matter, given: list[Any]) -> dict[str, Any]:
    """What the stepper shows."""
    state = State(matter.state)
    holder = HOLDERS.get(state)
    since = _("%(holder)s, since %(day)s", holder=say(body_words(holder.value)), day=day(matter.state_since)) if holder else None
    return {
        "step": queries.left_in(state, given[-1].to_state if given else None),
        "ended": say(state_words(state.value)) if state in ENDED else None,
        "back": queries.came_back_on(matter, given),
        "sentence": since,
    }


def powers_words(version: PlanVersion | None) -> str:
    words = {
        "within": _("The council may decide this."),
        "persuade": _("The council's decision binds its members and persuades everybody else."),
        "outside": _("Somebody else has to decide this; the council can only ask."),
    }
    return words.get(version.powers or "", "") if version else ""


def handover_line(one: Any) -> dict[str, Any]:
    return {
        "giver": say(body_words(one.giver)),
        "taker": say(body_words(one.taker)),
        "product": say(product_words(one.product)),
        "at": one.at,
        "is_back": one.is_back,
        "note": one.note,
        "office": one.giver_office,
    }


@bp.route("/agenda/new", methods=["GET", "POST"])
def new(community: str) -> Answer:
    council = council_or_404(community)
    person = need(Permission.MATTER_OPEN, council)
    form = MatterForm(source="appeals")
    return form_page(
        form,
        lambda: services.open_matter(
            council, title=form.title.data, problem=form.problem.data, source=form.source.data, actor=person
        ),
        lambda matter: address(matter, council),
        title=_("Open a matter"),
        submit_label=_("Open the matter"),
        said=_("The matter is open. Its first step is “collect”."),
        council=council,
        back_url=url_for("site.home", community=council.slug),
    )


@bp.route("/agenda/<no>/edit", methods=["GET", "POST"])
def edit(community: str, no: str) -> Answer:
    council = council_or_404(community)
    matter = matter_or_404(council, no)
    person = need(Permission.MATTER_OPEN, council)
    form = EditMatterForm(obj=matter)
    return form_page(
        form,
        lambda: edits.edit_matter(matter, title=form.title.data, problem=form.problem.data, actor=person),
        address(matter, council),
        title=_("Rewrite title and problem"),
        submit_label=_("Keep the new wording"),
        said=_("The new wording stands on the matter's page."),
        council=council,
        back_url=address(matter, council),
    )


@bp.route("/agenda/<no>/hand-over/<act>", methods=["GET", "POST"])
def hand_over(community: str, no: str, act: str) -> Answer:
    council = council_or_404(community)
    matter = matter_or_404(council, no)
    if act not in {known.value for known in HANDOVER_WORDS}:
        raise NotFound(N_("There is nothing at this address."))
    wanted = Act(act)
    person = need(services.SIGNS[wanted], council)
    is_back = wanted in services.BACK
    form = SendBackForm() if is_back else HandOverForm()
    if request.method == "GET":
        services.require_state(matter, ORIGINS[wanted])
        services.require_product(matter, wanted)
    origin = ORIGINS[wanted]
    return form_page(
        form,
        lambda: services.hand_over(matter, wanted, note=form.note.data if is_back else None, actor=person),
        address(matter, council),
        title=say(Words(HANDOVER_WORDS[wanted])),
        submit_label=say(Words(HANDOVER_WORDS[wanted])),
        said=_("Handed over. The hand-over is signed into the log."),
        template="agenda/hand_over.html",
        council=council,
        matter=matter,
        giver=say(body_words(HOLDERS[origin].value)),
        taker=say(body_words(HOLDERS[MATTER.moves[(origin, wanted)]].value)),
        product=say(product_words(services.PRODUCTS[wanted])),
        version=None if wanted is Act.TO_COMMITTEE else matter.current_version,
        back_url=address(matter, council),
    )


@bp.route("/agenda/<no>/end", methods=["GET", "POST"])
def end(community: str, no: str) -> Answer:
    council = council_or_404(community)
    matter = matter_or_404(council, no)
    person = need(Permission.MATTER_END, council)
    form = EndMatterForm()
    possible = [act for act in ENDING_WORDS if MATTER.allows(State(matter.state), act)]
    form.act.choices = [(act.value, say(Words(ENDING_WORDS[act]))) for act in possible]
    if not possible:
        services.require_running(matter)
        services.require_state(matter, State.DRAFTING)
    owed = overview.around(matter).appeals
    return form_page(
        form,
        lambda: services.end(matter, Act(form.act.data), reason=form.reason.data, actor=person),
        address(matter, council),
        title=_("End this matter"),
        submit_label=_("End the matter and publish the reason"),
        said=_("The matter has ended. Those who raised it are still owed a reply."),
        template="agenda/end.html",
        council=council,
        matter=matter,
        owed=owed,
        back_url=address(matter, council),
    )


@bp.route("/agenda/<no>/plan", methods=["GET", "POST"])
def plan(community: str, no: str) -> Answer:
    council = council_or_404(community)
    matter = matter_or_404(council, no)
    person = need(Permission.PLAN_WRITE, council)
    current = matter.current_version
    form = PlanForm()
    if request.method == "GET":
        services.require_state(matter, State.DRAFTING)
        prefill(form, current)
    return form_page(
        form,
        lambda: services.write_plan(
            matter,
            texts.split(form.text.data),
            analysis=form.analysis.data or None,
            powers=form.powers.data,
            powers_note=form.powers_note.data or None,
            actor=person,
        ),
        address(matter, council),
        title=_("Write the plan"),
        submit_label=_("Keep as version %(number)s", number=(current.number if current else 0) + 1),
        said=_("The version is kept. The versions before it stay readable."),
        council=council,
        back_url=address(matter, council),
    )


def prefill(form: PlanForm, current: PlanVersion | None) -> None:
    if current is None:
        return
    form.text.data = "\n".join(paragraph.text for paragraph in current.paragraphs)
    form.analysis.data = current.analysis
    form.powers.data = current.powers
    form.powers_note.data = current.powers_note


@bp.get("/agenda/<no>/compare")
def compare(community: str, no: str) -> str:
    council = council_or_404(community)
    matter = matter_or_404(council, no)
    may = permissions_of(actor(), council)
    given = queries.handovers(matter)
    open_to_reader = queries.open_versions(matter, given, reads_drafts=Permission.PLAN_READ_DRAFT in may)
    versions = {str(version.number): version for version in open_to_reader}
    if not versions:
        raise NotFound(N_("There is nothing at this address."))
    numbers = list(versions)
    older = versions.get(request.args.get("a", numbers[-2:][0]))
    newer = versions.get(request.args.get("b", numbers[-1]))
    if older is None or newer is None:
        raise NotFound(N_("There is nothing at this address."))
    compared = compare_texts(older.paragraphs, newer.paragraphs)
    rows = [{"number": row_number(row), "pieces": row.pieces, "note": row_note(row)} for row in compared]
    return render_template(
        "agenda/compare.html", council=council, matter=matter, older=older, newer=newer, rows=rows, versions=open_to_reader
    )


def row_number(row: Any) -> str:
    if row.old_number == row.new_number or None in (row.old_number, row.new_number):
        return str(row.new_number or row.old_number)
    return f"{row.old_number} → {row.new_number}"


def row_note(row: Any) -> str | None:
    words = {"added": _("new"), "removed": _("taken out"), "moved": _("moved"), "changed": _("reworded")}
    return words.get(row.status)
