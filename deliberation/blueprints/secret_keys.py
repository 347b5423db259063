"""The ceremony of a secret vote: who keeps the sheets, the sheets, reading them back, opening, closing, opening the box."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from deliberation.blueprints import rating_words
from deliberation.blueprints.agenda import Answer
from deliberation.blueprints.card_faces import qr
from deliberation.blueprints.doors import is_resuming
from deliberation.blueprints.meetings import signed_in
from deliberation.blueprints.pages import act, council_or_404, form_page, need, say_at
from deliberation.blueprints.secret_polls import address, bp, keeps, not_enough, of_the_poll, secret_or_404, session_key
from deliberation.councils.models import Council
from deliberation.councils.queries import permissions_of
from deliberation.extensions import db, transaction
from deliberation.kernel.errors import DomainError, Forbidden, Invalid, Refused
from deliberation.kernel.forms import BaseForm
from deliberation.kernel.words import N_
from deliberation.meetings import secret_votes
from deliberation.people import services as people
from deliberation.people.models import Person
from deliberation.people.permissions import Permission
from deliberation.voting import queries as polls
from deliberation.voting.models import Poll
from deliberation.voting.paper import joining
from deliberation.voting.secret import cleaning, disclosure, keys, queries
from deliberation.voting.secret.forms import SheetForm, count_form, keepers_form
from deliberation.voting.secret.models import KeySheet
from deliberation.voting.states import PollState

ROW = 5
"""Groups in a row of a printed sheet."""


def conducted(community: str, poll_id: int) -> tuple[Council, Poll, Person]:
    """The council, the vote and the chair who conducts it; raises `Forbidden` for everybody else."""
    council = council_or_404(community)
    person = need(Permission.MOTION_PUT, council)
    poll = secret_or_404(council, poll_id)
    if not keeps(poll, person, permissions_of(person, council)):
        raise Forbidden(N_("Only the chair of this session can do this."), code="not_the_chair")
    return council, poll, person


def here(endpoint: str, council: Council, poll: Poll) -> str:
    return url_for(f"secret_polls.{endpoint}", community=council.slug, poll_id=poll.id)


@bp.route("/<int:poll_id>/keepers", methods=["GET", "POST"])
def keepers(community: str, poll_id: int) -> Answer | Response:
    """First screen: who keeps the sheets. Its answer is the second: the sheets, shown once."""
    council, poll, person = conducted(community, poll_id)
    if request.method == "GET" and poll.state != PollState.PREPARED:
        return redirect(address(council, poll))
    offered = secret_votes.can_keep(poll, person)
    form, status = keepers_form(offered), 200
    if request.method == "POST" and not is_resuming():
        try:
            if form.validate():
                return printed(council, poll, form.chosen(offered), int(form.needed.data), person)
        except (Invalid, Refused) as error:
            db.session.rollback()
            say_at(form, error)
        status = 422
    kept = queries.sealed_poll(poll)
    shown = of_the_poll(council, poll)
    return render_template(
        "secret/keepers.html", form=form, not_enough=not_enough(), key=kept.key if kept else None,
        may_use_key=session_key(poll) is not None, rates_council=rating_words.of_the_council(poll), **shown
    ), status  # fmt: skip


def printed(council: Council, poll: Poll, scrutineers: list[Person], needed: int, person: Person) -> Answer | Response:
    """The sheets, in the answer to the press itself: what stands on them is nowhere to be read again."""
    once = request.form.get("once", "")
    if people.handed_in(once, person.id) is not None:
        flash(_("The sheets have been made already. Where they did not come out of the printer, make new ones."), "info")
        return redirect(here("keepers", council, poll))
    with transaction():
        made = secret_votes.make_key(poll, scrutineers, needed, actor=person)
        if once:
            people.note_handed_in(once, person.id, here("keepers", council, poll))
    key = made[0][0].key
    faces = [face(one, sheet) for one, sheet in made]
    shown = {**of_the_poll(council, poll), "next_url": here("read_back", council, poll)}
    return render_template("secret/sheets.html", faces=faces, key=key, **shown), 200


def face(held: KeySheet, sheet: keys.Sheet) -> dict[str, Any]:
    """What is printed on one sheet."""
    rows = [sheet.digits[at : at + ROW] for at in range(0, keys.GROUPS, ROW)]
    return {"number": held.number, "name": held.person.name or "", "rows": rows, "qr": qr("".join(sheet.digits))}


@bp.post("/<int:poll_id>/use-key")
def use_key(community: str, poll_id: int) -> Response:
    council, poll, person = conducted(community, poll_id)
    said = _("This session's key is taken. The vote can be opened.")
    return act(lambda: secret_votes.use_key(poll, actor=person), address(council, poll), said)


@bp.route("/<int:poll_id>/read-back", methods=["GET", "POST"])
def read_back(community: str, poll_id: int) -> Answer | Response:
    """Third screen: the sheets are read back from paper, one after the other, by who keeps them or by the chair."""
    council = council_or_404(community)
    person = need(Permission.POLL_CAST, council)
    poll = secret_or_404(council, poll_id)
    kept = queries.sealed_poll(poll)
    conducts = keeps(poll, person, permissions_of(person, council))
    if not conducts and (kept is None or person.id not in {one.person_id for one in kept.key.holders}):
        raise Forbidden(N_("A sheet is read back by the person who keeps it, or by the chair in their presence."))
    if request.method == "GET" and (kept is None or poll.state != PollState.PREPARED):
        return redirect(address(council, poll))
    form, key = SheetForm(), kept.key if kept else None
    voters = secret_votes.voters_now(poll) if poll.state == PollState.PREPARED else polls.progress(poll).may_vote
    return form_page(
        form,
        lambda: secret_votes.read_back(poll, form.sheet.data or "", actor=person),
        here("read_back", council, poll),
        title=_("Read the sheets back"),
        submit_label=_("Check this sheet"),
        said=_("This sheet is right."),
        template="secret/read_back_sheets.html",
        key=key,
        keeps=conducts,
        few=disclosure.warning(voters),
        voters=voters,
        missing=secret_votes.missing_now(poll) if poll.state == PollState.PREPARED else 0,
        **of_the_poll(council, poll),
    )


@bp.post("/<int:poll_id>/open")
def open_(community: str, poll_id: int) -> Response:
    council, poll, person = conducted(community, poll_id)
    said = _("The vote is open.")
    return act(lambda: secret_votes.open_(poll, actor=person), address(council, poll), said)


@bp.route("/<int:poll_id>/close", methods=["GET", "POST"])
def close(community: str, poll_id: int) -> Answer | Response:
    council, poll, person = conducted(community, poll_id)
    if request.method == "GET" and poll.state != PollState.OPEN:
        return redirect(address(council, poll))
    far = polls.progress(poll)
    shown = of_the_poll(council, poll)
    return form_page(
        BaseForm(),
        lambda: secret_votes.close(poll, actor=person),
        address(council, poll),
        title=_("Close the vote on %(label)s", label=poll.label),
        submit_label=_("Close the vote"),
        said=_("Closed. The box is opened with the sheets."),
        intro=[
            _("%(n)s of %(all)s have voted.", n=far.voted, all=far.may_vote),
            _("Whoever has not voted cannot do so any more. A vote that is closed is not opened again."),
        ],
        **shown,
    )


@bp.route("/<int:poll_id>/cancel", methods=["GET", "POST"])
def cancel(community: str, poll_id: int) -> Answer | Response:
    council, poll, person = conducted(community, poll_id)
    if request.method == "GET" and poll.state not in (PollState.PREPARED, PollState.OPEN):
        return redirect(address(council, poll))
    meeting = secret_votes.meeting_of(poll)
    answer = form_page(
        BaseForm(),
        lambda: secret_votes.cancel(poll, actor=person),
        url_for("meetings.show", community=community, meeting_id=meeting.id) if meeting else address(council, poll),
        title=_("Cancel this vote"),
        submit_label=_("Cancel the vote"),
        said=_("Cancelled. Nothing that was cast counts."),
        intro=[_("What was cast counts for nothing, and the box is emptied unread. The vote can be held anew.")],
        **of_the_poll(council, poll),
    )
    tidy_up(answer)
    return answer


@bp.route("/<int:poll_id>/count", methods=["GET", "POST"])
def count(community: str, poll_id: int) -> Answer | Response:
    """The scrutineers enter their sheets; the box is opened, shuffled, counted and emptied."""
    council, poll, person = conducted(community, poll_id)
    kept = queries.sealed_poll(poll)
    if poll.state != PollState.CLOSED or kept is None:
        return redirect(address(council, poll))
    form = count_form(kept.key.needed)

    def open_box() -> None:
        try:
            secret_votes.count(poll, form.sheets(), publish=bool(form.publish.data), actor=person)
        except DomainError as error:
            form.telling = error.code == "telling"
            raise

    answer = form_page(
        form,
        open_box,
        address(council, poll),
        title=_("Open the box and count"),
        submit_label=_("Open the box"),
        said=_("Counted."),
        template="secret/count.html",
        kept=kept,
        obstacle=joining.obstacle(poll) if request.method == "GET" else None,
        **of_the_poll(council, poll),
    )
    tidy_up(answer)
    return answer


def tidy_up(answer: Any) -> None:
    """After a count, nothing of the emptied box stays in the file."""
    if isinstance(answer, Response) and not cleaning.clean():
        current_app.logger.warning("the database file is to be tidied up: deliberation tidy-box")


@bp.route("/<int:poll_id>/give-up", methods=["GET", "POST"])
def give_up(community: str, poll_id: int) -> Answer | Response:
    council, poll, person = conducted(community, poll_id)
    if request.method == "GET" and poll.state != PollState.CLOSED:
        return redirect(address(council, poll))
    answer = form_page(
        BaseForm(),
        lambda: secret_votes.give_up(poll, actor=person),
        address(council, poll),
        title=_("The box cannot be opened"),
        submit_label=_("Declare that there is no decision"),
        said=_("There is no decision. The box was emptied unread."),
        intro=[
            _("Only when so many sheets are lost that the box can never be opened: the vote then has to be held again."),
            _("There is no other way into the box, for nobody. What lies in it is destroyed unread."),
        ],
        **of_the_poll(council, poll),
    )
    tidy_up(answer)
    return answer


@bp.post("/<int:poll_id>/destroyed/<int:number>")
def destroyed(community: str, poll_id: int, number: int) -> Response:
    council = council_or_404(community)
    poll = secret_or_404(council, poll_id)
    said = _("Noted: this sheet is destroyed.")
    return act(lambda: secret_votes.destroy(poll, number, actor=signed_in()), address(council, poll), said)


