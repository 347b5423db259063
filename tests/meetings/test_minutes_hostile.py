"""Minutes: who would name somebody, rewrite them late, undo a signature, or change them behind the log's back."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.meetings import minutes
from deliberation.meetings.models import Meeting
from tests.acceptance.session import Sitting
from tests.builders import World, do
from tests.meetings.test_minutes import laid_out, part_of, session_of, write
from tests.motions.debates import NOW, code
from tests.web import in_english, sign_in, text_of


@pytest.fixture(autouse=True)
def in_the_session(app: Flask) -> Iterator[None]:
    with clock.frozen(NOW):
        yield


@pytest.fixture
def sitting(world: World) -> Sitting:
    return session_of(world)


@pytest.fixture
def meeting(sitting: Sitting) -> Meeting:
    return sitting.meeting


@pytest.mark.parametrize("text", ["R01 sat in.", "R 01 sat in.", "Ｒ０１ sat in.", "r\u30000\n1 sat in.", "M 01 does it."])
def test_no_name_of_anybody_stands_in_an_official_text(world: World, meeting: Meeting, text: str) -> None:
    """Residents are on no roster; blanks and width hide nobody."""
    for part in ("guests", "arrangements", part_of(meeting)):
        assert code(lambda part=part: write(world, meeting, part, text)) == "name_in_summary"
    laid_out(world, meeting)
    made = do(lambda: minutes.object_to(meeting, "R01 was there.", actor=world["M01"]))
    assert code(lambda: minutes.answer(made, meeting, text, upheld=True, actor=world["C01"])) == "name_in_summary"


def test_the_form_says_that_the_part_can_never_be_erased(
    world: World, meeting: Meeting, new_client: Callable[[], FlaskClient]
) -> None:
    clerk = in_english(sign_in(new_client(), world.account("C01")))
    url = f"/c/mochou/meetings/{meeting.id}/minutes/write"
    db.session.rollback()
    assert "no wording of it can ever be erased" in text_of(clerk.get(f"{url}/guests"))
