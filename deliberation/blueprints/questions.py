"""Questions that decide no motion: asked in a session or by correspondence, answered, counted. Every kind of ballot."""

from __future__ import annotations

import json
from typing import Any
from zoneinfo import ZoneInfo

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from deliberation.blueprints.agenda import Answer
from deliberation.blueprints.ballots import address, bp, question_or_404, said, texts
from deliberation.blueprints.marks import mark
from deliberation.blueprints.meetings import signed_in
from deliberation.blueprints.pages import act, actor, council_or_404, form_page, load_or_404, need
from deliberation.blueprints.verdicts import rule_words, said_before, sentences, verdict_card
from deliberation.blueprints.words import say, short_language
from deliberation.councils.models import Council
from deliberation.councils.queries import permissions_of
from deliberation.kernel.errors import NotFound
from deliberation.kernel.words import N_
from deliberation.meetings import questions
from deliberation.meetings.models import Meeting
from deliberation.people.models import Person
from deliberation.people.permissions import Permission
from deliberation.voting import casting, kinds, queries, results
from deliberation.voting.counting import methods
from deliberation.voting.forms import ConfirmLotForm, LotForm, ask_form
from deliberation.voting.kinds import Kind, Mode
from deliberation.voting.models import Poll
from deliberation.voting.states import PollState
from deliberation.voting.tallying import draw_lot, note_lot
from deliberation.voting.telling import tell

MOST_TOLD = 10_000
"""Of larger votes the page gives the result alone: to tell the rounds they are counted anew, ballot by ballot."""


@bp.get("/")
def index(community: str) -> str:
    council = council_or_404(community)
    may_ask = Permission.MOTION_PUT in permissions_of(actor(), council)
    return render_template("questions/index.html", council=council, polls=questions.all_of(council), may_ask=may_ask)


@bp.get("/<int:poll_id>")
def show(community: str, poll_id: int) -> str | Response:
    council = council_or_404(community)
    poll = question_or_404(council, poll_id)
    if poll.mode == Mode.SECRET:
        return redirect(url_for("secret_polls.show", community=community, poll_id=poll.id))
    person = actor()
    may = permissions_of(person, council)
    counted = poll.state == PollState.COUNTED
    progress = queries.progress(poll)
    own = queries.own_ballot(poll, person)
    meeting = questions.meeting_of(poll)
    keeps = person is not None and Permission.MOTION_PUT in may and (meeting is None or meeting.chair_id == person.id)
    names = counted and Permission.POLL_READ_NAMES in may
    return render_template(
        "questions/show.html",
        council=council,
        poll=poll,
        meeting=meeting,
        kind=say(kinds.kind_words(poll.kind)),
        mode=say(kinds.mode_words(poll.mode)),
        progress=progress,
        rule=rule_words(poll),
        before=said_before(poll, progress) if poll.kind == Kind.YES_NO else "",
        has_ended=poll.state == PollState.OPEN and casting.has_ended(poll),
        sentences=sentences(poll) if counted and poll.verdict else [],
        mark=mark(council, "verdict", poll.id) if counted else None,
        verdict=verdict_card(poll, community) if counted and poll.verdict else None,
        result=result_of(poll) if counted and poll.result else None,
        roll=[(line.name, said(poll, line.choice)) for line in queries.roll(poll) if line.choice] if names else [],
        own=own,
        own_words=said(poll, own.choice) if own else [],
        awaits=queries.awaits(poll.id, person),
        keeps=keeps,
        may_assist=Permission.POLL_RECORD in may,
        notes_lot=Permission.POLL_RECORD in may and Permission.POLL_CONFIRM not in may,
        may_record=poll.kind in (Kind.YES_NO, Kind.SINGLE) and Permission.POLL_RECORD in may,
    )


def result_of(poll: Poll) -> dict[str, Any]:
    """A kept result as the page shows it: options by their words."""
    assert poll.result is not None
    data, options = json.loads(poll.result.result), texts(poll)
    shown: dict[str, Any] = {"ballots": data["ballots"], "abstain": data["abstain"]}
    shown |= {"decided": results.is_decided(data), "empty": results.is_empty(data)}
    if "grades" in data:
        scale = [say(word) for word in kinds.scale_words(poll.scale or "")]
        shown["scale"] = scale
        rated = zip(options, data["grades"], strict=True)
        shown["rated"] = [(text, list(zip(scale, row, strict=True)) if row else []) for text, row in rated]
        return shown
    counted = data["counted"]
    shown["winners"] = [options[int(one) - 1] for one in counted["winners"]]
    shown["ties"] = [[options[int(one) - 1] for one in tie["options"]] for tie in counted["ties"]]
    if poll.method is not None and is_as_counted(poll.method, poll) and not shown["empty"] and data["ballots"] <= MOST_TOLD:
        seed = poll.lot_seed if shown["decided"] else None
        election, found = results.held(queries.paper(poll), options, poll.method, poll.seats, queries.piles(poll), seed)
        shown["told"] = tell(poll.method, election, found)
    return shown


