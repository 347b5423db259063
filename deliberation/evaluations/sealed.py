"""Comments that come with ballots by telephone: each sealed in a box of its own, opened at the count, mixed, the empty ones
dropped.

One row for each ballot, said or not, all equally long, under an id of its own: nothing ties a comment to a ballot, to a
person or to a time.
"""

from __future__ import annotations

import base64
import secrets
import unicodedata
from collections.abc import Sequence

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import delete, insert, select

from deliberation.audit.recording import Capacity, recording
from deliberation.audit.services import personal
from deliberation.councils.authority import authorize
from deliberation.evaluations import queries
from deliberation.evaluations.models import Comment, Round, SealedComment
from deliberation.extensions import db
from deliberation.kernel.errors import Invalid
from deliberation.kernel.transactions import connection_of
from deliberation.kernel.words import N_
from deliberation.people.models import Person
from deliberation.people.permissions import Permission
from deliberation.voting.models import Poll
from deliberation.voting.secret import sealing
from deliberation.voting.secret.box import enclosed, unlocked
from deliberation.voting.services import alongside
from deliberation.voting.states import PollAct

LONGEST = 200
"""Characters of a comment."""
ROOM = 4 * ((4 * LONGEST + 2) // 3)
"""Bytes that the longest one takes as base64 of its UTF-8."""
LARGEST_ID = 2**31 - 1
INTO_BOX = insert(SealedComment)


def tidy(comment: str) -> str:
    """The comment in NFC, without blanks around. Raises `Invalid` for one that is too long or cannot be shown."""
    text = unicodedata.normalize("NFC", comment).replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text) > LONGEST:
        raise Invalid(N_("This is too long: at most %(most)s characters."), most=LONGEST, field="comment")
    if any(unicodedata.category(one) in ("Cc", "Cs", "Co", "Cn") and one not in "\n\t" for one in text):
        raise Invalid(N_("The text contains characters that cannot be shown. Please type it anew."), field="comment")
    return text


def _bound(poll: Poll) -> bytes:
    return b"comment\0" + sealing.info(poll.id, poll.frozen_hash)


def enclose(poll: Poll, comment: str, public: bytes) -> None:
    """Into the comments' box, with every ballot of a round and with no other."""
    if poll.least_shown is None:
        return
    text = base64.b64encode(tidy(comment).encode()).decode("ascii")
    row = {"id": secrets.token_hex(32), "poll_id": poll.id, "sealed": sealing.seal(text, ROOM, public, _bound(poll))}
    connection_of(db.session()).execute(INTO_BOX, row)


enclosed.append(enclose)


def open_comments(poll: Poll, private: X25519PrivateKey, actor: Person) -> None:
    """At the count: what was said, in no order, as personal texts; what was left empty is gone."""
    round_ = queries.round_of(poll)
    if round_ is None:
        return
    said = []
    for sealed in db.session.scalars(select(SealedComment.sealed).where(SealedComment.poll_id == poll.id)):
        try:
            said.append(base64.b64decode(sealing.unseal(bytes(sealed), private, _bound(poll))).decode())
        except (sealing.Unreadable, ValueError):
            continue
    said = [one for one in said if one]
    secrets.SystemRandom().shuffle(said)
    if said:
        keep(round_, said, "rating.open_comments", authorize(actor, Permission.MOTION_PUT, round_.council))


unlocked.append(open_comments)


def keep(round_: Round, said: Sequence[str], action: str, capacity: Capacity) -> None:
    """Comments as rows, each under a random id."""
    taken = set(db.session.scalars(select(Comment.id)))
    with recording(capacity, action, round_):
        for text in said:
            while (key := secrets.randbelow(LARGEST_ID) + 1) in taken:
                continue
            taken.add(key)
            kept = personal(capacity.log_id, "rating.comment", text)
            assert kept is not None
            db.session.add(kept)
            # One after the other: their numbers are in the order of the mixing, not in that of anything else.
            db.session.flush()
            db.session.add(Comment(id=key, council_id=round_.council_id, round_id=round_.id, text=kept))


def clear(poll: Poll, act: PollAct) -> None:
    """After the count, or where the vote is cancelled, nothing is left in the comments' box."""
    if poll.least_shown is None or act not in (PollAct.COUNT, PollAct.CANCEL):
        return
    connection = connection_of(db.session())
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete=ON")
    connection.execute(delete(SealedComment).where(SealedComment.poll_id == poll.id))


alongside.append(clear)
