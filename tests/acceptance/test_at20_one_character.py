"""AT20: after one changed character no number is given until the council has voted again."""

import pytest
from sqlalchemy import create_engine, text

from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import Refused
from deliberation.publishing import services
from deliberation.publishing.models import DocumentNumber
from deliberation.review import services as review
from tests.builders import at, do
from tests.review.scenes import AFTER, TEXT, answer, back_and_adopted_again, comment, opened

CHANGED = (*TEXT[:3], "Plant flowers!")


@pytest.fixture
def matter(world):
    window = opened(world)
    answer(world, comment(world, window, text="Louder."))
    return window.matter


def revise(world, matter, causes=None):
    with clock.frozen(at(AFTER)):
        do(lambda: review.revise(matter, list(CHANGED), causes or {}, actor=world["S01"]))


def resolve(world, matter, when="2026-04-08T10:00"):
    with clock.frozen(at(when)):
        return do(lambda: services.resolve(matter, "It binds members.", actor=world["S01"]))


def test_one_character_and_numbering_is_refused(world, matter):
    revise(world, matter)
    with pytest.raises(Refused) as refusal:
        resolve(world, matter)
    assert refusal.value.code == "text_changed"
    assert db.session.query(DocumentNumber).count() == 0


def test_after_the_vote_a_change_caused_by_a_comment_goes_straight_to_numbering(world, matter):
    revise(world, matter, {4: [1]})
    back_and_adopted_again(world, matter)
    assert resolve(world, matter).version.paragraphs[3].text == "Plant flowers!"


def test_after_the_vote_a_change_without_a_cause_is_opened_for_comment_again(world, matter):
    revise(world, matter)
    back_and_adopted_again(world, matter)
    with pytest.raises(Refused) as refusal:
        resolve(world, matter)
    assert refusal.value.code == "missing_window"
    opened(world, matter, "2026-04-08T10:00")
    with pytest.raises(Refused) as refusal:
        resolve(world, matter)
    assert refusal.value.code == "window_open"
    assert resolve(world, matter, "2026-04-16T08:00").number.number == 1


def test_a_character_changed_behind_the_platforms_back_is_found_too(world, matter):
    """The text itself is hashed anew, not the stored hash believed."""
    where = db.engine.url.render_as_string(hide_password=False)
    db.session.rollback()
    engine = create_engine(where)
    with engine.begin() as connection:
        connection.execute(text("UPDATE plan_paragraph SET text = 'Plant flowers!' WHERE position = 4"))
    engine.dispose()
    db.session.expire_all()
    with pytest.raises(Refused) as refusal:
        resolve(world, matter)
    assert refusal.value.code == "text_changed"
