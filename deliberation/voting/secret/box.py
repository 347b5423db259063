"""The box: a vote goes in sealed, nothing is told of it, and after the count nothing is left in it.

In one transaction a vote marks the roll and lies in the box: to lose or to double a vote is worse than to leave traces of
the order in which sealed ballots came. What answers those is the seal, and the shuffle at the count.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import bindparam, delete, insert, select, update

from deliberation.councils.authority import authorize
from deliberation.extensions import db
from deliberation.kernel.errors import Invalid, Refused
from deliberation.kernel.transactions import connection_of
from deliberation.kernel.words import N_
from deliberation.people.models import Person
from deliberation.people.permissions import Permission
from deliberation.voting import kinds, results, tallying
from deliberation.voting import queries as polls
from deliberation.voting.casting import permission, require_open, require_voter
from deliberation.voting.kinds import Mode
from deliberation.voting.models import Poll, PollResult, PollVoter, VerdictRow
from deliberation.voting.secret import keys, queries, sealing
from deliberation.voting.secret.models import BoxRow, OpenedBallot, RollMark, SealedHash, SealedPoll
from deliberation.voting.secret.services import require_few_enough
from deliberation.voting.services import alongside
from deliberation.voting.states import PollAct, PollState

MARK = (
    update(RollMark)
    .where(RollMark.poll_id == bindparam("poll"), RollMark.person_id == bindparam("person"), RollMark.voted.is_(False))
    .values(voted=True)
)
INTO_BOX = insert(BoxRow)
OWN_BALLOT = select(BoxRow.sealed).where(BoxRow.id == bindparam("id"), BoxRow.poll_id == bindparam("poll"))
HAS_VOTED = select(RollMark.voted).where(RollMark.poll_id == bindparam("poll"), RollMark.person_id == bindparam("person"))
SHORTEST_TOKEN = 32


@dataclass(frozen=True)
class Receipt:
    """The hash of a sealed ballot: after the closing it stands in the public list."""

    code: str

    @property
    def short(self) -> str:
        """Enough to find it in the list by eye."""
        return " ".join(self.code[at : at + 4].upper() for at in range(0, 16, 4))


def new_token() -> str:
    """A random token for one voter's form: the same form handed in again gets the same receipt."""
    return secrets.token_urlsafe(32)


enclosed: list[Callable[[Poll, str, bytes], None]] = []
"""What goes into a box of its own with each ballot: called once for each, with what came and the public key."""


def cast(poll: Poll, text: str, token: str, *, beside_it: str = "", actor: Person) -> Receipt:
    """Seal a vote and put it into the box. It cannot be changed. ``text`` is a ballot as `kinds.read` takes it.

    ``beside_it`` is for who listens in `enclosed`. The same token again gives the same receipt. Raises as `casting.cast` does;
    nothing that it raises repeats the vote.
    """
    authorize(actor, permission(poll), poll.council)
    connection = connection_of(db.session())
    here = {"poll": poll.id, "person": actor.id}
    before = connection.execute(OWN_BALLOT, {"poll": poll.id, "id": sealing.box_id(token)}).scalar()
    if before is not None and connection.execute(HAS_VOTED, here).scalar():
        return Receipt(sealing.receipt(bytes(before)))
    require_open(poll)
    require_sealed(poll)
    require_voter(poll, actor.id, voted=False)
    if len(token) < SHORTEST_TOKEN:
        raise Invalid(N_("Please go back to the ballot and choose again."))
    paper = polls.paper(poll)
    text = kinds.read(paper, text)
    if connection.execute(MARK, here).rowcount != 1:
        raise Refused(N_("You have voted already. A secret vote counts once and cannot be changed."), code="already_voted")
    public = polls.box_key(poll)
    assert public is not None
    sealed = sealing.seal(text, kinds.longest(paper), bytes.fromhex(public), sealing.info(poll.id, poll.frozen_hash))
    connection.execute(INTO_BOX, {"id": sealing.box_id(token), "poll_id": poll.id, "sealed": sealed})
    for enclose in enclosed:
        enclose(poll, beside_it, bytes.fromhex(public))
    return Receipt(sealing.receipt(sealed))


def require_sealed(poll: Poll) -> None:
    if poll.mode != Mode.SECRET:
        raise Refused(N_("This vote is not secret."), code="not_secret")


def keep(poll: Poll, act: PollAct) -> None:
    """What the acts of a secret poll's life do to the roll and the box, inside the entry of each."""
    if poll.mode != Mode.SECRET:
        return
    {PollAct.OPEN: _opened, PollAct.CLOSE: _closed, PollAct.COUNT: _counted, PollAct.CANCEL: _empty}[act](poll)


alongside.append(keep)
beside: list[Callable[[Poll], list[str]]] = []
"""Votes that came in another way than through the box: each gives its ballots to the count, or refuses it."""
unlocked: list[Callable[[Poll, X25519PrivateKey, Person], None]] = []
"""What the key opens besides, once a box was opened and its ballots are right: called with the key and who counts."""


def _opened(poll: Poll) -> None:
    voters = select(PollVoter.person_id).where(PollVoter.poll_id == poll.id, PollVoter.may_vote).order_by(PollVoter.person_id)
    people = list(db.session.scalars(voters))
    require_few_enough(len(people))
    _write(RollMark, [{"poll_id": poll.id, "person_id": one, "voted": False} for one in people])


