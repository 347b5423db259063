"""Persons, accounts, and signing in. Everything here is recorded in the installation's log."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from datetime import timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import bindparam, delete, insert, select

from deliberation.audit.recording import Capacity, recording
from deliberation.audit.services import INSTALLATION, open_log, personal
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import Invalid, Refused
from deliberation.kernel.transactions import connection_of
from deliberation.kernel.words import N_
from deliberation.people import sessions, throttle
from deliberation.people.models import Account, Household, LoginSession, OnceKey, Person, SecurityEvent, Unit
from deliberation.people.permissions import Office

SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 200
SECURITY_EVENTS_KEPT = timedelta(days=30)
ONCE_KEPT = timedelta(days=2)
SWEPT_ONE_IN = 50
OLD_KEYS = delete(OnceKey).where(OnceKey.at < bindparam("before"))
NEW_KEY = insert(OnceKey)
KNOWN_KEY = select(OnceKey.location).where(OnceKey.key == bindparam("own_key"))

hasher = PasswordHasher()


@cache
def _nobodys(used: PasswordHasher) -> str:
    """What a passphrase is compared with where there is no account, so that the answer takes as long."""
    return used.hash(secrets.token_hex(16))


def installation(person: Person | None = None, office: Office = Office.INSTALLATION) -> Capacity:
    """Who acts in the installation's log: a person in an office, or the installation itself."""
    return Capacity(person.id if person else None, office.value, open_log(INSTALLATION))


def add_unit(level: str, name: str, parent: Unit | None = None) -> Unit:
    """Add a place to the tree of units."""
    unit = Unit(level=level, name=name, parent_id=parent.id if parent else None)
    with recording(installation(), "unit.add", unit):
        db.session.add(unit)
    return unit


def add_household(unit: Unit, code: str) -> Household:
    """A home with its printed code; the code itself is not kept."""
    home = Household(unit_id=unit.id, code_hash=_code_hash(code))
    with recording(installation(), "household.add", home):
        db.session.add(home)
    return home


def _code_hash(code: str) -> str:
    return hashlib.sha256(code.strip().upper().replace("-", "").encode()).hexdigest()


def add_person(name: str, *, capacity: Capacity | None = None) -> Person:
    """A person without an account, known by a name. Raises `Invalid` for an empty or over-long name."""
    capacity = capacity or installation()
    with recording(capacity, "person.add") as record:
        record.subject = person = _person(capacity, name)
    return person


def _person(capacity: Capacity, name: str) -> Person:
    kept = personal(capacity.log_id, "person.name", tidy_name(name))
    assert kept is not None
    person = Person(_name=kept)
    db.session.add(person)
    db.session.flush()
    return person


def tidy_name(name: str) -> str:
    """A name in NFC without surrounding blanks; raises `Invalid` where it is empty, over 40 characters or hostile."""
    tidy = unicodedata.normalize("NFC", name).strip()
    if not tidy:
        raise Invalid(N_("Please enter a name."), field="name")
    if len(tidy) > 40:
        raise Invalid(N_("A name has at most 40 characters."), field="name")
    if any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") for c in tidy):
        raise Invalid(N_("A name cannot contain invisible characters."), field="name")
    return tidy


