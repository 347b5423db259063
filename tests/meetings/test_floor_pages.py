"""The floor on the pages: one tap, one large button, the wall without a name, the pulse, two devices at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from deliberation.blueprints.kept import kept
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.meetings import floor, services
from deliberation.meetings.floor_models import Hand, Turn
from deliberation.meetings.models import Speech, Stay
from deliberation.meetings.states import Presence
from tests.acceptance.session import Sitting
from tests.builders import World, do
from tests.motions.debates import NOW, sitting_of, with_rules
from tests.web import in_english, post, sign_in, source_of, statements, text_of, token

NewClient = Callable[[], FlaskClient]


@pytest.fixture
def sitting(world: World) -> Iterator[Sitting]:
    with clock.frozen(NOW):
        kept.clear()
        yield sitting_of(world)


@pytest.fixture
def browser(world: World, new_client: NewClient) -> Callable[[str], FlaskClient]:
    return lambda code: sign_in(in_english(new_client()), world.account(code))


def page(sitting: Sitting) -> str:
    return f"/c/mochou/meetings/{sitting.meeting.id}"


def at_floor(sitting: Sitting, act: str) -> str:
    return f"{page(sitting)}/floor/{sitting.item.id}/{act}"


def tap(sitting: Sitting, client: FlaskClient, act: str, **data: object) -> int:
    return post(client, at_floor(sitting, act), data, page=page(sitting)).status_code


def only_turn() -> Turn:
    db.session.rollback()
    return db.session.scalars(db.select(Turn)).one()


def hands() -> list[Hand]:
    db.session.rollback()
    return list(db.session.scalars(db.select(Hand).order_by(Hand.id)))


def test_a_speech_from_the_raised_hand_to_the_words(world: World, sitting: Sitting, browser: Callable[[str], FlaskClient]) -> None:
    member, chair, clerk = (browser(code) for code in ("M01", "P01", "C01"))
    assert "I want to speak:" in text_of(member.get(page(sitting)))
    assert tap(sitting, member, "ask", stance="con") == 302
    answer = text_of(member.get(page(sitting)))
    assert "I do not want to speak any more" in answer and "speaks for the first time" in answer
    answer = chair.get(page(sitting)).text
    assert "Next: M01" in answer and 'class="button primary tall">Give the floor to the next' in answer
    assert tap(sitting, chair, "give") == 302
    assert "since 14:30, until 14:32" in text_of(member.get(page(sitting)))
    assert "M01 has the floor." in text_of(clerk.get(page(sitting)))
    assert tap(sitting, clerk, "end") == 302
    assert "Note what M01 said" in text_of(clerk.get(page(sitting)))
    turn = only_turn()
    url = f"{page(sitting)}/floor/turns/{turn.id}"
    assert post(clerk, url, {"stance": "con", "gist": ""}).status_code == 422
    assert post(clerk, url, {"stance": "con", "gist": "Slowly."}).status_code == 302
    assert "Slowly." in text_of(member.get(page(sitting)))


def test_laying_out_the_minutes_is_read_back_with_what_nobody_wrote_down(
    world: World, sitting: Sitting, browser: Callable[[str], FlaskClient]
) -> None:
    do(lambda: floor.ask(sitting.item, world["M01"], "pro", actor=world["M01"]))
    do(lambda: floor.give(sitting.item, actor=world["P01"]))
    do(lambda: services.close_meeting(sitting.meeting, actor=world["P01"]))
    clerk, url = browser("C01"), f"{page(sitting)}/minutes/lay-out"
    assert f'href="{url}"' in clerk.get(f"{page(sitting)}/minutes/").text
    assert "1 speech is not written down yet." in text_of(clerk.get(url))
    assert post(clerk, url).status_code == 302
    db.session.rollback()
    assert sitting.meeting.state == "minuted"
    answer = text_of(browser("M01").get(page(sitting)))
    assert "Read the minutes" in answer.partition("Council session")[2].partition("Put it into my calendar")[0]


def test_the_public_and_the_wall_see_the_seat_and_the_time_and_no_list(
    world: World, sitting: Sitting, client: FlaskClient, browser: Callable[[str], FlaskClient]
) -> None:
    for code in ("M01", "M02"):
        do(lambda code=code: floor.ask(sitting.item, world[code], "pro", actor=world[code]))
    do(lambda: floor.give(sitting.item, actor=world["P01"]))
    for address in (page(sitting), page(sitting) + "/screen", page(sitting) + "/screen/now"):
        answer = in_english(client).get(address)
        seen = text_of(answer)
        assert "Has the floor" in seen and "since 14:30, until 14:32" in seen and "M01" not in seen and "M02" not in seen
    assert f'data-until="{int((NOW + timedelta(minutes=2)).timestamp() * 1000)}"' in answer.text
    assert answer.headers["X-Now"] == str(int(NOW.timestamp() * 1000))


def test_the_pulse_changes_with_the_log_and_with_the_list(world: World, sitting: Sitting, client: FlaskClient, app: Flask) -> None:
    address = page(sitting) + "/screen/pulse"
    client.get(address)
    with statements(app) as sent:
        first = client.get(address)
    assert len([one for one in sent if one.startswith("SELECT")]) == 3
    assert first.text == client.get(page(sitting) + "/screen/pulse").text and first.headers["Cache-Control"] == "no-store"
    do(lambda: floor.ask(sitting.item, world["M01"], "pro", actor=world["M01"]))
    second = client.get(page(sitting) + "/screen/pulse").text
    do(lambda: floor.give(sitting.item, actor=world["P01"]))
    third = client.get(page(sitting) + "/screen/pulse").text
    assert len({first.text, second, third}) == 3
    assert client.get("/c/mochou/meetings/99999999999999999999/screen/pulse").status_code == 404


def test_a_page_knows_the_pulse_it_was_made_at(world: World, sitting: Sitting, browser: Callable[[str], FlaskClient]) -> None:
    member = browser("M02")
    pulse = member.get(page(sitting) + "/screen/pulse").text
    assert f'data-seen="{pulse}"' in member.get(page(sitting)).text


def test_a_member_on_two_devices_asks_once_and_is_in_the_room_once(
    world: World, browser: Callable[[str], FlaskClient]
) -> None:
    with_rules(world, remote_vote=True)
    with clock.frozen(NOW):
        sitting = sitting_of(world, here=20)
        late = next(row.person for row in floor.roster(sitting.meeting) if row.state == Presence.EXPECTED)
        code = next(code for code, person in world.people.items() if person.id == late.id)
        telephone, laptop = browser(code), browser(code)
        for device in (telephone, laptop):
            assert post(device, page(sitting) + "/sign-in", page=page(sitting)).status_code == 302
        for device in (telephone, laptop):
            assert tap(sitting, device, "ask", stance="pro") == 302
        assert len(hands()) == 1
        stays = db.session.scalars(db.select(Stay).filter_by(person_id=late.id)).all()
        assert len(stays) == 1
        assert tap(sitting, laptop, "withdraw") == 302 and tap(sitting, telephone, "withdraw") == 302
        assert hands() == []


def test_two_taps_on_one_button_and_two_clerks_double_nothing(
    world: World, sitting: Sitting, browser: Callable[[str], FlaskClient]
) -> None:
    first, second, chair = browser("C01"), browser("C01"), browser("P01")
    members = {"speaker": world["M01"].id, "stance": "con"}
    for clerk in (first, second):
        assert post(clerk, at_floor(sitting, "enter"), members).status_code == 302
    assert [hand.person_id for hand in hands()] == [world["M01"].id]
    key = {"once": "o" * 22, "csrf_token": token(chair, page(sitting))}
    for _tap in range(2):
        assert chair.post(at_floor(sitting, "give"), data=key).status_code == 302
    assert tap(sitting, chair, "give") == 409
    assert tap(sitting, first, "end") == 302 and tap(sitting, second, "end") == 409
    turn = only_turn()
    url = f"{page(sitting)}/floor/turns/{turn.id}"
    words = {"stance": "con", "gist": "What the second clerk typed."}
    assert post(first, url, {**words, "gist": "Slowly."}).status_code == 302
    late = post(second, url, words)
    assert late.status_code == 409 and "What the second clerk typed." in late.text
    db.session.rollback()
    assert len(db.session.scalars(db.select(Speech)).all()) == 1


@pytest.mark.parametrize("sent", [{}, {"stance": "x"}, {"stance": "pro\x00"}, {"stance": "p" * 4000}, {"stance": "赞成"}])
def test_bad_stances_are_refused_in_words(sitting: Sitting, browser: Callable[[str], FlaskClient], sent: dict[str, str]) -> None:
    assert tap(sitting, browser("M01"), "ask", **sent) == 422 and hands() == []


@pytest.mark.parametrize("who", ["0", "-1", "99999999999999999999", "x", "", "³"])
def test_the_clerk_takes_nobody_off_who_is_not_on_the_roster(
    sitting: Sitting, browser: Callable[[str], FlaskClient], who: str
) -> None:
    assert tap(sitting, browser("C01"), "withdraw", person=who) == 404


@pytest.mark.parametrize("act", ["ask", "withdraw", "give", "end"])
def test_strangers_residents_and_other_sessions_get_nowhere(
    sitting: Sitting, client: FlaskClient, browser: Callable[[str], FlaskClient], act: str
) -> None:
    assert tap(sitting, client, act, stance="pro") in (302, 401, 403) and hands() == []
    assert tap(sitting, browser("R01"), act, stance="pro") == 403 and hands() == []
    wrong = at_floor(sitting, act).replace(f"floor/{sitting.item.id}", "floor/999")
    assert post(browser("P01"), wrong, {"stance": "pro"}, page=page(sitting)).status_code == 404


@pytest.mark.parametrize("turn", ["0", "999", "99999999999999999999"])
def test_no_turn_no_page(sitting: Sitting, browser: Callable[[str], FlaskClient], turn: str) -> None:
    assert browser("C01").get(f"{page(sitting)}/floor/turns/{turn}").status_code == 404


def test_the_page_costs_the_same_with_one_hand_and_with_fifteen(
    app: Flask, world: World, sitting: Sitting, browser: Callable[[str], FlaskClient]
) -> None:
    clerk = browser("C01")

    def cost() -> int:
        clerk.get(page(sitting))
        with statements(app) as sent:
            assert clerk.get(page(sitting)).status_code == 200
        return len(sent)

    do(lambda: floor.ask(sitting.item, world["M01"], "pro", actor=world["M01"]))
    one = cost()
    for n in range(2, 16):
        do(lambda n=n: floor.ask(sitting.item, world[f"M{n:02d}"], "con", actor=world[f"M{n:02d}"]))
    assert cost() == one


def test_the_clerk_prints_a_sheet_each_for_roster_votes_and_speeches(
    world: World, sitting: Sitting, client: FlaskClient, browser: Callable[[str], FlaskClient]
) -> None:
    clerk = browser("C01")
    assert "Print sheets for the room" in text_of(clerk.get(page(sitting)))
    sheets = clerk.get(page(sitting) + "/floor/sheets").text
    assert sheets.count('class="room-sheet"') == 3 and sheets.count("<td>M07</td>") == 2
    assert "With 14 here the council can vote." in sheets and "2 times 2 minutes" in sheets
    for other in (client, browser("M01"), browser("R01")):
        assert "M07" not in source_of(other.get(page(sitting) + "/floor/sheets"))
    assert clerk.get("/c/mochou/meetings/999/floor/sheets").status_code == 404
