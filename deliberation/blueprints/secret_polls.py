"""Secret votes as everybody and the voters meet them: the poll's page, the ballot, the receipt, the list of receipts.

Nothing here writes down who came when: no once key, no flash, no redirect that names a receipt. Every answer on the way of
a vote is made equally long, so that its length tells no choice.
"""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from deliberation.blueprints.addresses import printed_address
from deliberation.blueprints.ballots import said, texts
from deliberation.blueprints.card_faces import qr
from deliberation.blueprints.marks import mark
from deliberation.blueprints.pages import actor, council_or_404, need
from deliberation.blueprints.polls import on_what, poll_or_404
from deliberation.blueprints.questions import result_of
from deliberation.blueprints.verdicts import rule_words, said_before, sentences, verdict_card
from deliberation.councils.models import Council
from deliberation.councils.queries import permissions_of
from deliberation.evaluations import queries as rounds
from deliberation.evaluations.forms import rating_form
from deliberation.evaluations.models import Round
from deliberation.extensions import transaction
from deliberation.kernel.errors import Invalid, NotFound
from deliberation.kernel.words import N_
from deliberation.meetings import secret_votes
from deliberation.people.models import Person
from deliberation.people.permissions import Permission
from deliberation.voting import casting, kinds, results
from deliberation.voting import queries as polls
from deliberation.voting.forms import ballot_form
from deliberation.voting.kinds import Kind, Mode
from deliberation.voting.models import Poll
from deliberation.voting.secret import box, disclosure, queries
from deliberation.voting.secret.models import BoxKey
from deliberation.voting.states import PollState
from deliberation.voting.verdicts import VOID_WORDS

bp = Blueprint("secret_polls", __name__, url_prefix="/c/<community>/secret")
EVEN = 64 * 1024
"""Bytes: longer than any page on the way of a vote."""


def secret_or_404(council: Council, poll_id: int) -> Poll:
    poll = poll_or_404(council, poll_id)
    if poll.mode != Mode.SECRET:
        raise NotFound(N_("There is nothing at this address."))
    return poll


def address(council: Council, poll: Poll) -> str:
    return url_for("secret_polls.show", community=council.slug, poll_id=poll.id)


def name_of(poll: Poll) -> str:
    """What the vote is about, in a line."""
    return poll.question or _("The vote on %(label)s", label=poll.label)


def evenly(page: str, status: int = 200) -> Response:
    """The page, filled up with blanks to one length whatever it says."""
    body = page.encode()
    response = make_response(body + b" " * (-len(body) % EVEN), status)
    response.headers["Cache-Control"] = "no-store"
    return response


def keeps(poll: Poll, person: Person | None, may: frozenset[Permission]) -> bool:
    """Whether this reader conducts the vote."""
    meeting = secret_votes.meeting_of(poll)
    return person is not None and Permission.MOTION_PUT in may and (meeting is None or meeting.chair_id == person.id)


def of_the_poll(council: Council, poll: Poll) -> dict[str, Any]:
    """What every page of a secret poll shows."""
    motion = secret_votes.motion_of(poll)
    return {
        "council": council,
        "poll": poll,
        "about": name_of(poll),
        "options": texts(poll),
        "kind": poll.kind,
        "back_url": address(council, poll),
        **(on_what(poll, motion) if motion else {"motion": None}),
    }


@bp.get("/<int:poll_id>")
def show(community: str, poll_id: int) -> str:
    council = council_or_404(community)
    poll = secret_or_404(council, poll_id)
    person, kept = actor(), queries.sealed_poll(poll)
    may = permissions_of(person, council)
    conducts = keeps(poll, person, may)
    progress, round_ = polls.progress(poll), rounds.round_of(poll)
    marked = poll.state == PollState.COUNTED and (round_ is None or round_.published_at is not None)
    return render_template(
        "secret/show.html",
        key=kept.key if kept else None,
        kept=kept,
        sheet=own_sheet(kept.key if kept else None, person),
        keeps=conducts,
        notes_lot=Permission.POLL_RECORD in may and Permission.POLL_CONFIRM not in may,
        round=round_,
        may_use_key=conducts and poll.state == PollState.PREPARED and session_key(poll) is not None,
        awaits=polls.awaits(poll.id, person),
        has_voted=queries.has_voted(poll, person),
        progress=progress,
        has_names=Permission.POLL_READ_NAMES in may,
        participants=queries.participants(poll) if reads_names(poll) in may else [],
        sentences=sentences(poll) if poll.state == PollState.COUNTED and poll.verdict else [],
        mark=mark(council, "verdict", poll.id) if marked else None,
        **outcome(council, poll),
        who_learns=[(_(who), _(what)) for who, what in disclosure.WHO_LEARNS],
        not_enough=not_enough(),
        few=disclosure.warning(progress.may_vote) if progress.may_vote else None,
        frozen_rule=rule_words(poll),
        before=said_before(poll, progress) if poll.kind == Kind.YES_NO else "",
        **of_the_poll(council, poll),
    )


