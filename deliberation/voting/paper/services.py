"""Papers are printed, given out against a mark on the roll, exchanged when spoiled, and typed in by two people."""

from __future__ import annotations

import secrets
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update

from deliberation.audit.recording import Capacity, recording
from deliberation.councils.authority import authorize
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import Forbidden, Invalid, Refused
from deliberation.kernel.transactions import connection_of
from deliberation.kernel.words import N_
from deliberation.people.models import Person
from deliberation.people.permissions import Permission
from deliberation.voting import kinds
from deliberation.voting import queries as polls
from deliberation.voting.casting import require_open, require_voter
from deliberation.voting.models import Poll
from deliberation.voting.paper import comparing, queries
from deliberation.voting.paper import serials as numbers
from deliberation.voting.paper.models import DIFFERS, PRINTED, VOIDED, Paper, PaperEntry, PaperPoll, PaperTally, PaperTyped
from deliberation.voting.results import INVALID
from deliberation.voting.secret.box import MARK, require_sealed
from deliberation.voting.services import about_whom
from deliberation.voting.states import PollState

MOST_AT_ONCE = 500
MOST_PAPERS = 1000
GOOD = select(func.count()).select_from(Paper).where(Paper.poll_id == bindparam("poll"), Paper.state != VOIDED)
GIVE = (
    update(PaperTally)
    .where(PaperTally.poll_id == bindparam("poll"), PaperTally.given < GOOD.scalar_subquery())
    .values(given=PaperTally.given + 1)
)
VOID = (
    update(Paper)
    .where(Paper.poll_id == bindparam("poll"), Paper.serial == bindparam("number"), Paper.state == PRINTED)
    .values(state=VOIDED)
)


def print_papers(poll: Poll, number: int, *, actor: Person) -> list[str]:
    """So many new papers for a secret vote that is prepared or open: their serials, to be printed now.

    Raises `Refused` for any other vote; `Invalid` for a number that nobody needs.
    """
    capacity = authorize(actor, Permission.POLL_RECORD, poll.council)
    require_sealed(poll)
    if poll.state != PollState.PREPARED:
        require_open(poll)
    known, kept = queries.serials(poll), queries.paper_poll(poll)
    if not 1 <= number <= MOST_AT_ONCE:
        raise Invalid(N_("Between 1 and %(n)s papers at once, please."), field="number", n=MOST_AT_ONCE)
    if len(known) + number > MOST_PAPERS:
        raise Invalid(N_("At most %(n)s papers are printed for one vote."), field="number", n=MOST_PAPERS)
    made = numbers.new(number, known)
    connection = connection_of(db.session())
    connection.execute(insert(Paper), [{"poll_id": poll.id, "serial": one, "state": PRINTED} for one in sorted(made)])
    if kept is None:
        connection.execute(insert(PaperTally), {"poll_id": poll.id, "given": 0, "salt": secrets.token_bytes(32)})
    with recording(capacity, "paper.print", poll):
        if kept is None:
            db.session.add(PaperPoll(poll_id=poll.id, council_id=poll.council_id, printed=number, voided=0))
        else:
            kept.printed += number
    return made


def hand_out(poll: Poll, person: Person, *, actor: Person) -> None:
    """Mark a name on the roll, against which that person takes one paper: any, nobody notes which.

    It is the mark that a vote on the own phone sets, so that a name is used once whatever the way. Nothing is recorded of it.
    Raises as a vote does, and `Refused` where no paper is left.
    """
    authorize(actor, Permission.POLL_RECORD, poll.council)
    connection = connection_of(db.session())
    require_open(poll)
    require_sealed(poll)
    here = {"poll": poll.id, "person": person.id}
    require_voter(poll, person.id, voted=False)
    if connection.execute(MARK, here).rowcount != 1:
        raise Refused(
            N_("This name is marked already: a vote was cast, or a paper taken. Nobody votes twice."), code="already_voted"
        )  # fmt: skip
    if connection.execute(GIVE, {"poll": poll.id}).rowcount != 1:
        raise Refused(N_("No paper is left. Print more first; the name is not marked."), code="no_paper_left")


