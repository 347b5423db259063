"""Coming into the room with its code: scanned or typed, refused when it is wrong, old, another room's, or guessed at."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from deliberation.audit.models import Entry
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.meetings import services
from deliberation.meetings.door import Door, key_from
from deliberation.meetings.roster import stays
from tests.acceptance.session import Sitting
from tests.builders import PASSWORD, World
from tests.motions.debates import NOW, sitting_of
from tests.web import in_english, post, sign_in, text_of


@pytest.fixture(autouse=True)
def in_the_session(app: Flask) -> Iterator[None]:
    with clock.frozen(NOW):
        yield


@pytest.fixture
def room(world: World) -> Sitting:
    return sitting_of(world, here=14)


def test_a_code_is_good_while_it_stands_there_and_while_it_changes() -> None:
    door = Door(key_from("secret"), 7, 60)
    code, later = door.code(NOW), [NOW + timedelta(seconds=n) for n in (60, 120)]
    assert re.fullmatch(r"\d{6}", code)
    assert [door.opens(code, at) for at in (NOW, *later)] == [True, True, False]
    assert door.until(NOW) > NOW and door.code(door.until(NOW)) != code
    assert door.opens(f" {code[:3]} {code[3:]}".translate(str.maketrans("0123456789", "０１２３４５６７８９")), NOW)
    others = (Door(key_from("secret"), 8, 60), Door(key_from("other"), 7, 60))
    assert not any(other.opens(code, NOW) for other in others)
    assert not any(door.opens(wrong, NOW) for wrong in ("", code[:5], code + "0", "九九九九九九"))


def shown_to(client: FlaskClient, room: Sitting, more: int = 0) -> str:
    """The code, as this reader's wall shows it."""
    page = client.get(f"/c/mochou/meetings/{room.meeting.id + more}/screen").text
    found = re.search(r'door-digits">(\d{3} \d{3})<', page)
    return found[1] if found else ""


def absent(room: Sitting) -> str:
    ids = [row.person_id for row in services.roster(room.meeting) if row.state == "expected"]
    db.session.rollback()
    return next(code for code in room.world.people if code.startswith("M") and room.world[code].id in ids)


def test_who_scans_it_and_is_not_signed_in_comes_back_to_one_press(
    world: World, room: Sitting, new_client: Callable[[], FlaskClient]
) -> None:
    clerk, phone = sign_in(new_client(), world.account("C01")), in_english(new_client())
    who = absent(room)
    login = world.account(who)
    code = shown_to(clerk, room).replace(" ", "")
    assert code and not shown_to(phone, room), "the wall shows it to nobody but the clerk and the chair"
    here = f"/c/mochou/meetings/{room.meeting.id}/here"
    assert phone.get(f"{here}/{code}").location == here
    asked = phone.get(here).location
    assert asked.startswith("/login?next=")
    with clock.frozen(NOW + timedelta(minutes=4)):
        sent = {"login": login, "password": PASSWORD, "next": here}
        assert post(phone, "/login", sent, page=asked).location == here
        page = phone.get(here)
        assert "One press, and you are on the roster as present." in text_of(page) and f'value="{code}"' in page.text
        assert post(phone, here, {"code": code}, page=here).status_code == 302
        assert "You are on the roster as present." in text_of(phone.get(here))
    db.session.rollback()
    stay = stays(room.meeting)[-1]
    assert (stay.person_id, stay.channel, stay.came_at) == (world[who].id, "qr", NOW + timedelta(minutes=4))
    assert not [body for body in db.session.scalars(select(Entry.body)) if code in str(body)], "the code is nowhere in the log"


def test_wrong_old_and_foreign_codes_are_refused_and_ten_are_enough(
    app: Flask, world: World, room: Sitting, new_client: Callable[[], FlaskClient]
) -> None:
    clerk, phone = sign_in(new_client(), world.account("C01")), in_english(new_client())
    sign_in(phone, world.account(absent(room)))
    here = f"/c/mochou/meetings/{room.meeting.id}/here"
    good = shown_to(clerk, room)
    with clock.frozen(NOW - timedelta(minutes=5)):
        old = shown_to(clerk, room)
    assert good and old and good != old
    phone.get(f"{here}/{old.replace(' ', '')}")
    for wrong in (old, f"{(int(good.replace(' ', '')) + 1) % 10**6:06d}", "12"):
        answer = post(phone, here, {"code": wrong}, page=here)
        assert answer.status_code == 422 and "This is not the code of this room now." in text_of(answer), wrong
    for _time in range(7):
        post(phone, here, {"code": "x"}, page=here)
    assert "Too many tries." in text_of(post(phone, here, {"code": good}, page=here))
    assert len(stays(room.meeting)) == 14
    db.session.rollback()
    with clock.frozen(NOW + timedelta(minutes=16)):
        assert post(phone, here, {"code": shown_to(clerk, room)}, page=here).status_code == 302


def test_from_home_nobody_comes_and_no_resident_comes_at_all(
    world: World, room: Sitting, new_client: Callable[[], FlaskClient]
) -> None:
    clerk, member, resident = (in_english(sign_in(new_client(), world.account(code))) for code in ("C01", absent(room), "R01"))
    url = f"/c/mochou/meetings/{room.meeting.id}"
    assert post(member, f"{url}/sign-in", page="/about").status_code == 403
    assert member.get(f"{url}/door").status_code == 403 and member.get(f"{url}/door/now").text == ""
    refused = post(resident, f"{url}/here", {"code": shown_to(clerk, room)}, page=f"{url}/here")
    assert refused.status_code == 403 and "You are not on the roster of this meeting." in text_of(refused)
    with clock.frozen(NOW - timedelta(days=1)):
        assert not shown_to(clerk, room), "before its day the meeting has no code"
