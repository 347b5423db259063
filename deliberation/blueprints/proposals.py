"""What members would have deliberated: proposing a matter, seconding, and the answer. Only the council and its desk read it."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from deliberation.agenda import proposals
from deliberation.agenda.models import Matter, Proposal
from deliberation.agenda.proposal_forms import DeclineForm, MergeForm, OpenProposalForm, ProposalForm
from deliberation.agenda.states import RUNNING, proposal_words
from deliberation.blueprints.agenda import Answer
from deliberation.blueprints.agenda import address as matter_address
from deliberation.blueprints.pages import act, council_or_404, form_page, load_or_404, need
from deliberation.blueprints.session_plan import signed_in
from deliberation.councils.models import Council
from deliberation.councils.queries import permissions_of
from deliberation.extensions import db
from deliberation.meetings import queries as meetings
from deliberation.motions.queries import seats, who
from deliberation.people.permissions import Permission

bp = Blueprint("proposals", __name__, url_prefix="/c/<community>/proposals")


def list_address(council: Council) -> str:
    return url_for("proposals.index", community=council.slug)


@bp.get("/")
def index(community: str) -> str:
    council = council_or_404(community)
    person = need(Permission.MEETING_READ, council)
    may = permissions_of(person, council)
    known = seats(council)
    return render_template(
        "proposals/index.html",
        council=council,
        proposals=[
            (one, who(one.proposer, known, names=True), who(one.seconder, known, names=True) if one.seconder else None)
            for one in proposals.proposals(council)
        ],
        ready=meetings.adoptable(council),
        reader=person,
        state_words=proposal_words,
        may_propose=Permission.MOTION_PROPOSE in may,
        may_open=Permission.MATTER_OPEN in may,
        may_decline=Permission.MATTER_END in may,
        may_call=Permission.MEETING_CALL in may,
    )


@bp.route("/new", methods=["GET", "POST"])
def new(community: str) -> Answer:
    council = council_or_404(community)
    person = need(Permission.MOTION_PROPOSE, council)
    form = ProposalForm()
    return form_page(
        form,
        lambda: proposals.propose(council, form.title.data, form.text.data, actor=person),
        list_address(council),
        title=_("Propose a matter"),
        submit_label=_("Propose it"),
        said=_("Proposed. When another member seconds it, the secretary-general has to answer."),
        council=council,
        intro=[_("You may propose at any time. Another member seconds it; then the secretary-general opens a matter, "
                 "adds it to one that runs already, or says why not.")],
        back_url=list_address(council),
    )  # fmt: skip


def proposal_or_404(council: Council, proposal_id: int) -> Proposal:
    return load_or_404(Proposal, council, id=proposal_id)


@bp.post("/<int:proposal_id>/second")
def second(community: str, proposal_id: int) -> Response:
    council = council_or_404(community)
    one = proposal_or_404(council, proposal_id)
    said = _("You have seconded it. The secretary-general answers next.")
    return act(lambda: proposals.second(one, actor=signed_in()), list_address(council), said)


@bp.post("/<int:proposal_id>/withdraw")
def withdraw(community: str, proposal_id: int) -> Response:
    council = council_or_404(community)
    one = proposal_or_404(council, proposal_id)
    return act(lambda: proposals.withdraw(one, actor=signed_in()), list_address(council), _("The proposal is withdrawn."))


@bp.route("/<int:proposal_id>/open", methods=["GET", "POST"])
def open_(community: str, proposal_id: int) -> Answer:
    council = council_or_404(community)
    person = need(Permission.MATTER_OPEN, council)
    one = proposal_or_404(council, proposal_id)
    form = OpenProposalForm(data={"title": one.title.value, "problem": one.text.value})
    return form_page(
        form,
        lambda: proposals.open_from(one, title=form.title.data, problem=form.problem.data, actor=person),
        lambda matter: matter_address(matter, council),
        title=_("Open a matter from the proposal"),
        submit_label=_("Open the matter"),
        said=_("The matter is open. Its first step is “collect”."),
        council=council,
        intro=[_("From here on everybody can read the words: look them over.")],
        back_url=list_address(council),
    )


@bp.route("/<int:proposal_id>/merge", methods=["GET", "POST"])
def merge(community: str, proposal_id: int) -> Answer:
    council = council_or_404(community)
    person = need(Permission.MATTER_OPEN, council)
    one = proposal_or_404(council, proposal_id)
    running = {
        matter.id: matter
        for matter in db.session.scalars(
            select(Matter).where(Matter.council_id == council.id, Matter.state.in_(RUNNING)).order_by(Matter.id.desc())
        )
    }
    form = MergeForm()
    form.matter.choices = [(id_, _("%(no)s %(title)s", no=m.no, title=m.title)) for id_, m in running.items()]
    return form_page(
        form,
        lambda: proposals.merge(one, running[form.matter.data], actor=person),
        list_address(council),
        title=_("Add the proposal to a matter"),
        submit_label=_("Add it"),
        said=_("Added. The members see to which matter it belongs."),
        council=council,
        intro=[one.title.value or _("(erased)")],
        back_url=list_address(council),
    )


@bp.route("/<int:proposal_id>/decline", methods=["GET", "POST"])
def decline(community: str, proposal_id: int) -> Answer:
    council = council_or_404(community)
    person = need(Permission.MATTER_END, council)
    one = proposal_or_404(council, proposal_id)
    form = DeclineForm()
    return form_page(
        form,
        lambda: proposals.decline(one, form.reason.data, actor=person),
        list_address(council),
        title=_("Decline the proposal"),
        submit_label=_("Decline with this reason"),
        said=_("Declined. The members read the reason."),
        council=council,
        intro=[one.title.value or _("(erased)")],
        back_url=list_address(council),
    )
