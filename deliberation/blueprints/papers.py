"""Paper in a secret vote: printed ballots and lists, the desk that gives papers out, two entries of what stands on them.

Nothing here writes down who took a paper when: giving one out leaves a mark on the roll and no once key. The desk, the
chair and those who keep the sheets read these pages; nobody else.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from deliberation.blueprints.agenda import Answer
from deliberation.blueprints.doors import is_resuming
from deliberation.blueprints.errors import status_of
from deliberation.blueprints.pages import act, actor, council_or_404, form_page, need, say_at
from deliberation.blueprints.paper_faces import ballot_faces, sheet_rows
from deliberation.blueprints.questions import said
from deliberation.blueprints.secret_polls import of_the_poll, secret_or_404
from deliberation.councils.models import Council
from deliberation.councils.queries import permissions_of
from deliberation.extensions import db, transaction
from deliberation.kernel.errors import DomainError, Invalid, Refused
from deliberation.kernel.forms import BaseForm
from deliberation.people import services as people
from deliberation.people.models import Person
from deliberation.people.permissions import Permission
from deliberation.voting import queries as polls
from deliberation.voting.models import Poll
from deliberation.voting.paper import comparing, queries, serials, services
from deliberation.voting.paper.forms import ExchangeForm, FinishForm, PrintForm, hand_out_form, type_form
from deliberation.voting.results import INVALID
from deliberation.voting.states import PollState

bp = Blueprint("papers", __name__, url_prefix="/c/<community>/papers")
BEFORE = (PollState.PREPARED, PollState.OPEN)


@bp.app_context_processor
def beside() -> dict[str, Any]:
    """What the page of a secret vote says of its papers, and to whom it shows the way to them."""
    return {"paper_channels": queries.channels, "papers_waiting": queries.waiting, "handles_papers": handles}


def handles(poll: Poll) -> bool:
    """Whether this reader has anything to do with the papers of a vote."""
    person = actor()
    if person is None:
        return False
    may = permissions_of(person, poll.council)
    return bool({Permission.POLL_RECORD, Permission.MOTION_PUT} & may) or queries.keeps_sheet(poll, person)


def at_the_desk(community: str, poll_id: int) -> tuple[Council, Poll, Person]:
    """The council, the vote and who handles its papers; raises `Forbidden` for everybody else."""
    council, person = council_or_404(community), actor()
    if person is None:
        need(Permission.POLL_RECORD, council)
    poll = secret_or_404(council, poll_id)
    return council, poll, person if person is not None and handles(poll) else need(Permission.POLL_RECORD, council)


def here(endpoint: str, council: Council, poll: Poll, **more: Any) -> str:
    return url_for(f"papers.{endpoint}", community=council.slug, poll_id=poll.id, **more)


def of_the_papers(council: Council, poll: Poll) -> dict[str, Any]:
    """What every page of a vote's papers shows."""
    shown = of_the_poll(council, poll)
    return {**shown, "poll_url": shown["back_url"], "back_url": here("show", council, poll)}


@bp.get("/<int:poll_id>")
def show(community: str, poll_id: int) -> str:
    council, poll, person = at_the_desk(community, poll_id)
    own = queries.own_entry(poll, person)
    closed = poll.state == PollState.CLOSED
    return render_template(
        "papers/show.html",
        kept=queries.paper_poll(poll),
        given=queries.given(poll) if poll.state in (*BEFORE, PollState.CLOSED) else None,
        entries=queries.entries(poll),
        own=own,
        typed=len(queries.typed(poll, own.place)) if own and closed else 0,
        anew=[serials.shown(one) for one in queries.anew(poll)] if closed else [],
        records=Permission.POLL_RECORD in permissions_of(person, council),
        keeps_sheet=queries.keeps_sheet(poll, person),
        **of_the_papers(council, poll),
    )