def exchange(poll: Poll, typed: str, *, actor: Person) -> str:
    """Take back a spoiled paper before it goes into the box, and void it; the voter takes another. The roll stays as it is."""
    capacity = authorize(actor, Permission.POLL_RECORD, poll.council)
    require_open(poll)
    require_sealed(poll)
    serial = numbers.read(typed, poll.id)
    require_usable(poll, serial)
    kept = queries.paper_poll(poll)
    assert kept is not None
    given, good = queries.given(poll), queries.good_papers(poll)
    if not given:
        raise Refused(N_("No paper was given out yet: there is nothing to exchange."), code="nothing_given")
    if good - 1 < given:
        raise Refused(N_("No other paper is left for the exchange. Print more first."), code="no_paper_left")
    connection_of(db.session()).execute(VOID, {"poll": poll.id, "number": serial})
    with recording(capacity, "paper.void", poll):
        kept.voided += 1
    return serial


def require_usable(poll: Poll, serial: str) -> None:
    """Raise `Invalid` for a paper that was not printed for this vote, or that was exchanged."""
    state = db.session.scalar(select(Paper.state).where(Paper.poll_id == poll.id, Paper.serial == serial))
    if state is None:
        message = N_("No paper of this vote has the number %(serial)s. Compare it with the paper.")
        raise Invalid(message, field="serial", serial=numbers.shown(serial), code="unknown_paper")
    if state == VOIDED:
        message = N_("The paper %(serial)s was spoiled and exchanged: it does not count and belongs to the voided ones.")
        raise Invalid(message, field="serial", serial=numbers.shown(serial), code="voided_paper")


def capacity_of(poll: Poll, actor: Person) -> Capacity:
    """Papers are typed in by the desk, or by those who keep the sheets of the vote's key."""
    if queries.keeps_sheet(poll, actor):
        return authorize(actor, Permission.POLL_CAST, poll.council)
    return authorize(actor, Permission.POLL_RECORD, poll.council)


def begin(poll: Poll, *, actor: Person) -> PaperEntry:
    """Begin one of the two entries, after the closing. Raises `Refused` where both have begun, or where this person has."""
    capacity = capacity_of(poll, actor)
    _require_closed(poll)
    if queries.paper_poll(poll) is None:
        raise Refused(N_("No papers were printed for this vote."), code="no_papers")
    if actor.id in about_whom(poll):
        raise Refused(N_("You are rated in this vote: its papers are typed in by others."), code="is_rated")
    known = queries.entries(poll)
    if any(one.person_id == actor.id for one in known):
        raise Refused(N_("You have begun an entry already. The other one is made by another person."), code="four_eyes")
    place = next((place for place in (1, 2) if place not in {one.place for one in known}), None)
    if place is None:
        raise Refused(N_("Two people are typing the papers in already."), code="both_begun")
    entry = PaperEntry(poll_id=poll.id, place=place, council_id=poll.council_id, person_id=actor.id)
    with recording(capacity, "paper.begin", poll):
        db.session.add(entry)
    return entry


def type_in(poll: Poll, typed: str, content: str, *, actor: Person) -> str:
    """Type one paper in: its number, and what it says as `kinds.read` takes it or as `comparing.invalid` makes it."""
    entry = _own_open(poll, actor)
    serial = numbers.read(typed, poll.id)
    require_usable(poll, serial)
    if serial in queries.typed(poll, entry.place):
        message = N_("You have typed the paper %(serial)s already. Is it the right number?")
        raise Invalid(message, field="serial", serial=numbers.shown(serial), code="typed_already")
    reason = content.removeprefix(f"{INVALID}:") if content.startswith(f"{INVALID}:") else None
    if reason is None:
        content = kinds.read(polls.paper(poll), content)
    elif reason not in comparing.REASON_WORDS:
        raise Invalid(N_("Please choose one of these."), field="invalid")
    row = {"poll_id": poll.id, "place": entry.place, "serial": serial, "content": content}
    connection_of(db.session()).execute(insert(PaperTyped), row)
    return serial


