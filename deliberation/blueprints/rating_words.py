"""What pages say of a rating round: what is rated, who rates, how it stands."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext as _

from deliberation.blueprints.words import short_language
from deliberation.councils.queries import permissions_of
from deliberation.evaluations import queries
from deliberation.evaluations.groups import group_of, offices_rated
from deliberation.evaluations.models import Round
from deliberation.evaluations.services import is_put
from deliberation.people.models import Person
from deliberation.people.permissions import Office, Permission
from deliberation.voting.models import Poll
from deliberation.voting.states import PollState


def group_words(round_: Round) -> str:
    return group_of(round_.rater_group).names[short_language()]


def things(round_: Round, person: Person | None) -> dict[int, str]:
    """What each of those rated is called, for this reader: a person's name only for who rates, and for the council's own."""
    reads = person is not None and (
        Permission.MEETING_READ in permissions_of(person, round_.council) or person.id in queries.rater_ids(round_.id)
    )
    named = queries.names(round_, reads=reads)
    return {position: name or _("No. %(n)s", n=position) for position, name in named.items()}


def options_of(poll: Poll, person: Person | None) -> list[str] | None:
    """What stands on the ballot of a round; None for every other vote."""
    round_ = queries.round_of(poll)
    return None if round_ is None else list(things(round_, person).values())


def of_the_council(poll: Poll) -> bool:
    """Whether a round rates those who keep the sheets of its key, as an office: nobody else could keep them."""
    round_ = queries.round_of(poll)
    return round_ is not None and any(Office.MEMBER in offices_rated(one.kind) for one in round_.subjects)


def happening(round_: Round) -> str:
    """How a round stands, in one sentence."""
    poll = round_.poll
    if round_.published_at is not None:
        return _("The results are public.")
    if (poll is None or not is_put(round_)) and round_.meeting.is_over:
        return _("The meeting is over. Nothing was rated in this round.")
    if poll is None or not is_put(round_):
        return _("The round is being prepared: what is rated, and who rates.")
    return {
        PollState.PREPARED: _("The vote is being prepared. It is opened in the meeting."),
        PollState.OPEN: _("Rating is open. Nobody sees how it stands, not even those who run the server."),
        PollState.CLOSED: _("Rating is closed. Those who keep the sheets open the box together."),
        PollState.COUNTED: _("It is counted. The desk sorts the comments into findings and publishes the results."),
    }[PollState(poll.state)]


def unpublished(councils: set[int]) -> Iterator[tuple[str, str, str]]:
    """Rounds that were counted and wait for the desk: what is to be done, which round, where."""
    for round_, slug in queries.unpublished(councils):
        where = url_for("evaluations.show", community=slug, round_id=round_.id)
        yield _("Sort the comments and publish the results"), round_.title, where


def source_words(round_: Round) -> tuple[str, str, str]:
    """Who rates in this group, and where that stands: (who, source, how far it can be trusted)."""
    group = group_of(round_.rater_group)
    return group.raters[short_language()], group.source, group.trust


def state_badge(state: str) -> str:
    """The sign beside a promise's word."""
    return {"kept": "done", "broken": "refusal", "overdue": "warning"}.get(state, "now")


def share(part: int, whole: int) -> str:
    """A share in whole per cent."""
    return f"{round(100 * part / whole)}%" if whole else "–"