@bp.route("/<int:poll_id>/print", methods=["GET", "POST"])
def print_(community: str, poll_id: int) -> Answer | Response:
    """How many; the papers are the answer to the press itself. Printed anew they have other numbers."""
    council, poll, person = at_the_desk(community, poll_id)
    if request.method == "GET" and poll.state not in BEFORE:
        return redirect(here("show", council, poll))
    form, status = PrintForm(), 200
    if request.method == "POST" and not is_resuming():
        try:
            if form.validate():
                return printed(council, poll, form, person)
            status = 422
        except (Invalid, Refused) as error:
            db.session.rollback()
            status = status_of(error)
            say_at(form, error)
    shown = of_the_papers(council, poll)
    words = _("Print ballot papers")
    return render_template("papers/print.html", form=form, title=words, submit_label=words, **shown), status


def printed(council: Council, poll: Poll, form: PrintForm, person: Person) -> Answer | Response:
    once = form.once.data or ""
    if people.handed_in(once, person.id) is not None:
        flash(_("The papers have been made already. Where they did not come out of the printer, print new ones."), "info")
        return redirect(here("print_", council, poll))
    with transaction():
        made = services.print_papers(poll, int(form.number.data), actor=person)
        people.note_handed_in(once, person.id, here("print_", council, poll))
    shown = of_the_papers(council, poll)
    return render_template("papers/ballots.html", **ballot_faces(poll, made, shown), **shown), 200


@bp.get("/<int:poll_id>/roll")
def roll(community: str, poll_id: int) -> str:
    """The list to be signed by whoever takes a paper, from the frozen electorate."""
    council, poll, _person = at_the_desk(community, poll_id)
    return render_template("papers/roll.html", voters=queries.voters(poll), **of_the_papers(council, poll))


@bp.get("/<int:poll_id>/count-sheet")
def count_sheet(community: str, poll_id: int) -> str:
    """The sheet for counting papers by hand."""
    council, poll, _person = at_the_desk(community, poll_id)
    shown = of_the_papers(council, poll)
    return render_template("papers/count_sheet.html", **sheet_rows(poll, shown["options"]), **shown)


@bp.route("/<int:poll_id>/hand-out", methods=["GET", "POST"])
def hand_out(community: str, poll_id: int) -> Answer | Response:
    """A name is chosen, read back, and marked on the roll."""
    council, poll, person = at_the_desk(community, poll_id)
    if request.method == "GET" and poll.state != PollState.OPEN:
        return redirect(here("show", council, poll))
    voters = queries.voters(poll)
    form, status = hand_out_form(voters), 200
    shown = {**of_the_papers(council, poll), "title": _("Give out a paper"), "form": form}
    if request.method == "POST" and not is_resuming():
        status = 422
        taker = next((one for one in voters if str(one.id) == form.member.data), None)
        try:
            if form.validate() and taker is not None:
                if not form.confirmed.data:
                    return render_template("papers/hand_out_back.html", name=taker.name or "", **shown), 200
                with transaction():
                    services.hand_out(poll, taker, actor=person)
                flash(_("Marked on the roll: %(name)s takes one paper out of the pile.", name=taker.name or ""), "done")
                return redirect(here("hand_out", council, poll))
        except DomainError as error:
            db.session.rollback()
            status = status_of(error)
            say_at(form, error)
    return render_template("papers/hand_out.html", given=queries.given(poll), **shown), status


@bp.route("/<int:poll_id>/exchange", methods=["GET", "POST"])
def exchange(community: str, poll_id: int) -> Answer | Response:
    council, poll, person = at_the_desk(community, poll_id)
    if request.method == "GET" and poll.state != PollState.OPEN:
        return redirect(here("show", council, poll))
    form = ExchangeForm()
    return form_page(
        form,
        lambda: services.exchange(poll, form.serial.data or "", actor=person),
        here("show", council, poll),
        title=_("Exchange a spoiled paper"),
        submit_label=_("Void this paper"),
        said=_("Voided. Keep the paper with the voided ones, and let the voter take another out of the pile."),
        intro=[_("Only before it goes into the box. Fold it without looking at what is marked; the roll stays as it is.")],
        **of_the_papers(council, poll),
    )


@bp.post("/<int:poll_id>/begin")
def begin(community: str, poll_id: int) -> Response:
    council, poll, person = at_the_desk(community, poll_id)
    return act(lambda: services.begin(poll, actor=person), here("enter", council, poll))


