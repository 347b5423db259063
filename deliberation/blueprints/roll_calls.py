"""Votes called out in the room: taken down by the clerk, read out and confirmed by the chair. And what all polls' pages share."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from deliberation.blueprints.agenda import Answer
from deliberation.blueprints.pages import LARGEST_ID, council_or_404, form_page, need
from deliberation.blueprints.words import say
from deliberation.councils.models import Council
from deliberation.kernel.errors import NotFound, Refused
from deliberation.kernel.words import N_
from deliberation.meetings import questions, votes
from deliberation.people.permissions import Permission
from deliberation.voting import casting, queries
from deliberation.voting.forms import ReadOutForm, take_down_form
from deliberation.voting.kinds import ABSTAIN, Kind, Mode
from deliberation.voting.models import Ballot, Poll
from deliberation.voting.queries import RollLine
from deliberation.voting.states import Choice, choice_words

bp = Blueprint("polls", __name__, url_prefix="/c/<community>/polls")
SECRET_ACTS = {"show": "show", "cast": "vote", "change": "show", "close": "close", "cancel": "cancel"}


def poll_or_404(council: Council, poll_id: int) -> Poll:
    found = queries.poll_with_verdict(council, poll_id) if poll_id <= LARGEST_ID else None
    if found is None:
        raise NotFound(N_("There is nothing at this address."))
    return found


def address(council: Council, poll: Poll) -> str:
    return url_for("polls.show", community=council.slug, poll_id=poll.id)


def elsewhere(poll: Poll, act: str) -> Response | None:
    """On to the pages of this kind of vote, where they are not these: questions and secret votes have their own."""
    if poll.mode == Mode.SECRET:
        return redirect(url_for(f"secret_polls.{SECRET_ACTS[act]}", community=poll.council.slug, poll_id=poll.id))
    if poll.question is not None and act in ("show", "cast", "change"):
        return redirect(url_for(f"questions.{act}", community=poll.council.slug, poll_id=poll.id))
    return None


def session_address(council: Council, poll: Poll) -> str:
    """The session to which the vote belongs, or the vote itself where it belongs to none."""
    meeting = questions.meeting_of(poll) if poll.question is not None else votes.meeting_of(votes.motion_of(poll))
    if meeting is None:
        return address(council, poll)
    return url_for("meetings.show", community=council.slug, meeting_id=meeting.id)


def called_out(poll: Poll) -> list[tuple[str, str]]:
    """What can be called out in the room, and its words. Raises `Refused` where a ballot says more than one word."""
    if poll.kind == Kind.YES_NO:
        return [(one.value, say(choice_words(one.value))) for one in Choice]
    if poll.kind != Kind.SINGLE:
        raise Refused(N_("A ballot of this kind is not called out: everybody fills in an own one."), code="not_called_out")
    return [*((str(one.position), one.text) for one in poll.options), (ABSTAIN, say(choice_words(ABSTAIN)))]


def otherwise(poll: Poll, roll: list[RollLine]) -> str:
    """Whose vote stands already in another way than this form marks it, with how it stands."""
    words, sent = dict(called_out(poll)), request.form
    some = [one for one in roll if one.choice and one.confirmed and sent.get(f"v{one.person_id}", one.choice) != one.choice]
    return _(", ").join(_("%(name)s (%(seat)s)", name=one.name or _("(erased)"), seat=words[one.choice or ""]) for one in some)


@bp.route("/<int:poll_id>/take-down", methods=["GET", "POST"])
def take_down(community: str, poll_id: int) -> Answer:
    council = council_or_404(community)
    person = need(Permission.POLL_RECORD, council)
    poll = poll_or_404(council, poll_id)
    roll = queries.roll(poll)
    waiting = [line for line in roll if line.may_vote and (line.choice is None or line.is_waiting)]
    form = take_down_form(waiting, called_out(poll))
    if request.method == "GET":
        casting.require_open(poll)

    def keep() -> list[Ballot]:
        # Their lines are gone from the form that is shown again, so that the second press goes through.
        if names := otherwise(poll, roll):
            raise Refused(
                N_("Recorded meanwhile in another way than you marked: %(names)s. That stands. Hand in the others again."),
                code="recorded_meanwhile",
                names=names,
            )
        return casting.take_down(poll, form.votes(), actor=person)

    return form_page(
        form,
        keep,
        lambda made: session_address(council, poll),
        title=_("Votes on %(label)s, as called out", label=poll.label),
        submit_label=_("Take these votes down"),
        said=_("Taken down. The chair reads them out and confirms."),
        template="polls/take_down.html",
        council=council,
        poll=poll,
        voted=[line for line in roll if line.choice is not None and line.confirmed],
        recused=[line for line in roll if line.recused],
        back_url=session_address(council, poll),
    )


@bp.route("/<int:poll_id>/read-out", methods=["GET", "POST"])
def read_out(community: str, poll_id: int) -> Answer:
    council = council_or_404(community)
    person = need(Permission.POLL_CONFIRM, council)
    poll = poll_or_404(council, poll_id)
    waiting = [line for line in queries.roll(poll) if line.is_waiting]
    if request.method == "GET" and not waiting:
        raise Refused(N_("There are no votes to confirm."), code="nothing_to_confirm")
    form = ReadOutForm(data={"mark": casting.mark({line.person_id: line.choice for line in waiting if line.choice})})
    return form_page(
        form,
        lambda: casting.confirm(poll, mark_read=form.mark.data or "", actor=person),
        lambda made: session_address(council, poll),
        title=_("Read out and confirm: %(label)s", label=poll.label),
        submit_label=_("Confirm as read out"),
        said=_("Confirmed. The vote can be closed and counted."),
        template="polls/read_out.html",
        council=council,
        poll=poll,
        groups=[(words, queries.names_of(waiting, choice)) for choice, words in called_out(poll)],
        back_url=session_address(council, poll),
    )
