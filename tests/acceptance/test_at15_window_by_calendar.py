"""AT15: the time for comments is counted as the law counts it."""

import json
from datetime import date

import pytest

from deliberation.councils import rules
from deliberation.councils import services as councils
from deliberation.kernel import clock
from deliberation.review.windows import closing_words
from tests.builders import SHANGHAI, at, do
from tests.review.scenes import opened
from tests.web import in_english, text_of


def set_rule(world, **values):
    entries = json.loads(rules.preset("council"))
    for name, value in values.items():
        entries[name]["value"] = value
    with clock.frozen(at("2026-01-05T09:00")):
        do(lambda: councils.set_rules(
            world.council, "council", json.dumps(entries), effective_on=date(2026, 1, 5), actor=world["A01"]))  # fmt: skip


def test_seven_days_from_27_march_end_on_3_april_at_24(world):
    window = opened(world)
    assert window.opens_at == at("2026-03-27T08:00")
    assert window.closes_at == at("2026-04-04T00:00")
    assert "2026-4-3, 24:00" in closing_words(window.closes_at, SHANGHAI).render()


@pytest.mark.parametrize(
    ("values", "closes_at"),
    [
        ({"review_days": 10}, "2026-04-08T00:00"),
        ({"review_days": 9}, "2026-04-08T00:00"),
        ({"review_days": 5, "review_day_kind": "working"}, "2026-04-04T00:00"),
        ({"review_days": 6, "review_day_kind": "working"}, "2026-04-08T00:00"),
    ],
)
def test_a_last_day_in_the_qingming_holiday_rolls_on_to_7_april(world, values, closes_at):
    set_rule(world, **values)
    assert opened(world).closes_at == at(closes_at)


def test_a_loaded_table_goes_over_the_shipped_one(world):
    do(lambda: councils.load_rest_days({date(2026, 4, 3): True, date(2026, 4, 7): True}))
    assert opened(world).closes_at == at("2026-04-09T00:00")


def test_the_forum_shows_the_end_as_24_00_and_the_days_left(world, client):
    opened(world)
    with clock.frozen(at("2026-03-31T10:00")):
        shown = text_of(in_english(client).get("/c/mochou/forum/2026-1"))
    assert "April 3, 2026 (Fri), 24:00" in shown and "3 days left" in shown
