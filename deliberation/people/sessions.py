"""Login sessions: who is signed in on which device, for how long. They can be ended from any other device.

A session is told by the hash of its token alone. Address and browser may change as they like: a phone that goes from
Wi-Fi to 4G, sleeps for weeks or updates itself stays signed in.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import lazyload

from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import NotFound
from deliberation.kernel.words import N_, Words
from deliberation.people.models import Account, LoginSession, Person

REMEMBERED = timedelta(days=90)
"""On one's own device, counted from the last day on which it was used."""
ON_SHARED = timedelta(hours=2)
"""On a shared device, at most: fixed and not by idleness, so that reading a long plan signs nobody out and no page
has to write. Closing the browser ends it earlier; what was typed when it ends is kept by the form."""
SEEN_EVERY = timedelta(days=1)
"""How often use is noted: pages stay cheap, and nobody's hours are kept."""
FRESH = timedelta(hours=1)
"""How long after coming in by a card one may set a passphrase without knowing the old one."""

BY_TOKEN = select(LoginSession).where(LoginSession.token_hash == bindparam("hash"))
WHO = (
    select(LoginSession.revoked_at, LoginSession.expires_at, LoginSession.seen_at, Account.disabled_at, Person)
    .join(LoginSession.account)
    .join(Account.person)
    .where(LoginSession.token_hash == bindparam("hash"))
    # Hardly any page says the reader's own name.
    .options(lazyload(Person._name))
)

DEVICE_WORDS = {
    "phone": N_("phone"),
    "tablet": N_("tablet"),
    "computer": N_("computer"),
}
SOME_DEVICE = N_("device")


def device_of(agent: str) -> str:
    """The kind of device in a browser's description: all that is kept of it."""
    lower = agent.lower()
    if "ipad" in lower or "tablet" in lower or ("android" in lower and "mobile" not in lower):
        return "tablet"
    return "phone" if any(word in lower for word in ("mobile", "iphone", "harmony")) else "computer"


def device_words(device: str | None) -> Words:
    """The device in the reader's language."""
    return Words(DEVICE_WORDS.get(device or "", SOME_DEVICE))


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def start(account: Account, *, shared: bool = False, device: str | None = None, by_card: bool = False) -> str:
    """Sign the account in on one more device and return the session's token."""
    token = secrets.token_urlsafe(32)
    now = clock.now()
    db.session.add(
        LoginSession(
            account_id=account.id,
            token_hash=token_hash(token),
            created_at=now,
            seen_at=now,
            expires_at=now + (ON_SHARED if shared else REMEMBERED),
            shared=shared,
            by_card=by_card,
            device=device,
        )
    )
    return token


def session_for(token: str) -> LoginSession | None:
    """The living login session of a token, or None."""
    found = db.session.scalar(BY_TOKEN, {"hash": token_hash(token)})
    if found is None or found.revoked_at is not None or found.expires_at <= clock.now():
        return None
    return found if found.account.disabled_at is None else None


def signed_in(token: str) -> tuple[Person, bool] | None:
    """Whose living login session this is, and whether today's use is still to be noted: asked for on every page."""
    row = db.session.execute(WHO, {"hash": token_hash(token)}).one_or_none()
    now = clock.now()
    if row is None or row.revoked_at is not None or row.expires_at <= now or row.disabled_at is not None:
        return None
    return row.Person, row.seen_at is None or row.seen_at + SEEN_EVERY <= now


def account_behind(token: str) -> int | None:
    """The id of the account whose session this is or was: one that has ended counts too."""
    return db.session.scalar(select(LoginSession.account_id).where(LoginSession.token_hash == token_hash(token)))


def came_by_card(found: LoginSession) -> bool:
    """Whether this session was opened by a printed card within the last hour."""
    return found.by_card and found.created_at + FRESH > clock.now()


def renew(token: str) -> None:
    """Note that the session is in use; on one's own device the ninety days begin again."""
    found = session_for(token)
    if found is None:
        return
    if not found.shared:
        found.expires_at = clock.now() + REMEMBERED
    found.seen_at = clock.now()


def sign_out(token: str) -> None:
    """Revoke the login session of a token; unknown tokens are no error."""
    found = session_for(token)
    if found is not None:
        found.revoked_at = clock.now()


def end_session(account: Account, session_id: int) -> None:
    """Revoke one login session of the account; raises `NotFound` for anybody else's."""
    found = db.session.get(LoginSession, session_id)
    if found is None or found.account_id != account.id:
        raise NotFound(N_("There is nothing at this address."))
    if found.revoked_at is None:
        found.revoked_at = clock.now()


def end_sessions(account: Account, *, but: LoginSession | None = None) -> None:
    """Revoke every login session of the account, except ``but``."""
    living = select(LoginSession).where(LoginSession.account_id == account.id, LoginSession.revoked_at.is_(None))
    for session in db.session.scalars(living):
        if session is not but:
            session.revoked_at = clock.now()
