"""Rating rounds as everybody meets them: what is rated by whom, what came out, what was promised."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, render_template, url_for
from flask_babel import gettext as _

from deliberation.blueprints import rating_words as words
from deliberation.blueprints.agenda import Answer
from deliberation.blueprints.pages import LARGEST_ID, actor, council_or_404, form_page
from deliberation.blueprints.session_plan import meeting_or_404
from deliberation.blueprints.words import say, short_language
from deliberation.councils.models import Council
from deliberation.councils.queries import permissions_of
from deliberation.councils.rules import TRUST_WORDS
from deliberation.evaluations import promises, queries
from deliberation.evaluations.groups import subject_name
from deliberation.evaluations.models import Promise, Round
from deliberation.evaluations.services import is_being_planned, is_put
from deliberation.evaluations.states import promise_words
from deliberation.kernel import clock
from deliberation.kernel.errors import NotFound
from deliberation.kernel.words import N_
from deliberation.people.models import Person
from deliberation.people.permissions import Permission as P
from deliberation.publishing.queries import format_number
from deliberation.voting import kinds
from deliberation.voting import queries as polls
from deliberation.voting.states import PollState
from deliberation.voting.verdicts import VOID_WORDS

bp = Blueprint("evaluations", __name__, url_prefix="/c/<community>/evaluations")


def round_or_404(council: Council, round_id: int) -> Round:
    round_ = queries.round_by_id(council, round_id) if 0 <= round_id <= LARGEST_ID else None
    if round_ is None:
        raise NotFound(N_("There is nothing at this address."))
    meeting_or_404(council, round_.meeting_id)
    return round_


def address(council: Council, round_: Round) -> str:
    return url_for("evaluations.show", community=council.slug, round_id=round_.id)


def of_a_round(
    council: Council, round_: Round, form: Any, service: Callable[[], Any], title: str, submit: str, said: str,
    intro: list[str] | None = None, back: str | None = None, **more: Any,
) -> Answer:  # fmt: skip
    """A form about a round, which comes back to its page or to ``back``."""
    url = back or address(council, round_)
    return form_page(
        form, service, more.pop("done", url), title=title, submit_label=submit, said=said, council=council,
        intro=[round_.title, *(intro or [])], back_url=url, **more,
    )  # fmt: skip


@bp.get("/")
def index(community: str) -> str:
    """Every published round, and what was promised in all of them."""
    council = council_or_404(community)
    rounds = queries.published(council)
    return render_template(
        "evaluations/index.html",
        council=council,
        rounds=[(round_, words.group_words(round_)) for round_ in rounds],
        promises=promise_lines(council, promises.all_of(council)),
    )


@bp.get("/<int:round_id>")
def show(community: str, round_id: int) -> str:
    council = council_or_404(community)
    round_ = round_or_404(council, round_id)
    person = actor()
    may = permissions_of(person, council)
    names = words.things(round_, person)
    prepares = P.MEETING_RECORD in may or (person is not None and person.id == round_.meeting.chair_id)
    raters, source, trust = words.source_words(round_)
    return render_template(
        "evaluations/show.html",
        council=council,
        round=round_,
        group=words.group_words(round_),
        raters=raters,
        source=source,
        trust=_(TRUST_WORDS[trust]),
        scale=_(kinds.SCALE_WORDS[round_.scale]),
        happening=words.happening(round_),
        steps=steps(council, round_, may, person),
        rated=[rated_line(one, names[one.position]) for one in round_.subjects],
        listed=len(queries.rater_ids(round_.id)),
        handles=P.MEETING_RECORD in may,
        outcome=outcome(round_, may, person, names) if prepares or round_.published_at else None,
        is_preview=round_.published_at is None,
        promises=promise_lines(council, promises.all_of(council, round_)),
    )


def rated_line(one: Any, name: str) -> dict[str, Any]:
    """One of those rated, in a list."""
    line = {"name": name, "kind": subject_name(one.kind, short_language()), "url": None, "number": ""}
    if one.resolution is not None:
        number = one.resolution.number
        line["url"] = url_for("decisions.show", community=one.round.council.slug, year=number.year, no=number.number)
        line["number"] = say(format_number(number))
    return line


def outcome(round_: Round, may: frozenset[P], person: Person | None, names: dict[int, str]) -> dict[str, Any] | None:
    """What came out, for this reader: the grades of a person are for the council and for that person, for nobody else."""
    found = queries.results(round_)
    if found is None:
        return None
    own = {one.position for one in round_.subjects if person is not None and one.person_id == person.id}
    scale = [say(word) for word in kinds.scale_words(round_.scale)]
    spreads = []
    for one in found.spreads:
        hidden = one.is_person and P.MEETING_READ not in may and one.position not in own
        grades = None if hidden or one.grades is None else list(zip(scale, one.grades, strict=True))
        spreads.append({"name": names[one.position], "grades": grades, "is_hidden": hidden})
    return {
        "found": found,
        "rate": words.share(found.took_part, found.entitled),
        "void": _(VOID_WORDS[found.void]) if found.void else None,
        "spreads": spreads,
        "least": round_.least,
        "findings": [(one.words, number if number >= round_.least else None) for one, number in queries.findings(round_) if number],
    }


def promise_lines(council: Council, made: Sequence[Promise]) -> list[dict[str, Any]]:
    """Promises with how they stand today."""
    today, lines = clock.today(council.zone), []
    may = permissions_of(actor(), council)
    for one in made:
        state = one.state(today)
        lines.append({
            "id": one.id, "text": one.text, "responsible": say(one.responsible), "due_on": one.due_on, "done": one.done,
            "ended_at": one.ended_at, "state": say(promise_words(state)), "sign": words.state_badge(state),
            "about": one.finding.words if one.finding else None, "round": one.round,
            "may_end": one.outcome is None and P.PROMISE_END in may,
        })  # fmt: skip
    return lines


def steps(council: Council, round_: Round, may: frozenset[P], person: Person | None) -> list[dict[str, Any]]:
    """What this reader can do now, the next first: words, address, and whether one press does it."""
    found: list[dict[str, Any]] = []

    def offer(text: str, endpoint: str, *, posts: bool = False, **more: Any) -> None:
        where = more or {"round_id": round_.id}
        found.append({"text": text, "url": url_for(endpoint, community=council.slug, **where), "posts": posts})

    poll, is_over = round_.poll, round_.meeting.is_over
    state = poll.state if poll is not None and is_put(round_) else None
    is_chair = person is not None and person.id == round_.meeting.chair_id and P.MOTION_PUT in may
    if poll is not None and polls.awaits(poll.id, person):
        offer(_("Rate now"), "secret_polls.vote", poll_id=poll.id)
    if state is None and not is_over:
        if round_.subjects and queries.rater_ids(round_.id) and is_chair:
            offer(_("Put the round to its secret vote"), "evaluations.put", posts=True)
        if P.MEETING_RECORD in may and round_.subjects:
            offer(_("Who rates: the list"), "evaluations.raters")
        if P.MEETING_CALL in may and is_being_planned(round_):
            offer(_("Enter what is rated"), "evaluations.choose_kind")
    if state == PollState.COUNTED and round_.published_at is None and P.MEETING_RECORD in may:
        offer(_("Sort the comments into findings"), "evaluations.desk")
    if state == PollState.COUNTED and round_.published_at is None and (P.MEETING_RECORD in may or is_chair):
        offer(_("Publish the results"), "evaluations.publish")
    if P.MEETING_RECORD in may and state == PollState.PREPARED and not is_over:
        offer(_("Who rates: the list"), "evaluations.raters")
    if poll is not None and state in (PollState.PREPARED, PollState.OPEN, PollState.CLOSED):
        offer(_("The secret vote: key, papers, opening, closing, count"), "secret_polls.show", poll_id=poll.id)
    if round_.published_at is not None and P.PROMISE_MAKE in may:
        offer(_("Promise an improvement"), "evaluations.promise")
    return found
