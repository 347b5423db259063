"""Printed cards: the first way in, without mail and without a passphrase. A QR code and the same eight digits.

Eight digits are a small space, so: only a keyed hash is kept, wrong digits are counted by address and over all, a card
opens once, within a month, and a new one voids the one before.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from deliberation.audit.recording import Capacity, hold, recording
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import Invalid, Refused
from deliberation.kernel.words import N_
from deliberation.people import sessions, throttle
from deliberation.people.models import Account, Card
from deliberation.people.permissions import Office
from deliberation.people.services import WrongLogin, installation

DIGITS = 8
VALID_FOR = timedelta(days=30)
USED = N_(
    "This card has been used already. The administrator of your council prints a new one (the service station knows who that is)."
)
OVER = N_(
    "This card is no longer valid. The administrator of your council prints a new one (the service station knows who that is)."
)
DEMONSTRATION = "demonstration"
"""What a demonstration's key is made of, so that its card outlives the server's throwaway key."""


@dataclass(frozen=True)
class Issued:
    """What goes on the paper. The digits are kept nowhere else."""

    code: str
    expires_at: datetime
    account_id: int
    login: str

    @property
    def grouped(self) -> str:
        """The digits in two groups of four."""
        return grouped(self.code)


class WrongCard(WrongLogin):
    """No card has these digits: the try is kept, so the edge commits before it answers."""


def key_from(secret: str) -> bytes:
    """The key under which codes are hashed, made of the installation's secret. With another secret no card fits."""
    return hashlib.sha256(b"deliberation card\0" + secret.encode()).digest()


def grouped(code: str) -> str:
    return f"{code[:4]} {code[4:]}"


def digits_in(typed: str) -> str:
    """The digits of what was typed or scanned: blanks, hyphens and full-width figures are fine."""
    plain = unicodedata.normalize("NFKC", typed)
    return "".join(one for one in plain if one in "0123456789")[: DIGITS + 1]


def _hash(code: str, key: bytes) -> str:
    return hmac.new(key, code.encode(), hashlib.sha256).hexdigest()


def issue(account: Account, *, key: bytes, capacity: Capacity | None = None, code: str | None = None) -> Issued:
    """Print a new card for an account; the one before is void. Without a capacity the installation itself acts.

    ``code`` is for demonstrations only. Raises `Refused` for a closed account.
    """
    capacity = capacity or installation()
    hold(db.session(), capacity.log_id)
    if account.disabled_at is not None:
        raise Refused(N_("This account is closed."), code="closed")
    while code is None or _with(code, key) is not None:
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    now = clock.now()
    card = Card(account_id=account.id, code_hash=_hash(code, key), issued_at=now, expires_at=now + VALID_FOR)
    before = living(account)
    with recording(capacity, "card.issue") as record:
        if before is not None:
            before.voided_at = now
            db.session.flush()
        db.session.add(card)
        db.session.flush()
        record.subject = card
    return Issued(code, card.expires_at, account.id, account.login)


def living(account: Account) -> Card | None:
    """The card of an account that was neither used nor voided; it may have expired."""
    query = select(Card).where(Card.account_id == account.id, Card.used_at.is_(None), Card.voided_at.is_(None))
    return db.session.scalar(query)


def _with(code: str, key: bytes) -> Card | None:
    return db.session.scalar(select(Card).where(Card.code_hash == _hash(code, key)))


def look_up(code: str, *, key: bytes, address: str) -> Card:
    """The card with these digits, which stays unused: link previews and second scans cost nothing.

    Raises `Invalid` for what has not eight digits and is not counted, `WrongCard` for digits that no card has, `Refused`
    (``used``, ``over``, ``throttled``) for a card that does not open any more; only whoever has the right digits is told
    which.
    """
    keys = throttle.keys_of_card(address)
    throttle.check(keys)
    if len(digits_in(code)) != DIGITS:
        raise Invalid(N_("A card has eight digits."), field="code")
    card = _with(digits_in(code), key)
    if card is None:
        throttle.note(keys)
        raise WrongCard(N_("No card has these eight digits. Please compare them with your card."), field="code")
    _require_good(card)
    return card


def _require_good(card: Card) -> None:
    if card.used_at is not None:
        raise Refused(USED, field="code", code="used")
    if card.voided_at is not None or card.expires_at <= clock.now() or card.account.disabled_at is not None:
        raise Refused(OVER, field="code", code="over")


def use(code: str, *, key: bytes, address: str, shared: bool = False, device: str | None = None) -> str:
    """Spend the card and return the token of a new login session. Of two at the same time one wins.

    Raises what `look_up` raises.
    """
    card = look_up(code, key=key, address=address)
    log_id = installation().log_id
    # From here on nobody else writes in this log: what is read now is how it is.
    hold(db.session(), log_id)
    db.session.refresh(card)
    _require_good(card)
    with recording(Capacity(card.account.person_id, Office.RESIDENT.value, log_id), "card.use", card):
        card.used_at = clock.now()
    return sessions.start(card.account, shared=shared, device=device, by_card=True)


def used_by(code: str, account: Account, *, key: bytes) -> bool:
    """Whether this very account came in by the card with these digits: its owner scans it a second time."""
    card = _with(digits_in(code), key)
    return card is not None and card.used_at is not None and card.account_id == account.id


def revoke(account: Account, *, capacity: Capacity | None = None) -> None:
    """Void the living card of an account: it was lost, or handed to the wrong person. None is no error."""
    capacity = capacity or installation()
    hold(db.session(), capacity.log_id)
    card = living(account)
    if card is None:
        return
    with recording(capacity, "card.revoke", card):
        card.voided_at = clock.now()
