"""Votes on motions: the public page, a member's vote, closing and counting, cancelling. Called out: ``roll_calls``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import redirect, render_template, request
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from deliberation.blueprints.agenda import Answer
from deliberation.blueprints.marks import mark
from deliberation.blueprints.meetings import signed_in
from deliberation.blueprints.pages import LARGEST_ID, actor, council_or_404, form_page, need
from deliberation.blueprints.roll_calls import address, bp, elsewhere, poll_or_404, session_address
from deliberation.blueprints.verdicts import rule_words, said_before, sentences, verdict_card
from deliberation.councils.models import Council
from deliberation.councils.queries import permissions_of
from deliberation.extensions import transaction
from deliberation.kernel.errors import DomainError, Refused
from deliberation.kernel.forms import BaseForm
from deliberation.kernel.words import N_
from deliberation.meetings import questions, votes
from deliberation.motions import order
from deliberation.motions import queries as motions
from deliberation.motions.models import Motion
from deliberation.people import services as people
from deliberation.people.models import Person
from deliberation.people.permissions import Permission
from deliberation.voting import casting, queries
from deliberation.voting.forms import CastForm
from deliberation.voting.models import Ballot, Poll, PollResult, VerdictRow
from deliberation.voting.states import CHOICE_WORDS, Choice, PollState


def on_what(poll: Poll, motion: Motion) -> dict[str, Any]:
    """What is voted on, for every page of a poll."""
    all_motions = motions.load([motion.matter_id])[motion.matter_id]
    return {
        "motion": motion,
        "matter": motion.matter,
        "rows": [row for row in motions.change(motion, all_motions) if row.status != "same"],
        "pieces": motions.rewording(motion, all_motions) if motion.kind == order.SECONDARY else [],
        "text": motions.composed(motion, all_motions) if motion.kind == order.MAIN else (),
        "rule": rule_words(poll),
    }


@bp.get("/<int:poll_id>")
def show(community: str, poll_id: int) -> str | Response:
    council = council_or_404(community)
    poll = poll_or_404(council, poll_id)
    if (onward := elsewhere(poll, "show")) is not None:
        return onward
    person = actor()
    may = permissions_of(person, council)
    reads_names = Permission.POLL_READ_NAMES in may
    motion = votes.motion_of(poll)
    counted = poll.state == PollState.COUNTED
    progress = queries.progress(poll)
    return render_template(
        "polls/show.html",
        council=council,
        poll=poll,
        progress=progress,
        before=said_before(poll, progress),
        sentences=sentences(poll) if counted else [],
        mark=mark(council, "verdict", poll.id) if counted else None,
        verdict=verdict_card(poll, community) if counted else None,
        roll=queries.roll(poll) if reads_names and counted else [],
        names_of=queries.names_of,
        reads_names=reads_names,
        own=queries.own_ballot(poll, person),
        awaits=queries.awaits(poll.id, person),
        may_record=Permission.POLL_RECORD in may and poll.state == PollState.OPEN,
        session_url=session_address(council, poll),
        **on_what(poll, motion),
    )


def cast_at_once(community: str, poll_id: int) -> Response | None:
    """A vote that was read back: read, checked and written in one transaction. None where anything stands in its way:
    the form then says what, or leads to where it led before."""
    choice, key = request.form.get("choice"), request.form.get("once")
    if not request.form.get("confirmed") or choice not in CHOICE_WORDS or not key:
        return None
    try:
        with transaction():
            person, poll = actor(), queries.poll_at(community, poll_id) if poll_id <= LARGEST_ID else None
            if person is None or poll is None:
                return None
            casting.cast(poll, Choice(choice), actor=person)
            location = address(poll.council, poll)
            people.note_handed_in(key, person.id, location)
    except (DomainError, IntegrityError):
        return None
    return redirect(location)


@bp.route("/<int:poll_id>/cast", methods=["GET", "POST"])
def cast(community: str, poll_id: int) -> Answer | str:
    if request.method == "POST" and (done := cast_at_once(community, poll_id)) is not None:
        return done
    council = council_or_404(community)
    person = need(Permission.POLL_CAST, council)
    poll = poll_or_404(council, poll_id)
    if (onward := elsewhere(poll, "cast")) is not None:
        return onward
    form = CastForm()
    if request.method == "GET" and (own := queries.own_ballot(poll, person)) is not None:
        return render_template("polls/voted.html", council=council, poll=poll, own=own)
    if people.handed_in(form.once.data, person.id) is None:
        casting.require_open(poll)
        casting.require_voter(poll, person.id)
    return read_back(council, poll, form, lambda choice: casting.cast(poll, choice, actor=person))


@bp.route("/<int:poll_id>/change", methods=["GET", "POST"])
def change(community: str, poll_id: int) -> Answer | str:
    """A recorded vote is changed only on purpose: on a page of its own, and read back like the first."""
    council = council_or_404(community)
    person = need(Permission.POLL_CAST, council)
    poll = poll_or_404(council, poll_id)
    if (onward := elsewhere(poll, "change")) is not None:
        return onward
    form = CastForm()
    if people.handed_in(form.once.data, person.id) is None:
        casting.require_open(poll)
        if queries.own_ballot(poll, person) is None:
            raise Refused(N_("You have not voted yet: there is nothing to change."), code="not_voted")
    return read_back(council, poll, form, lambda choice: casting.change(poll, choice, actor=person))


def close_and_count(poll: Poll, *, actor: Person) -> VerdictRow | PollResult:
    if poll.question is not None:
        return questions.close_and_count(poll, actor=actor)
    return votes.close_and_count(votes.motion_of(poll), actor=actor)


def read_back(council: Council, poll: Poll, form: CastForm, service: Callable[[Choice], Ballot]) -> Answer | str:
    """Three rows to choose from; what was chosen, in words; then the vote."""
    motion = votes.motion_of(poll)
    shown = on_what(poll, motion)
    if request.method == "POST" and form.validate() and not form.confirmed.data:
        chosen = Choice(form.choice.data)
        return render_template(
            "polls/read_back.html", council=council, poll=poll, form=form, chosen=chosen, **shown
        )
    return form_page(
        form,
        lambda: service(Choice(form.choice.data)),
        lambda ballot: address(council, poll),
        title=_("Your vote on %(label)s", label=poll.label),
        submit_label=_("Vote"),
        template="polls/cast.html",
        council=council,
        poll=poll,
        **shown,
    )


@bp.route("/<int:poll_id>/close", methods=["GET", "POST"])
def close(community: str, poll_id: int) -> Answer | Response:
    council = council_or_404(community)
    need(Permission.MOTION_PUT, council)
    poll = poll_or_404(council, poll_id)
    if (onward := elsewhere(poll, "close")) is not None:
        return onward
    if request.method == "GET" and poll.state != PollState.OPEN:
        casting.require_open(poll)
    far = queries.progress(poll)
    silent = [line.name or _("(erased)") for line in queries.roll(poll) if line.may_vote and line.choice is None]
    return form_page(
        BaseForm(),
        lambda: close_and_count(poll, actor=signed_in()),
        address(council, poll),
        title=_("Close the vote on %(label)s", label=poll.label),
        submit_label=_("Close the vote and count"),
        said=_("Counted."),
        council=council,
        intro=[
            _("%(n)s of %(all)s have voted.", n=far.voted, all=far.may_vote),
            *([_("Not yet: %(names)s.", names=_(", ").join(silent))] if silent else []),
            _("Whoever has not voted cannot do so any more. A vote that is closed is not opened again."),
        ],
        back_url=session_address(council, poll),
    )


@bp.route("/<int:poll_id>/cancel", methods=["GET", "POST"])
def cancel(community: str, poll_id: int) -> Answer | Response:
    council = council_or_404(community)
    need(Permission.MOTION_PUT, council)
    poll = poll_or_404(council, poll_id)
    if (onward := elsewhere(poll, "cancel")) is not None:
        return onward
    return form_page(
        BaseForm(),
        lambda: cancel_vote(poll, actor=signed_in()),
        session_address(council, poll),
        title=_("Cancel the vote on %(label)s", label=poll.label),
        submit_label=_("Cancel the vote"),
        said=_("Cancelled. Nothing that was cast counts."),
        council=council,
        intro=[_("What was cast counts for nothing. The vote can be opened anew, with those who are here then.")],
        back_url=session_address(council, poll),
    )


def cancel_vote(poll: Poll, *, actor: Person) -> None:
    if poll.question is not None:
        questions.cancel(poll, actor=actor)
    else:
        votes.cancel(votes.motion_of(poll), actor=actor)