def login_key(login: str) -> str:
    """A login name as it is compared: NFKC, case-folded, without surrounding blanks."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


def name_key(name: str | None) -> str:
    """A name as it is compared with others: NFKC, case-folded, however it is spaced. Empty for one that is erased."""
    return "".join(unicodedata.normalize("NFKC", name or "").split()).casefold()


def check_password(password: str) -> None:
    """Raise `Invalid` for a password shorter than 8 or longer than 200 characters."""
    if len(password) < SHORTEST_PASSWORD:
        raise Invalid(N_("Please choose a passphrase of at least %(n)s characters."), n=SHORTEST_PASSWORD, field="password")
    if len(password) > LONGEST_PASSWORD:
        raise Invalid(N_("A passphrase has at most %(n)s characters."), n=LONGEST_PASSWORD, field="password")


def open_account(
    login: str,
    password: str | None,
    *,
    name: str,
    kind: str = "full",
    person: Person | None = None,
    code: str = "",
    capacity: Capacity | None = None,
) -> Account:
    """Open an account, for an existing person or a new one. ``kind`` is ``full`` or ``light`` (a resident's).

    Without a password only a printed card opens it, until its owner sets one.
    Raises `Refused` (code ``taken``) where the login exists, `Invalid` for a bad password or household code.
    """
    if password is not None:
        check_password(password)
    key = login_key(login)
    if not 2 <= len(key) <= 40:
        raise Invalid(N_("A login name has 2 to 40 characters."), field="login")
    tidy_name(key)
    if db.session.scalar(select(Account.id).where(Account.login == key)):
        raise Refused(N_("That name is taken here. Please choose another."), field="login", code="taken")
    home = _household(code) if code.strip() else None
    capacity = capacity or installation()
    with recording(capacity, "account.open") as record:
        owner = person or _person(capacity, name)
        if home is not None:
            owner.household_id = home.id
        record.subject = account = Account(
            person_id=owner.id, login=key, password_hash=hasher.hash(password) if password else "", kind=kind
        )
        db.session.add(account)
    return account


def free_login(wanted: str) -> str:
    """``wanted``, or with something added to it where somebody has taken that name."""
    free = wanted
    while db.session.scalar(select(Account.id).where(Account.login == login_key(free))) is not None:
        free = f"{wanted}-{secrets.token_hex(2)}"
    return free


def _household(code: str) -> Household:
    home = db.session.scalar(select(Household).where(Household.code_hash == _code_hash(code)))
    if home is None:
        raise Invalid(N_("This household code is not known. Please compare it with your slip."), field="code")
    return home


def set_password(account: Account, password: str) -> None:
    """Change the password and end every login session of the account."""
    check_password(password)
    with recording(installation(), "account.password", account):
        account.password_hash = hasher.hash(password)
    sessions.end_sessions(account)


def choose_password(account: Account, password: str, *, here: LoginSession) -> None:
    """Set one's own password without knowing an old one: where there is none, or fresh from a printed card.

    ``here`` stays signed in; where there was a password, every other device is signed out. `Refused` otherwise.
    """
    check_password(password)
    had_one = bool(account.password_hash)
    if had_one and not sessions.came_by_card(here):
        raise Refused(N_("You have a passphrase already. Please change it."), code="done_already")
    with recording(installation(), "account.password", account):
        account.password_hash = hasher.hash(password)
    if had_one:
        sessions.end_sessions(account, but=here)


def change_password(account: Account, current: str, new: str) -> None:
    """Change one's own password. Raises `Invalid` where the current one does not match."""
    if not _matches(account.password_hash, current):
        raise Invalid(N_("This is not your present passphrase."), field="current")
    set_password(account, new)


def account_of(person: Person) -> Account | None:
    """The person's account, or None."""
    return db.session.scalar(select(Account).where(Account.person_id == person.id))


def account_named(login: str) -> Account:
    """The account of a login name; raises `Invalid` where there is none."""
    found = db.session.scalar(select(Account).where(Account.login == login_key(login)))
    if found is None:
        raise Invalid(N_("There is no account with the name “%(login)s”."), login=login, field="login")
    return found


def disable(account: Account, *, capacity: Capacity | None = None) -> None:
    """Close an account and end its sessions; what the person did stays. Without a capacity the command line does it."""
    with recording(capacity or installation(), "account.disable", account):
        account.disabled_at = clock.now()
    sessions.end_sessions(account)


def sign_in(login: str, password: str, *, address: str, shared: bool = False, device: str | None = None) -> str:
    """Check a login and return the token of a new login session.

    Raises `Refused` (code ``throttled``) after too many tries from this address or on this account, and `Invalid`
    with the same words for an unknown name and a wrong password.
    """
    key = login_key(login)
    keys = throttle.keys_of(key, address)
    throttle.check(keys)
    account = db.session.scalar(select(Account).where(Account.login == key, Account.disabled_at.is_(None)))
    hashed = account.password_hash if account and account.password_hash else _nobodys(hasher)
    if not _matches(hashed, password) or account is None:
        throttle.note(keys)
        raise WrongLogin(N_("Name and passphrase do not match. Please try again."), field="password")
    return sessions.start(account, shared=shared, device=device)


class WrongLogin(Invalid):
    """Name and password do not match: the attempt is kept, so the edge commits before it answers."""


def _matches(hashed: str, password: str) -> bool:
    try:
        return hasher.verify(hashed, password[: LONGEST_PASSWORD + 1])
    except (VerificationError, InvalidHashError):
        return False


def note_refusal(kind: str, person_id: int | None, path: str) -> None:
    """Put one line into the security log, and let go of lines older than 30 days."""
    now = clock.now()
    db.session.execute(delete(SecurityEvent).where(SecurityEvent.at < now - SECURITY_EVENTS_KEPT))
    db.session.add(SecurityEvent(at=now, kind=kind, person_id=person_id, path=path.replace("\0", "")[:200]))


def handed_in(key: str | None, person_id: int | None) -> str | None:
    """Where a form with this key led when this person handed it in before, or None. Nobody else's key counts."""
    return db.session.scalar(KNOWN_KEY, {"own_key": _own_key(key, person_id)}) if key else None


def _own_key(key: str, person_id: int | None) -> str:
    return hashlib.sha256(f"{person_id or ''}/{key}".encode("utf-8", "replace")).hexdigest()


def note_handed_in(key: str, person_id: int | None, location: str) -> None:
    """Remember in the same transaction that a form was handed in. Now and then, let go of old ones."""
    now, connection = clock.now(), connection_of(db.session())
    if secrets.randbelow(SWEPT_ONE_IN) == 0:
        connection.execute(OLD_KEYS, {"before": now - ONCE_KEPT})
    row = {"key": _own_key(key, person_id), "person_id": person_id, "location": location[:300], "at": now}
    connection.execute(NEW_KEY, row)