@bp.route("/<int:poll_id>/enter", methods=["GET", "POST"])
def enter(community: str, poll_id: int) -> Answer | Response:
    """One paper a screen."""
    council, poll, person = at_the_desk(community, poll_id)
    own = queries.own_entry(poll, person)
    if request.method == "GET" and (own is None or own.finished_at is not None or poll.state != PollState.CLOSED):
        return redirect(here("show", council, poll))
    shown = of_the_papers(council, poll)
    form = type_form(polls.paper(poll), shown["options"])

    def type_in() -> None:
        kept = services.type_in(poll, form.serial.data or "", form.text(), actor=person)
        flash(_("%(serial)s is kept.", serial=serials.shown(kept)), "done")

    return form_page(
        form,
        type_in,
        here("enter", council, poll),
        title=_("Type the papers in"),
        submit_label=_("Keep, next paper"),
        template="papers/enter.html",
        typed=len(queries.typed(poll, own.place)) if own else 0,
        given=queries.given(poll),
        anew=[serials.shown(one) for one in queries.anew(poll, own)],
        **shown,
    )


@bp.get("/<int:poll_id>/typed")
def typed(community: str, poll_id: int) -> str | Response:
    """The own entry as far as it is, to be compared with the pile and mended."""
    council, poll, person = at_the_desk(community, poll_id)
    own = queries.own_entry(poll, person)
    if own is None or own.finished_at is not None or poll.state != PollState.CLOSED:
        return redirect(here("show", council, poll))
    rows = [(one, serials.shown(one), content_words(poll, content)) for one, content in queries.typed(poll, own.place).items()]
    return render_template("papers/typed.html", rows=rows, **of_the_papers(council, poll))


def content_words(poll: Poll, content: str) -> str:
    if content.startswith(INVALID):
        return _("Invalid: %(why)s", why=_(comparing.REASON_WORDS[content.partition(":")[2]]))
    return _("; ").join(said(poll, content))


@bp.post("/<int:poll_id>/take-back")
def take_back(community: str, poll_id: int) -> Response:
    council, poll, person = at_the_desk(community, poll_id)
    serial = request.form.get("serial", "")
    gone = _("Taken out. Type this paper in anew.")
    return act(lambda: services.take_back(poll, serial, actor=person), here("enter", council, poll), gone)


@bp.route("/<int:poll_id>/finish", methods=["GET", "POST"])
def finish(community: str, poll_id: int) -> Answer | Response:
    council, poll, person = at_the_desk(community, poll_id)
    own = queries.own_entry(poll, person)
    if request.method == "GET" and (own is None or own.finished_at is not None or poll.state != PollState.CLOSED):
        return redirect(here("show", council, poll))
    form = FinishForm()

    def finished() -> None:
        try:
            services.finish(poll, confirmed=bool(form.confirmed.data), actor=person)
        except Invalid as error:
            form.differs = error.code == "number_differs"
            raise

    return form_page(
        form,
        finished,
        here("show", council, poll),
        title=_("Finish your entry"),
        submit_label=_("Finish"),
        template="papers/finish.html",
        typed=len(queries.typed(poll, own.place)) if own else 0,
        given=queries.given(poll),
        **of_the_papers(council, poll),
    )


@bp.route("/<int:poll_id>/discard/<int:place>", methods=["GET", "POST"])
def discard(community: str, poll_id: int, place: int) -> Answer | Response:
    council, poll, person = at_the_desk(community, poll_id)
    entry = next((one for one in queries.entries(poll) if one.place == place), None)
    if request.method == "GET" and (entry is None or poll.state != PollState.CLOSED):
        return redirect(here("show", council, poll))
    return form_page(
        BaseForm(),
        lambda: services.discard(poll, place, actor=person),
        here("show", council, poll),
        title=_("Discard this entry"),
        submit_label=_("Discard it"),
        said=_("Discarded. Another entry can be begun."),
        intro=[
            _("The entry by %(name)s is thrown away with all its papers.", name=(entry.person.name if entry else None) or ""),
            _("For somebody who cannot go on, or who mixed the piles up. It stands in the log that an entry was discarded."),
        ],
        **of_the_papers(council, poll),
    )
