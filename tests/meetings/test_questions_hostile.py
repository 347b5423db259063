"""Questions in the hands of people who press twice, come late, take the wrong address, or ask what nobody can count."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from deliberation.kernel import clock
from deliberation.meetings import questions
from deliberation.voting.models import Poll
from deliberation.voting.services import Question
from tests.builders import World, do
from tests.meetings.test_questions import BEDS, answer, asked, of, remote
from tests.motions.debates import NOW, sitting_of
from tests.web import post


@pytest.fixture(autouse=True)
def afternoon() -> Any:
    with clock.frozen(NOW):
        yield


def by_correspondence(world: World, question: Question = BEDS) -> Poll:
    remote(world)
    return do(lambda: questions.ask_by_correspondence(world.council, question, NOW + timedelta(days=3), actor=world["P01"]))


def test_the_address_for_changing_a_motions_vote_leads_to_the_question(
    world: World, new_client: Callable[[], FlaskClient]
) -> None:
    poll = asked(sitting_of(world))
    answer(world, poll, {"M01": "1"})
    member = of(world, new_client, "M01")
    found = member.get(f"/c/mochou/polls/{poll.id}/change")
    assert found.headers.get("Location") == f"/c/mochou/questions/{poll.id}/change", found.status_code
    assert post(member, f"/c/mochou/polls/{poll.id}/change", {"choice": "abstain"}).status_code < 500
