"""AT16: a comment at 0:00:01 of the next day is refused, and told when the time ended."""

import pytest

from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import Refused
from deliberation.review import services
from deliberation.review.models import Comment
from tests.builders import at
from tests.review.scenes import comment, opened
from tests.web import in_english, post, sign_in, text_of

COMMENT = "/c/mochou/forum/2026-1/comment"


@pytest.mark.parametrize("when", ["2026-04-04T00:00:00", "2026-04-04T00:00:01", "2026-05-01T12:00"])
def test_from_the_closing_instant_on_comments_are_refused_with_the_closing_time(world, when):
    window = opened(world)
    with pytest.raises(Refused) as refusal:
        comment(world, window, when=when)
    assert refusal.value.code == "window_closed"
    assert "2026-4-3, 24:00" in refusal.value.words.render()


def test_the_last_second_is_in_time(world):
    window = opened(world)
    assert comment(world, window, when="2026-04-03T23:59:59").label == "C-01"


def test_paper_is_too_late_at_the_same_instant(world):
    window = opened(world)
    with clock.frozen(at("2026-04-04T00:00:00")), pytest.raises(Refused) as refusal:
        services.require_open(window)
    assert refusal.value.code == "window_closed"


def test_the_page_answers_409_keeps_the_words_and_writes_nothing(world, client):
    opened(world)
    sign_in(in_english(client), world.account("R01"))
    with clock.frozen(at("2026-04-04T00:00:01")):
        answer = post(client, COMMENT, {"stance": "support", "text": "One second late.", "paragraph": ""})
    assert answer.status_code == 409
    assert "ended at 2026-4-3, 24:00" in text_of(answer)
    assert "One second late." in answer.text
    assert db.session.query(Comment).count() == 0
