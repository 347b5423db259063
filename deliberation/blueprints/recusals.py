"""Members who step back from a matter: asking for oneself, taking it down for a member, approving; and those whom another
member challenges: the answer, and the decision."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from deliberation.agenda import challenges, queries
from deliberation.agenda import recusals as services
from deliberation.agenda.forms import AnswerForm, ChallengeForm, DecideChallengeForm, MemberRecusalForm, RecusalForm
from deliberation.agenda.models import Matter, Recusal, RecusalChallenge
from deliberation.blueprints.agenda import Answer
from deliberation.blueprints.pages import act, actor, council_or_404, form_page, load_or_404, matter_or_404, need
from deliberation.councils.authority import members
from deliberation.councils.models import Council
from deliberation.councils.queries import permissions_of
from deliberation.meetings.queries import holders
from deliberation.people.models import Person
from deliberation.people.permissions import Office, Permission

bp = Blueprint("recusals", __name__, url_prefix="/c/<community>")


def list_address(matter: Matter, council: Council) -> str:
    return url_for("recusals.index", community=council.slug, no=matter.no)


@bp.get("/agenda/<no>/recusals")
def index(community: str, no: str) -> str:
    council = council_or_404(community)
    matter = matter_or_404(council, no)
    person = need(Permission.MEETING_READ, council)
    may = permissions_of(person, council)
    asked, challenged = queries.recusals(matter), challenges.challenges(matter)
    return render_template(
        "agenda/recusals.html",
        council=council,
        matter=matter,
        recusals=asked,
        reader=person,
        may_ask=Permission.RECUSAL_ASK in may and person.id not in {one.person_id for one in asked},
        may_take_down=Permission.MEETING_RECORD in may,
        presidents={holder.id for holder in holders(council, Office.PRESIDENT)},
        challenges=challenged,
        may_challenge=Permission.RECUSAL_ASK in may and matter.ended_at is None,
        decidable=challenges.decidable(challenged, council, person) if Permission.RECUSAL_APPROVE in may else set(),
        decidable_now=challenges.may_decide_now,
        approvable=approvable(asked, matter, person) if Permission.RECUSAL_APPROVE in may else set(),
    )


def approvable(asked: list[Recusal], matter: Matter, reader: Person) -> set[int]:
    """The ids of those that wait for this reader."""
    return {one.id for one in asked if one.approved_at is None and services.may_approve(one, matter, reader)}


@bp.route("/agenda/<no>/recusals/ask", methods=["GET", "POST"])
def ask(community: str, no: str) -> Answer:
    council = council_or_404(community)
    matter = matter_or_404(council, no)
    person = need(Permission.RECUSAL_ASK, council)
    form = RecusalForm()
    return form_page(
        form,
        lambda: services.ask_recusal(matter, person, form.reason.data, actor=person),
        list_address(matter, council),
        title=_("Step back from “%(title)s”", title=matter.title),
        submit_label=_("Ask to step back"),
        said=_("Asked. The president approves it; from then on you neither speak nor vote on this matter."),
        council=council,
        intro=[_("Whoever is touched by a matter, or whose family is, steps back from it. You still count among those present.")],
        back_url=list_address(matter, council),
    )


@bp.route("/agenda/<no>/recusals/take-down", methods=["GET", "POST"])
def take_down(community: str, no: str) -> Answer:
    council = council_or_404(community)
    matter = matter_or_404(council, no)
    clerk = need(Permission.MEETING_RECORD, council)
    form = MemberRecusalForm()
    seats = {seat.person_id: seat.person for seat in members(council)}
    form.person.choices = [(id_, person.name or _("(erased)")) for id_, person in seats.items()]
    return form_page(
        form,
        lambda: services.ask_recusal(matter, seats[form.person.data], form.reason.data, actor=clerk),
        list_address(matter, council),
        title=_("Take down a member's stepping back"),
        submit_label=_("Take it down"),
        said=_("Taken down. The president approves it."),
        council=council,
        back_url=list_address(matter, council),
    )


@bp.post("/agenda/<no>/recusals/<int:recusal_id>/approve")
def approve(community: str, no: str, recusal_id: int) -> Response:
    council = council_or_404(community)
    matter = matter_or_404(council, no)
    asked = load_or_404(Recusal, council, id=recusal_id, matter_id=matter.id)
    return act(
        lambda: services.approve_recusal(asked, matter, actor=actor()),  # type: ignore[arg-type]
        list_address(matter, council),
        _("Approved."),
    )


@bp.route("/agenda/<no>/recusals/challenge", methods=["GET", "POST"])
def challenge(community: str, no: str) -> Answer:
    council = council_or_404(community)
    matter = matter_or_404(council, no)
    person = need(Permission.RECUSAL_ASK, council)
    form = ChallengeForm()
    seats = {seat.person_id: seat.person for seat in members(council) if seat.person_id != person.id}
    form.person.choices = [(id_, one.name or _("(erased)")) for id_, one in seats.items()]
    return form_page(
        form,
        lambda: challenges.challenge(matter, seats[form.person.data], form.reason.data, actor=person),
        list_address(matter, council),
        title=_("Challenge a member"),
        submit_label=_("Challenge this member"),
        said=_("Noted. The member answers; then it is decided by somebody who is no party to it."),
        council=council,
        intro=[
            _("Do you hold that the matter touches a member or that member's family? Say why."),
            _("Until it is decided nothing changes."),
        ],
        back_url=list_address(matter, council),
    )


def challenge_or_404(council: Council, matter: Matter, challenge_id: int) -> RecusalChallenge:
    return load_or_404(RecusalChallenge, council, id=challenge_id, matter_id=matter.id)


@bp.route("/agenda/<no>/recusals/challenges/<int:challenge_id>/answer", methods=["GET", "POST"])
def answer(community: str, no: str, challenge_id: int) -> Answer:
    council = council_or_404(community)
    matter = matter_or_404(council, no)
    made = challenge_or_404(council, matter, challenge_id)
    person = actor()
    by_self = person is not None and person.id == made.person_id
    person = need(Permission.RECUSAL_ASK if by_self else Permission.MEETING_RECORD, council)
    form = AnswerForm()
    return form_page(
        form,
        lambda: challenges.answer(made, matter, form.text.data, actor=person),
        list_address(matter, council),
        title=_("Answer the challenge") if by_self else _("Take down the answer"),
        submit_label=_("Give this answer"),
        said=_("The answer is kept. Now it is decided."),
        council=council,
        intro=[_("The reason given: %(reason)s", reason=made.reason.value or _("(erased)"))],
        back_url=list_address(matter, council),
    )


@bp.route("/agenda/<no>/recusals/challenges/<int:challenge_id>/decide", methods=["GET", "POST"])
def decide(community: str, no: str, challenge_id: int) -> Answer:
    council = council_or_404(community)
    matter = matter_or_404(council, no)
    made = challenge_or_404(council, matter, challenge_id)
    person = need(Permission.RECUSAL_APPROVE, council)
    form = DecideChallengeForm()
    said = made.answer.value if made.answer else _("No answer was given.")
    return form_page(
        form,
        lambda: challenges.decide(made, matter, form.upheld.data == "yes", form.reason.data, actor=person),
        list_address(matter, council),
        title=_("Decide whether %(name)s steps back", name=made.person.name or _("(erased)")),
        submit_label=_("Decide"),
        said=_("Decided. It counts from the next vote on; a vote that is open keeps its electorate."),
        council=council,
        intro=[
            _("The reason given: %(reason)s", reason=made.reason.value or _("(erased)")),
            _("The answer: %(answer)s", answer=said or _("(erased)")),
        ],
        back_url=list_address(matter, council),
    )
