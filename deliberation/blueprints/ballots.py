"""The ballot of a question: cast and changed by its voter, or entered for a member who asked for it. Always read back first."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from deliberation.blueprints.agenda import Answer
from deliberation.blueprints.meetings import signed_in
from deliberation.blueprints.pages import actor, council_or_404, form_page, need, say_at
from deliberation.blueprints.rating_words import options_of
from deliberation.blueprints.roll_calls import poll_or_404
from deliberation.blueprints.words import say
from deliberation.councils.models import Council
from deliberation.extensions import db
from deliberation.kernel.errors import Invalid, NotFound
from deliberation.kernel.words import N_
from deliberation.people import services as people
from deliberation.people.models import Person
from deliberation.people.permissions import Permission
from deliberation.voting import casting, kinds, queries
from deliberation.voting.forms import assist_form, ballot_form
from deliberation.voting.kinds import Mode
from deliberation.voting.models import Poll
from deliberation.voting.states import Way

bp = Blueprint("questions", __name__, url_prefix="/c/<community>/questions")
SERVICES = {"cast": casting.cast, "change": casting.change}


def question_or_404(council: Council, poll_id: int) -> Poll:
    poll = poll_or_404(council, poll_id)
    if poll.question is None:
        raise NotFound(N_("There is nothing at this address."))
    return poll


def texts(poll: Poll) -> list[str]:
    """What stands on the ballot, in words."""
    rated = options_of(poll, actor())
    return rated if rated is not None else [one.text for one in poll.options]


def said(poll: Poll, ballot: str) -> list[str]:
    """What a ballot of this poll says, line by line."""
    return [say(line) for line in kinds.words(queries.paper(poll), ballot, texts(poll))]


def address(council: Council, poll: Poll) -> str:
    return url_for("questions.show", community=council.slug, poll_id=poll.id)


@bp.route("/<int:poll_id>/cast", methods=["GET", "POST"])
def cast(community: str, poll_id: int) -> Answer | str | Response:
    return vote(community, poll_id, "cast")


@bp.route("/<int:poll_id>/change", methods=["GET", "POST"])
def change(community: str, poll_id: int) -> Answer | str | Response:
    return vote(community, poll_id, "change")


def vote(community: str, poll_id: int, verb: str) -> Answer | str | Response:
    """The ballot, read back, then kept: cast a first time, or changed."""
    council = council_or_404(community)
    person = need(Permission.POLL_CAST, council)
    poll = question_or_404(council, poll_id)
    if poll.mode == Mode.SECRET:
        return redirect(url_for("secret_polls.vote", community=community, poll_id=poll.id))
    own = queries.own_ballot(poll, person)
    if request.method == "GET" and verb == "cast" and own is not None:
        return redirect(address(council, poll))
    paper = queries.paper(poll)
    form = ballot_form(paper, texts(poll))
    if people.handed_in(form.once.data, person.id) is None:
        casting.require_open(poll)
        casting.require_by_name(poll)
        if verb == "cast":
            casting.require_voter(poll, person.id)
    shown: dict[str, Any] = {"council": council, "poll": poll, "options": texts(poll), "own": own, "kind": paper.kind.value}
    if request.method == "POST" and form.validate() and not form.confirmed.data:
        try:
            ballot = kinds.read(paper, form.choice.data or form.text())
        except Invalid as error:
            say_at(form, error)
            return render_template("questions/cast.html", form=form, **shown), 422
        return render_template("questions/read_back.html", form=form, ballot=ballot, lines=said(poll, ballot), **shown)
    return form_page(
        form,
        lambda: SERVICES[verb](poll, form.choice.data or "", actor=person),
        lambda ballot: address(council, poll),
        title=poll.question or "",
        submit_label=_("Vote"),
        template="questions/cast.html",
        **shown,
    )


@bp.route("/<int:poll_id>/assist", methods=["GET", "POST"])
def assist(community: str, poll_id: int) -> Answer | str | Response:
    council = council_or_404(community)
    person = need(Permission.POLL_RECORD, council)
    poll = poll_or_404(council, poll_id)
    # Handed in twice: the member is not among those offered any more, and the answer is the same.
    if request.method == "POST" and (known := people.handed_in(request.form.get("once"), person.id)) is not None:
        return redirect(known)
    if request.method == "GET":
        casting.require_open(poll)
        casting.require_by_name(poll)
    waiting = [one for one in queries.roll(poll) if one.may_vote and one.choice is None and one.person_id != person.id]
    paper = queries.paper(poll)
    form = assist_form(paper, texts(poll), waiting)
    about = poll.question or _("The vote on %(label)s", label=poll.label)
    back_url = url_for("polls.show", community=community, poll_id=poll.id) if poll.question is None else address(council, poll)
    shown = {"council": council, "poll": poll, "kind": paper.kind.value, "waiting": waiting, "about": about, "back_url": back_url}
    if request.method == "POST" and not form.confirmed.data and form.validate():
        try:
            ballot = kinds.read(paper, form.choice.data or form.text())
        except Invalid as error:
            say_at(form, error)
            return render_template("questions/assist.html", form=form, title=_("Enter a vote for a member"), **shown), 422
        name = next(one.name for one in waiting if str(one.person_id) == form.member.data)
        return render_template("questions/assist_back.html", form=form, ballot=ballot, name=name, lines=said(poll, ballot), **shown)
    return form_page(
        form,
        lambda: casting.assist(
            poll, db.session.get_one(Person, int(form.member.data)), form.choice.data or "", Way(form.way.data),
            form.note.data, actor=signed_in(),
        ),
        back_url,
        title=_("Enter a vote for a member"),
        submit_label=_("Go on to reading it back"),
        said=_("The vote is entered. The member finds it on the own page."),
        template="questions/assist.html",
        **shown,
    )  # fmt: skip
