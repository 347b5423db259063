"""What is one text is erased, restricted and corrected as one, and nothing in the tables leads on to the author."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from deliberation.audit.models import PersonalRecord
from deliberation.audit.replaying import differences
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import Forbidden
from deliberation.meetings import minutes, speeches
from deliberation.meetings import services as meetings
from deliberation.meetings.models import Speech
from deliberation.privacy import services
from deliberation.privacy.models import DataRequest
from deliberation.privacy.states import Relation, State, Wish
from deliberation.review import services as review
from tests.builders import at, do
from tests.motions.debates import NOW, sitting_of
from tests.privacy.test_texts import tables
from tests.review.scenes import OPENING, comment, opened
from tests.web import in_english, text_of


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


def test_a_corrected_comment_is_not_shown_until_it_is_covered_anew(world, made, new_client):
    with clock.frozen(at(OPENING)):
        do(lambda: review.mask(made, "third OLDCOVER", "personal_details", "a name", actor=world["C01"]))
        asked = do(lambda: services.ask_about(made.text, Wish.CORRECT, "fourth wording", actor=world["R01"]))
        do(lambda: services.answer(asked, State.GRANTED, "", actor=world["S01"]))
        db.session.expire_all()
        assert (made.text.value, made.masked.kept) == ("fourth wording", None)
        assert list(differences(tables())) == []
        page, anybody = f"/c/mochou/forum/{made.window.matter.no}", new_client()
        db.session.rollback()
        shown = text_of(in_english(anybody).get(page))
        assert "These words are stored and not shown at the moment." in shown
        assert "OLDCOVER" not in shown
        assert "fourth" not in shown
        do(lambda: review.mask(made, "fourth ***", "personal_details", "a name", actor=world["C01"]))
        assert "fourth ***" in text_of(anybody.get(page))
    assert list(differences(tables())) == []


@pytest.mark.parametrize("first", [0, 1], ids=["the speech", "its wording"])
def test_a_speech_and_its_wordings_in_the_minutes_are_one_text(world, first):
    with clock.frozen(NOW):
        held = sitting_of(world, here=18)
        do(lambda: speeches.speak(held.item, world["M01"], "pro", "Let us begin.", actor=world["C01"]))
        with clock.frozen(at("2026-03-26T16:00")):
            do(lambda: meetings.close_meeting(held.meeting, actor=world["P01"]))
        speech = db.session.scalars(select(Speech)).one()
        part = f"speech:{speech.id}"
        for n, words in enumerate(("Let us begin at once.", "Let us begin now.")):
            do(lambda n=n, words=words: minutes.write(held.meeting, part, words, number=n, actor=world["C01"]))
        texts = [speech.text, *(one.words for one in minutes.history(held.meeting))]
        assert [one.kept for one in texts] == ["Let us begin.", "Let us begin at once.", "Let us begin now."]
        asked = do(lambda: services.ask_about(texts[first], Wish.RESTRICT, "", actor=world["M01"]))
        do(lambda: services.answer(asked, State.GRANTED, "", actor=world["S01"]))
        assert [one.value for one in texts] == [None] * 3
        do(lambda: services.lift(texts[first], actor=world["M01"]))
        assert None not in [one.value for one in texts]
        asked = do(lambda: services.ask_about(texts[first], Wish.DELETE, "", actor=world["M01"]))
        do(lambda: services.answer(asked, State.GRANTED, "", actor=world["S01"]))
        assert [one.kept for one in texts] == [None] * 3


def test_nobody_lifts_what_others_restricted_about_oneself(world):
    with clock.frozen(at(OPENING)):
        text = comment(world, opened(world), by="S01", text="words of the secretary").text
    asked = do(lambda: services.ask_about(text, Wish.DELETE, "", actor=world["S01"]))
    do(lambda: services.answer(asked, State.RESTRICTED, "a case runs", services.Restriction.LEGAL_HOLD, actor=world["A01"]))
    with pytest.raises(Forbidden) as error:
        do(lambda: services.lift(text, actor=world["S01"]))
    assert error.value.code == "own_case"
    db.session.rollback()
    do(lambda: services.lift(text, actor=world["A01"]))
    assert text.value == "words of the secretary"


def test_a_deletion_that_waits_is_about_the_corrected_text(world):
    with clock.frozen(at(OPENING)):
        made = comment(world, opened(world), by="R01", text="my own words")
    delete = do(lambda: services.ask_about(made.text, Wish.DELETE, "", actor=world["R01"]))
    corrects = do(lambda: services.ask_about(made.text, Wish.CORRECT, "second wording", actor=world["R01"]))
    do(lambda: services.answer(corrects, State.GRANTED, "", actor=world["S01"]))
    db.session.expire_all()
    assert corrects.record_id != made.text_id == delete.record_id
    do(lambda: services.answer(delete, State.GRANTED, "", actor=world["S01"]))
    assert (made.text.kept, made.author_id) == (None, None)
    assert list(differences(tables())) == []


def test_what_waits_about_a_name_goes_along_when_it_is_corrected(world):
    name = db.session.get_one(PersonalRecord, world["R01"].name_id)
    asked = do(lambda: services.ask_about(name, Wish.DELETE, "", actor=world["R01"]))
    do(lambda: services.rename(world["R01"], "Right Name", actor=world["R01"]))
    assert asked.record_id == world["R01"].name_id != name.id
    assert list(differences(tables())) == []
