"""Questions in the hands of people who press twice, come late, take the wrong address, or ask what nobody can count."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from deliberation.kernel import clock
from deliberation.meetings import questions
from deliberation.voting import casting, counting, queries
from deliberation.voting.kinds import Kind
from deliberation.voting.models import Poll
from deliberation.voting.services import Question
from tests.builders import World, do
from tests.meetings.test_questions import BEDS, BENCHES, ORDER, answer, asked, of, remote, result
from tests.motions.debates import NOW, code, sitting_of
from tests.web import post, text_of


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


def test_nobody_calls_out_a_vote_by_correspondence_so_that_it_can_always_be_counted(
    world: World, new_client: Callable[[], FlaskClient]
) -> None:
    poll = by_correspondence(world)
    assert code(lambda: casting.take_down(poll, {world["M02"].id: "2"}, actor=world["C01"])) == "by_correspondence"
    answer(world, poll, {"M01": "1"})
    clerk = of(world, new_client, "C01")
    assert "Take down the votes" not in text_of(clerk.get(f"/c/mochou/questions/{poll.id}"))
    with clock.frozen(NOW + timedelta(days=4)):
        assert result(world, poll)["counted"]["winners"] == ["1"]


def test_what_cannot_be_counted_is_not_asked(world: World) -> None:
    many = Question("Who?", Kind.APPROVAL, tuple(f"Option {n}" for n in range(40)), seats=9, most=40, method="pav")
    assert code(lambda: questions.ask(sitting_of(world).meeting, many, about="procedure:order", actor=world["P01"])) == "invalid"


def test_a_result_stays_readable_after_its_method_is_gone_or_new(
    world: World, new_client: Callable[[], FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    poll = asked(sitting_of(world), BENCHES)
    answer(world, poll, {"M01": "1", "M02": "1,2"})
    result(world, poll)
    visitor = of(world, new_client, "R01")
    url = f"/c/mochou/questions/{poll.id}"
    assert "How it was counted" in text_of(visitor.get(url))
    monkeypatch.delitem(counting.methods._parts, "approval")
    shown = text_of(visitor.get(url))
    assert "✓ Oak" in shown and "How it was counted" not in shown


def test_a_vote_entered_for_a_member_is_entered_once_however_often_it_is_pressed(
    world: World, new_client: Callable[[], FlaskClient]
) -> None:
    poll = asked(sitting_of(world), ORDER)
    clerk, page = of(world, new_client, "C01"), f"/c/mochou/questions/{poll.id}"
    data = {"member": str(world["M05"].id), "way": "telephone", "note": "9:40", "choice": "2", "confirmed": "1"}
    data["once"] = secrets.token_urlsafe(16)
    assert post(clerk, f"{page}/assist", data).headers["Location"] == page
    again = post(clerk, f"{page}/assist", data)
    assert again.headers.get("Location") == page, text_of(again)


def test_after_the_deadline_nobody_is_told_that_a_vote_waits(world: World) -> None:
    poll = by_correspondence(world)
    assert queries.awaits(poll.id, world["M01"]) and queries.awaiting(world["M01"])
    with clock.frozen(NOW + timedelta(days=4)):
        assert not queries.awaits(poll.id, world["M01"])
        assert queries.awaiting(world["M01"]) == []


@pytest.mark.parametrize("when", ["9999-12-31T23:59", "0001-01-01T00:00", "2026-13-01T10:00", "x" * 9000])
def test_no_deadline_breaks_the_form_or_lies_beyond_a_year(
    world: World, new_client: Callable[[], FlaskClient], when: str
) -> None:
    remote(world)
    chair = of(world, new_client, "P01")
    data = {"question": "When?", "options": "a\nb", "mode": "recorded", "closes_at": when}
    assert post(chair, "/c/mochou/questions/new/single", data).status_code == 422


def test_by_correspondence_nobody_is_said_to_be_present_beforehand(world: World, new_client: Callable[[], FlaskClient]) -> None:
    poll = by_correspondence(world, Question("Shall the beds stay?", Kind.YES_NO))
    shown = text_of(of(world, new_client, "M01").get(f"/c/mochou/questions/{poll.id}"))
    assert "21 members were asked, 21 may answer" in shown
    assert "present)" not in shown
