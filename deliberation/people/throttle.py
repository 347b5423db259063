"""Slowing down guessing: failed logins and new accounts are counted for a quarter of an hour."""

from __future__ import annotations

import hashlib
import ipaddress
from datetime import timedelta

from sqlalchemy import delete, func, select

from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import Refused
from deliberation.kernel.words import N_
from deliberation.people.models import LoginAttempt

WINDOW = timedelta(minutes=15)
TRIES_PER_ACCOUNT = 10
"""From one address: a stranger's tries do not lock the owner out elsewhere."""
TRIES_PER_ACCOUNT_IN_ALL = 100
TRIES_PER_ADDRESS = 50
JOINS_PER_ADDRESS = 30
CARDS_PER_ADDRESS = 20
CARDS_IN_ALL = 60
"""Wrong digits from everywhere: with thirty cards out, a whole day of guessing finds one in some 600."""

ROOM_CODES_PER_PERSON = 10
"""Of a million, of which two are good."""

Keys = dict[str, int]
"""What is counted, and how often it may be tried."""


def keys_of(login: str, address: str) -> Keys:
    """What a failed login counts against: the name from this address, the name from everywhere, the address."""
    place = place_of(address)
    return {
        f"account:{_mark(f'{place} {login}')}": TRIES_PER_ACCOUNT,
        f"account:{_mark(login)}": TRIES_PER_ACCOUNT_IN_ALL,
        f"address:{place}": TRIES_PER_ADDRESS,
    }


def keys_of_card(address: str) -> Keys:
    """What wrong digits of a card count against: the address, and all addresses together."""
    return {f"card:{place_of(address)}": CARDS_PER_ADDRESS, "card": CARDS_IN_ALL}


def keys_of_room(person_id: int) -> Keys:
    """What wrong codes of a meeting's room count against: a code opens only one's own line, so only the person."""
    return {f"room:{person_id}": ROOM_CODES_PER_PERSON}


def place_of(address: str) -> str:
    """What one visitor can hardly change: an address, or the network that a household is given in IPv6."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(known) if known.version == 4 else str(ipaddress.ip_network((known, 64), strict=False))


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def count_joining(address: str) -> None:
    """Count one try to open an account from this address, so that nobody guesses names and household codes in bulk.

    Raises `Refused` (code ``throttled``) after too many. In a transaction of its own: a try that fails counts as well.
    """
    keys = {f"join:{place_of(address)}": JOINS_PER_ADDRESS}
    check(keys)
    note(keys)


def note(keys: Keys) -> None:
    """Count one try."""
    for key in keys:
        db.session.add(LoginAttempt(key=key[:80], at=clock.now()))


def check(keys: Keys) -> None:
    """Raise `Refused` (code ``throttled``) where one of the keys was tried too often; lets go of what is older."""
    since = clock.now() - WINDOW
    db.session.execute(delete(LoginAttempt).where(LoginAttempt.at < since))
    for key, most in keys.items():
        tries = select(func.count()).select_from(LoginAttempt).where(LoginAttempt.key == key[:80], LoginAttempt.at >= since)
        if (db.session.scalar(tries) or 0) >= most:
            raise Refused(N_("Too many tries. Please wait a quarter of an hour."), code="throttled")