def outcome(council: Council, poll: Poll) -> dict[str, Any]:
    """What came out of a counted poll: a verdict, a result, or why it is void."""
    shown: dict[str, Any] = {"verdict": None, "result": None, "void": None}
    if poll.state != PollState.COUNTED or poll.least_shown is not None:
        # What a rating round came to stands on its own page, once it is published.
        return shown
    if poll.verdict is not None:
        return {**shown, "verdict": verdict_card(poll, council.slug)}
    why = json.loads(poll.result.result).get("void") if poll.result else None
    return {**shown, "void": _(VOID_WORDS[why])} if why else {**shown, "result": result_of(poll)}


def reads_names(poll: Poll) -> Permission:
    """What it takes to read who took part: where the council itself may be rated, to be of the desk."""
    return Permission.POLL_READ_NAMES if poll.least_shown is None else Permission.POLL_RECORD


def own_sheet(key: BoxKey | None, person: Person | None) -> Any:
    """The sheet that this reader keeps."""
    return next((one for one in key.holders if person is not None and one.person_id == person.id), None) if key else None


def session_key(poll: Poll) -> BoxKey | None:
    """The key that was made for the session of this vote and can be used."""
    meeting = secret_votes.meeting_of(poll)
    return queries.key_of_session(meeting.id if meeting else None)


def not_enough() -> list[str]:
    """When a secret vote on this platform is not enough."""
    return [_(words) % {"n": disclosure.MOST_VOTERS} if "%(n)s" in words else _(words) for words in disclosure.NOT_ENOUGH]


@bp.route("/<int:poll_id>/vote", methods=["GET", "POST"])
def vote(community: str, poll_id: int) -> Response:
    """The ballot, and what it says read back. Nothing is kept of either."""
    council = council_or_404(community)
    poll = secret_or_404(council, poll_id)
    person = need(casting.permission(poll), council)
    if request.method == "GET" and queries.has_voted(poll, person):
        return redirect(address(council, poll))  # type: ignore[return-value]
    casting.require_open(poll)
    casting.require_voter(poll, person.id, voted=queries.has_voted(poll, person))
    shown = of_the_poll(council, poll)
    form: Any = (ballot_form if poll.least_shown is None else rating_form)(polls.paper(poll), shown["options"])
    status = 200
    if request.method == "POST":
        try:
            if form.validate():
                ballot = kinds.read(polls.paper(poll), (form.choice.data or form.text()).strip())
                return evenly(read_back(poll, ballot, {**shown, "comment": form.comment.data if "comment" in form else None}))
        except Invalid as error:
            form.form_errors.append(error.words.render(_))
        status = 422
    return evenly(render_template("secret/vote.html", form=form, **shown), status)


def read_back(poll: Poll, ballot: str, shown: dict[str, Any]) -> str:
    filled = ballot.ljust(kinds.longest(polls.paper(poll)))
    return render_template("secret/read_back.html", ballot=filled, token=box.new_token(), lines=said(poll, ballot), **shown)


@bp.post("/<int:poll_id>/cast")
def cast(community: str, poll_id: int) -> Response:
    """Into the box. The receipt is the answer to this press; pressed again, it is the same."""
    council = council_or_404(community)
    poll = secret_or_404(council, poll_id)
    person = need(casting.permission(poll), council)
    given = {name: request.form.get(name, "") for name in ("ballot", "token", "comment")}
    with transaction():
        receipt = box.cast(poll, given["ballot"].strip(), given["token"], beside_it=given["comment"], actor=person)
    shown = of_the_poll(council, poll)
    where = printed_address("secret_polls.sealed", community=council.slug, poll_id=poll.id)
    picture = qr(f"{where}#r-{receipt.code}")
    return evenly(render_template("secret/receipt.html", receipt=receipt, picture=picture, where=where, **shown))


@bp.get("/<int:poll_id>/sealed")
def sealed(community: str, poll_id: int) -> str:
    """Every receipt in order, for everybody, once the vote is closed."""
    council = council_or_404(community)
    poll = secret_or_404(council, poll_id)
    return render_template(
        "secret/sealed.html", receipts=queries.receipts(poll), kept=queries.sealed_poll(poll), **of_the_poll(council, poll)
    )


@bp.get("/<int:poll_id>/ballots")
def ballots(community: str, poll_id: int) -> str:
    """The opened ballots, where they are not too telling, so that everybody can count again."""
    council = council_or_404(community)
    poll = secret_or_404(council, poll_id)
    round_ = rounds.round_of(poll)
    piles = queries.published_ballots(poll) if round_ is None or may_show_all(round_) else None
    words = [(invalid() if text == results.INVALID else _("; ").join(said(poll, text)), n) for text, n in piles or []]
    return render_template(
        "secret/ballots.html", piles=words, shown=piles is not None, kept=queries.sealed_poll(poll), **of_the_poll(council, poll)
    )


def may_show_all(round_: Round) -> bool:
    """Whether the ballots of a rating round may be shown: once its results are public, and none of them tells of a person."""
    return round_.published_at is not None and not any(one.person_id for one in round_.subjects)


def invalid() -> str:
    return _("Invalid")
