"""AT18: a telephone number is covered; the reason is logged, the original stays sealed, its commitment unchanged."""

import pytest

from deliberation.audit.queries import page
from deliberation.audit.recording import commitment_of
from deliberation.audit.services import verify
from deliberation.kernel import clock
from deliberation.review import services
from tests.builders import at, do
from tests.review.scenes import comment, opened
from tests.web import in_english, sign_in, text_of

PHONE = "13800138000"
REASON = "A private number."
FORUM = "/c/mochou/forum/2026-1"


@pytest.fixture
def masked(world):
    one = comment(world, opened(world), text=f"I help, call {PHONE}.")
    world.sealed = commitment_of(one.text)
    with clock.frozen(at("2026-03-29T09:00")):
        do(lambda: services.mask(one, "I help, call [covered].", "personal_details", REASON, actor=world["C01"]))
    return one


@pytest.mark.parametrize("code", [None, "R01", "M01", "C01", "S01"])
def test_the_public_page_shows_the_covered_text_and_the_reason(world, masked, client, code):
    in_english(client)
    if code:
        sign_in(client, world.account(code))
    answer = client.get(FORUM)
    assert PHONE not in answer.text
    shown = text_of(answer)
    assert "I help, call [covered]." in shown
    assert "A place is covered under the rule “Personal details” Reason: A private number." in shown


@pytest.mark.parametrize(("code", "status"), [(None, 403), ("R01", 403), ("M01", 403), ("V01", 403), ("C01", 200), ("S01", 200)])
def test_the_original_is_read_by_the_desk_alone(world, masked, client, code, status):
    if code:
        sign_in(client, world.account(code))
    answer = client.get(f"/c/mochou/forum/comments/{masked.id}/original")
    assert (answer.status_code, PHONE in answer.text) == (status, status == 200)


def test_the_log_tells_of_it_and_the_sealed_text_is_unchanged(world, masked):
    newest = page(world.council.log_id)[0]
    assert newest.body["action"] == "comment.mask"
    assert {"personal_details"} == {row["set"]["rule"] for row in newest.body["rows"] if row["table"] == "moderation"}
    assert PHONE not in str(newest.body) and REASON not in str(newest.body)
    assert masked.text.value == f"I help, call {PHONE}."
    assert commitment_of(masked.text) == world.sealed
    made = next(line for line in page(world.council.log_id) if line.body["action"] == "comment.make")
    assert world.sealed in {row.get("commitment") for row in made.body["rows"]}
    assert [found.problem for found in verify()] == ["", ""]
