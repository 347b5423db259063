"""AT19: numbers run from 1 without gaps by council, kind and year; a void one stays listed."""

from deliberation.kernel import clock
from deliberation.publishing import services
from deliberation.publishing.queries import format_number
from tests.builders import at, do
from tests.review.scenes import AFTER, at_the_forum, opened
from tests.web import in_english, text_of


def issued(world, title, when=AFTER):
    matter = at_the_forum(world, title)
    opened(world, matter)
    return resolve(world, matter, when)


def resolve(world, matter, when=AFTER):
    with clock.frozen(at(when)):
        return do(lambda: services.resolve(matter, "It binds members.", actor=world["S01"]))


def test_the_first_is_1_and_the_next_2(world):
    numbers = [issued(world, title).number for title in ("Green", "Lift")]
    assert [format_number(one).params for one in numbers] == [
        {"prefix": "莫社", "year": 2026, "number": 1},
        {"prefix": "莫社", "year": 2026, "number": 2},
    ]


def test_the_series_starts_again_with_the_year(world):
    first = issued(world, "Green")
    next_year = issued(world, "Lift", "2027-01-04T09:00")
    assert [(one.number.year, one.number.number) for one in (first, next_year)] == [(2026, 1), (2027, 1)]


def test_a_void_number_stays_listed_with_its_reason_and_the_matter_gets_the_next(world, client):
    first = issued(world, "Green")
    with clock.frozen(at(AFTER)):
        do(lambda: services.void(first, "Wrong title.", actor=world["S01"]))
    again = resolve(world, first.matter)
    assert again.number.number == 2
    shown = text_of(in_english(client).get("/c/mochou/decisions/"))
    assert "莫社 Resolution [2026] No. 1" in shown and "莫社 Resolution [2026] No. 2" in shown
    assert "Reason: Wrong title." in shown
    assert "This number is void" in text_of(client.get("/c/mochou/decisions/2026/1"))


def test_in_chinese_the_number_stands_in_six_angle_brackets(world, client):
    issued(world, "Green")
    with client.session_transaction() as session:
        session["language"] = "zh"
    assert "莫社议决〔2026〕1号" in text_of(client.get("/c/mochou/decisions/2026/1"))