def take_back(poll: Poll, serial: str, *, actor: Person) -> None:
    """Take one own paper out of an entry that is not finished, to type it anew."""
    entry, serial = _own_open(poll, actor), numbers.read(serial, poll.id)
    here = (PaperTyped.poll_id == poll.id, PaperTyped.place == entry.place, PaperTyped.serial == serial)
    if connection_of(db.session()).execute(delete(PaperTyped).where(*here)).rowcount != 1:
        raise Refused(N_("This paper is not in your entry."), code="not_typed")


def finish(poll: Poll, *, confirmed: bool = False, actor: Person) -> list[str]:
    """Finish the own entry. Where it is the second, the two are compared: the serials on which they differ are returned, go
    out of both entries, and are typed anew by both.

    Raises `Invalid` (``number_differs``) where not as many papers lay in the box as were given out, unless ``confirmed``.
    """
    capacity, entry = capacity_of(poll, actor), _own_open(poll, actor)
    kept, tally = queries.typed(poll, entry.place), queries.tally(poll)
    assert tally is not None
    if not confirmed:
        require_all(len(kept), queries.given(poll))
    with recording(capacity, "paper.finish", poll):
        entry.papers, entry.root = len(kept), comparing.root(kept.items(), tally.salt)
        entry.finished_at = clock.now()
    both = queries.entries(poll)
    if len(both) < 2 or not all(one.finished_at for one in both):
        return []
    wrong = comparing.differing(queries.typed(poll, 1), queries.typed(poll, 2))
    connection = connection_of(db.session())
    connection.execute(update(Paper).where(Paper.poll_id == poll.id, Paper.state == DIFFERS).values(state=PRINTED))
    if wrong:
        connection.execute(delete(PaperTyped).where(PaperTyped.poll_id == poll.id, PaperTyped.serial.in_(wrong)))
        connection.execute(update(Paper).where(Paper.poll_id == poll.id, Paper.serial.in_(wrong)).values(state=DIFFERS))
        with recording(capacity, "paper.differ", poll):
            for one in both:
                one.papers = one.root = one.finished_at = None
    return wrong


def require_all(typed: int, given: int) -> None:
    if typed < given:
        message = N_("%(n)s papers were given out that you have not typed in. Look for them first.")
        raise Invalid(message, field="confirmed", n=given - typed, code="number_differs")
    if typed > given:
        message = N_("There are %(n)s papers more than were given out: the vote will be void. Look through them once more.")
        raise Invalid(message, field="confirmed", n=typed - given, code="number_differs")


def discard(poll: Poll, place: int, *, actor: Person) -> None:
    """Throw one entry away, so that it is made anew: by whoever made it, or by the desk where that person has gone."""
    entry = next((one for one in queries.entries(poll) if one.place == place), None)
    own = entry is not None and entry.person_id == actor.id
    capacity = capacity_of(poll, actor) if own else authorize(actor, Permission.POLL_RECORD, poll.council)
    _require_closed(poll)
    if entry is None:
        raise Refused(N_("There is no such entry."), code="not_begun")
    if not own and queries.own_entry(poll, actor) is not None:
        raise Forbidden(N_("You made the other entry: a third person discards this one."), code="four_eyes")
    rows: Any = delete(PaperTyped).where(PaperTyped.poll_id == poll.id, PaperTyped.place == place)
    connection_of(db.session()).execute(rows)
    with recording(capacity, "paper.discard", poll):
        db.session.delete(entry)


def _require_closed(poll: Poll) -> None:
    require_sealed(poll)
    if poll.state in (PollState.PREPARED, PollState.OPEN):
        raise Refused(N_("The papers are typed in when the vote is closed."), code="not_closed")
    if poll.state != PollState.CLOSED:
        raise Refused(N_("This vote is counted: nothing is typed in any more."), code="done_already")


def _own_open(poll: Poll, actor: Person) -> PaperEntry:
    """The actor's entry, which is not finished."""
    capacity_of(poll, actor)
    _require_closed(poll)
    entry = queries.own_entry(poll, actor)
    if entry is None:
        raise Refused(N_("Begin an entry first."), code="not_begun")
    if entry.finished_at is not None:
        raise Refused(N_("Your entry is finished."), code="finished")
    return entry
