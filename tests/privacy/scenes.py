"""Texts of every kind with a word of their own in the demonstration, and what is asked about them."""

from __future__ import annotations

from sqlalchemy import select

from deliberation.audit.models import PersonalRecord
from deliberation.councils.models import Council
from deliberation.extensions import db
from deliberation.people.models import Account, Person
from deliberation.privacy import services
from deliberation.privacy.models import DataRequest
from deliberation.privacy.queries import person_of
from deliberation.privacy.states import State, Wish
from tests.builders import do

KINDS = (
    "person.name", "comment.text", "appeal.text", "appeal.name", "appeal.contact", "speech.text", "recusal.reason",
    "proposal.text", "attendance.reason",
)  # fmt: skip


def person(login: str) -> Person:
    return db.session.scalars(select(Account).where(Account.login == login.casefold())).one().person


def council() -> Council:
    return db.session.scalars(select(Council)).first()


def record(number: int) -> PersonalRecord:
    db.session.expire_all()
    return db.session.get_one(PersonalRecord, number)


def one_of(kind: str) -> PersonalRecord | None:
    """A living text of this kind about somebody who can sign in."""
    living = select(PersonalRecord).where(PersonalRecord.kind == kind, PersonalRecord.erased_at.is_(None))
    for found in db.session.scalars(living.order_by(PersonalRecord.id)):
        if person_of(found) is not None:
            return found
    return None


def answerer(request: DataRequest) -> Person:
    """Somebody who answers there and is not concerned."""
    able = [person("A01")] if request.council_id is None else [person("S01"), person("A01")]
    return next(one for one in able if one.id not in (request.person_id, request.entered_by_id))


def ask(found: PersonalRecord, wish: Wish, text: str = "") -> DataRequest:
    who = db.session.get_one(Person, person_of(found))
    return do(lambda: services.ask_about(found, wish, text, actor=who))


def granted(found: PersonalRecord, wish: Wish, text: str = "") -> DataRequest:
    made = ask(found, wish, text)
    do(lambda: services.answer(made, State.GRANTED, "", actor=answerer(made)))
    return made


def planted() -> dict[str, tuple[int, str]]:
    """One text of each kind, corrected so that it holds a word that stands nowhere else: kind → (number, word)."""
    found = {}
    for place, kind in enumerate(KINDS):
        old = one_of(kind)
        if old is not None:
            word = f"canary{place}cage{place}"
            made = granted(old, Wish.CORRECT, word)
            found[kind] = (made.text_id, word)
    return found