def _closed(poll: Poll) -> None:
    """Count the marks, keep the receipts, and write the roll anew: on PostgreSQL its rows lie in the order of voting."""
    connection = connection_of(db.session())
    rolled = select(RollMark.person_id, RollMark.voted).where(RollMark.poll_id == poll.id).order_by(RollMark.person_id)
    roll = [{"poll_id": poll.id, "person_id": person, "voted": voted} for person, voted in connection.execute(rolled)]
    connection.execute(delete(RollMark).where(RollMark.poll_id == poll.id))
    _write(RollMark, roll)
    receipts = sorted(sealing.receipt(one) for one in queries.in_box(poll))
    _write(SealedHash, [{"poll_id": poll.id, "hash": one} for one in receipts])
    kept = db.session.get_one(SealedPoll, poll.id)
    kept.marks, kept.sealed = sum(one["voted"] for one in roll), len(receipts)
    kept.sealed_root = sealing.sealed_root(receipts)


def _counted(poll: Poll) -> None:
    """Keep the root of the opened ballots; of a void vote there are none."""
    opened = select(OpenedBallot.id, OpenedBallot.content).where(OpenedBallot.poll_id == poll.id)
    ballots = [(key, content) for key, content in db.session.execute(opened)]
    kept = db.session.get_one(SealedPoll, poll.id)
    if len(ballots) == kept.marks:
        kept.ballots, kept.ballots_root = len(ballots), sealing.ballots_root(ballots)
    if kept.key.state == "ready":
        kept.key.state = "used"


def _empty(poll: Poll) -> None:
    """Take everything out of the box, such that nothing of it stays in the file."""
    connection = connection_of(db.session())
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete=ON")
    connection.execute(delete(BoxRow).where(BoxRow.poll_id == poll.id))


def _write(model: Any, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        connection_of(db.session()).execute(insert(model), rows)


def count(poll: Poll, sheets: Sequence[str], *, publish: bool = False, actor: Person) -> VerdictRow | PollResult:
    """Open the box with the scrutineers' sheets, shuffle, count, and leave the box empty.

    Where the box does not hold exactly one readable ballot for each mark on the roll, the vote is void. Raises `Invalid` for
    sheets that do not open it, which can be tried again; `Refused` (``telling``) where the result shows how people voted,
    unless ``publish``.
    """
    authorize(actor, Permission.MOTION_PUT, poll.council)
    kept = _require_closed(poll)
    others = [one for way in beside for one in way(poll)]
    private = _private_key(kept, sheets)
    ballots, void = _open_box(poll, kept, private, others), None
    if ballots is None:
        ballots, void = [], "mismatch"
    elif not publish:
        require_untelling(poll, ballots)
    secrets.SystemRandom().shuffle(ballots)
    rows = [{"id": secrets.token_hex(16), "poll_id": poll.id, "content": content} for content in ballots]
    _write(OpenedBallot, sorted(rows, key=lambda row: row["id"]))
    _empty(poll)
    for open_it in unlocked if void is None else ():
        open_it(poll, private, actor)
    return tallying.count(poll, void=void, actor=actor)


def give_up(poll: Poll, *, actor: Person) -> VerdictRow | PollResult:
    """Too few sheets are left: no decision, and the box is emptied unread. There is no other way into it."""
    authorize(actor, Permission.MOTION_PUT, poll.council)
    _require_closed(poll)
    _empty(poll)
    return tallying.count(poll, void="sheets", actor=actor)


def _require_closed(poll: Poll) -> SealedPoll:
    require_sealed(poll)
    if poll.state != PollState.CLOSED:
        raise Refused(N_("Close the vote before it is counted, and count it once."), code="not_closed")
    kept = queries.sealed_poll(poll)
    assert kept is not None
    return kept


def _private_key(kept: SealedPoll, sheets: Sequence[str]) -> X25519PrivateKey:
    known = {one.number: one.fingerprint for one in kept.key.holders}
    read: list[keys.Sheet] = []
    for place, typed in enumerate(sheets, 1):
        if not typed.strip():
            continue
        try:
            sheet = keys.read(typed, list(known.values()))
        except keys.WrongSheet as error:
            raise keys.WrongSheet(error.words, field=f"sheet{place}") from None
        if not any(keys.matches(sheet, one) for one in known.values()):
            raise keys.WrongSheet(N_("This is a sheet of another key."), field=f"sheet{place}")
        read.append(sheet)
    return keys.combine(read, kept.key.needed, bytes.fromhex(kept.key.public_key))


def _open_box(poll: Poll, kept: SealedPoll, private: X25519PrivateKey, others: Sequence[str]) -> list[str] | None:
    """Every ballot in its kept form, with those of ``others``; None where they are not exactly those that lay in the box at
    the closing, one for each mark on the roll, and every one of them readable."""
    bound, paper = sealing.info(poll.id, poll.frozen_hash), polls.paper(poll)
    sealed = queries.in_box(poll)
    if sealing.sealed_root(sealing.receipt(one) for one in sealed) != kept.sealed_root:
        return None
    found = list(others)
    for one in sealed:
        try:
            found.append(kinds.read(paper, sealing.unseal(one, private, bound)))
        except sealing.Unreadable:
            return None
        except Invalid:
            found.append(results.INVALID)
    return found if len(found) == kept.marks == queries.marks(poll) else None


def require_untelling(poll: Poll, ballots: Sequence[str]) -> None:
    """Raise `Refused` where there are so few ballots, or all of them alike in whole or about one thing rated, that the result
    tells who voted how."""
    if len(ballots) < (poll.least_shown or 0):
        # No grade will be told.
        return
    piles = Counter(ballots)
    if not results.is_telling(len(ballots), results.alike(polls.paper(poll), piles)):
        return
    if len(ballots) < results.SMALL:
        raise Refused(
            N_("There are only %(n)s ballots: the result may show how each of them voted."), n=len(ballots), code="telling"
        )
    if len(piles) > 1:
        raise Refused(
            N_("All ballots give one thing the same grade: the result shows how each of those who took part rated it."),
            code="telling",
        )
    raise Refused(N_("All ballots are alike: the result shows how each of those who took part voted."), code="telling")