def is_as_counted(method: str, poll: Poll) -> bool:
    """Whether the method is installed in the version that counted: another one may tell another count."""
    return method in methods and methods[method].version == poll.method_version


@bp.get("/new")
def choose_kind(community: str) -> str:
    council = council_or_404(community)
    need(Permission.MOTION_PUT, council)
    offered = [(kind.value, say(kinds.kind_words(kind))) for kind in Kind]
    return render_template("questions/kinds.html", council=council, meeting=asked_meeting(council), offered=offered)


def asked_meeting(council: Council) -> Meeting | None:
    """The session that the address names; None where the question goes to all members by correspondence."""
    given = request.args.get("meeting", "")
    if not given:
        return None
    return load_or_404(Meeting, council, id=int(given) if given.isascii() and given.isdigit() and len(given) < 10 else -1)


@bp.route("/new/<kind>", methods=["GET", "POST"])
def new(community: str, kind: str) -> Answer:
    council = council_or_404(community)
    need(Permission.MOTION_PUT, council)
    if kind not in set(Kind):
        raise NotFound(N_("There is nothing at this address."))
    chosen, meeting = Kind(kind), asked_meeting(council)
    form: Any = ask_form(chosen, by_correspondence=meeting is None)
    if meeting is not None:
        form.about.choices = questions.subjects(meeting, short_language())

    def ask() -> Poll:
        if meeting is not None:
            return questions.ask(meeting, form.asked(chosen), about=form.about.data, mode=form.mode.data, actor=signed_in())
        closes_at = form.closes_at.data.replace(tzinfo=ZoneInfo(council.zone))
        return questions.ask_by_correspondence(council, form.asked(chosen), closes_at, mode=form.mode.data, actor=signed_in())

    where = _("It is put to those in the room now.") if meeting else _("It goes to all members, who answer from wherever they are.")
    return form_page(
        form,
        ask,
        lambda poll: address(council, poll),
        title=say(kinds.kind_words(kind)),
        submit_label=_("Put the question"),
        said=_("The question is put."),
        council=council,
        intro=[
            where,
            _("What is asked and who may answer is fixed when the vote opens: a mistake is mended by cancelling and asking anew."),
        ],
        back_url=url_for("questions.choose_kind", community=council.slug, meeting=meeting.id if meeting else None),
    )


@bp.route("/<int:poll_id>/lot", methods=["GET", "POST"])
def lot(community: str, poll_id: int) -> Answer:
    council = council_or_404(community)
    need(Permission.POLL_RECORD, council)
    poll = question_or_404(council, poll_id)
    form = LotForm()
    return form_page(
        form,
        lambda: note_lot(poll, form.seed.data, actor=signed_in()),
        address(council, poll),
        title=_("Break the tie by a lot"),
        submit_label=_("Note what was drawn"),
        said=_("Noted. The chair confirms it."),
        council=council,
        intro=[
            _("Let somebody throw dice or draw cards before everybody's eyes, and enter what came."),
            _("The options are then ordered by the SHA-256 of what was drawn, a zero byte and the option's words: "
              "anybody can do it again."),
        ],
        back_url=address(council, poll),
    )  # fmt: skip


@bp.route("/<int:poll_id>/lot/confirm", methods=["GET", "POST"])
def confirm_lot(community: str, poll_id: int) -> Answer:
    council = council_or_404(community)
    need(Permission.MOTION_PUT, council)
    poll = question_or_404(council, poll_id)

    def draw() -> None:
        questions.require_keeper(poll, signed_in())
        draw_lot(poll, form.seed.data or "", actor=signed_in())

    form = ConfirmLotForm(data={"seed": poll.lot_seed})
    return form_page(
        form,
        draw,
        address(council, poll),
        title=_("Was this drawn?"),
        submit_label=_("Yes, everybody saw it"),
        said=_("The tie is broken by the lot."),
        council=council,
        intro=[poll.question, _("Noted as drawn: %(seed)s", seed=poll.lot_seed or "–")],
        back_url=address(council, poll),
    )


@bp.post("/<int:poll_id>/open")
def open_question(community: str, poll_id: int) -> Response:
    council = council_or_404(community)
    poll = question_or_404(council, poll_id)
    person: Person = need(Permission.MOTION_PUT, council)
    return act(lambda: questions.open_question(poll, actor=person), address(council, poll), _("Voting is open."))
