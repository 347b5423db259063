"""AT23: a resident has her comment erased: value and salt are gone, the log still verifies, the record shows it."""

import pytest

from deliberation.audit.models import PersonalRecord
from deliberation.audit.queries import page
from deliberation.audit.services import verify
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import Forbidden, Refused
from deliberation.review import services
from tests.builders import at, do
from tests.review.scenes import answer, comment, opened
from tests.web import in_english, post, sign_in, text_of

WORDS = "I am the one from the third floor."
FORUM = "/c/mochou/forum/2026-1"


@pytest.fixture
def erased(world):
    one = comment(world, opened(world), text=WORDS)
    with clock.frozen(at("2026-03-29T09:00")):
        do(lambda: services.mask(one, "I am [covered].", "personal_details", "An address.", actor=world["C01"]))
        do(lambda: services.erase(one, actor=world["R01"]))
    return one


def test_value_and_salt_are_gone_of_the_mask_too_and_no_row_leads_to_her(world, erased):
    kept = [one for one in db.session.query(PersonalRecord) if one.kind.startswith("comment.")]
    assert len(kept) == 2
    assert {(one.value, one.salt) for one in kept} == {(None, None)}
    assert erased.author_id is None


def test_the_log_verifies_after_the_erasure_and_tells_of_it(world, erased):
    assert [found.problem for found in verify()] == ["", ""]
    actions = [line.body["action"] for line in page(world.council.log_id)]
    assert actions[:3] == ["comment.erase", "personal_data.erase", "personal_data.erase"]


def test_the_page_shows_erased_in_place_of_the_words(world, erased, client):
    shown = text_of(in_english(client).get(FORUM))
    assert "Erased The author asked for it; the words are gone for good." in shown
    assert "C-01" in shown and "third floor" not in shown and "[covered]" not in shown


def test_a_second_time_is_refused_and_nobody_else_may(world, erased):
    with pytest.raises(Forbidden):
        do(lambda: services.erase(erased, actor=world["R01"]))
    db.session.rollback()
    other = comment(world, erased.window, text="Another.", by="R02")
    with pytest.raises(Forbidden):
        do(lambda: services.erase(other, actor=world["C01"]))


def test_the_desk_erases_a_comment_on_paper_once(world):
    window = opened(world)
    with clock.frozen(at("2026-03-29T09:00")):
        one = do(lambda: services.transcribe(window, "support", WORDS, paper_no="Z-1", actor=world["V01"]))
        do(lambda: services.erase(one, actor=world["V01"]))
        assert one.text.value is None
        with pytest.raises(Refused) as refusal:
            do(lambda: services.erase(one, actor=world["V01"]))
    assert refusal.value.code == "done_already"


def test_she_does_it_herself_on_the_page_and_the_answer_stays(world, client):
    one = comment(world, opened(world), text=WORDS)
    answer(world, one, text="We will come by.", when="2026-03-29T08:00")
    sign_in(in_english(client), world.account("R01"))
    with clock.frozen(at("2026-03-29T09:00")):
        done = post(client, f"/c/mochou/forum/comments/{one.id}/erase")
        assert done.status_code == 302
        shown = text_of(client.get(FORUM))
    assert "Erased" in shown and "third floor" not in shown and "We will come by." in shown
