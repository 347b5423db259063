"""After a comment is erased, on whichever way, nothing in the tables leads to its author."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from deliberation.audit.models import PersonalRecord
from deliberation.audit.replaying import differences
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.privacy import services
from deliberation.privacy.models import DataRequest
from deliberation.privacy.states import Relation, State, Wish
from deliberation.review import services as review
from tests.builders import at, do
from tests.privacy.test_texts import tables
from tests.review.scenes import OPENING, comment, opened


@pytest.fixture
def made(world):
    """A comment of R01's with a refused correction, two that were granted, and a wish that still waits."""
    with clock.frozen(at(OPENING)):
        made = comment(world, opened(world), by="R01", text="my own words")
    for outcome, words in ((State.REFUSED, "no wording"), (State.GRANTED, "second wording"), (State.GRANTED, "third wording")):
        text = db.session.get_one(PersonalRecord, made.text_id)
        asked = do(lambda text=text, words=words: services.ask_about(text, Wish.CORRECT, words, actor=world["R01"]))
        do(lambda asked=asked, outcome=outcome: services.answer(asked, outcome, "Dear R01", actor=world["S01"]))
        db.session.expire_all()
    do(lambda: services.ask_about(made.text, Wish.RESTRICT, "it was me, R01", actor=world["R01"]))
    do(lambda: services.ask(world.council, "what else?", actor=world["R01"]))
    return made


def own(made, world):
    with clock.frozen(at(OPENING)):
        do(lambda: review.erase(made, actor=world["R01"]))


def granted(made, world):
    asked = do(lambda: services.ask_about(made.text, Wish.DELETE, "please", actor=world["R01"]))
    do(lambda: services.answer(asked, State.GRANTED, "Done, R01", actor=world["S01"]))
    assert asked.state == State.GRANTED


def of_kin(made, world):
    asked = do(lambda: services.enter_for(made.text, Wish.DELETE, "", Relation.CHILD, actor=world["S01"]))
    do(lambda: services.answer(asked, State.GRANTED, "", actor=world["A01"]))


@pytest.mark.parametrize("way", [own, granted, of_kin], ids=lambda way: way.__name__)
def test_no_request_leads_from_an_erased_comment_to_its_author(world, made, way):
    way(made, world)
    db.session.expire_all()
    asked = db.session.scalars(select(DataRequest).where(DataRequest.record_id.is_not(None))).all()
    assert len(asked) >= 4
    assert {one.person_id for one in asked} == {made.author_id} == {None}
    assert [words for one in asked for words in (one.text, one.answer) if words is not None and words.kept] == []
    assert State.WAITING not in {one.state for one in asked}
    other = db.session.scalars(select(DataRequest).where(DataRequest.record_id.is_(None))).one()
    assert (other.person_id, other.text.value) == (world["R01"].id, "what else?"), "what is about nothing of it stays"
    assert list(differences(tables())) == []
