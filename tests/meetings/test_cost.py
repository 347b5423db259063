"""The number of statements of a page does not depend on how many rows it shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from deliberation.agenda.services import hand_over, open_matter, write_plan
from deliberation.agenda.states import Act
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.meetings import minutes, services, speeches, votes
from deliberation.meetings.models import Speech
from deliberation.meetings.states import Presence
from deliberation.motions.amend import Op
from deliberation.voting import casting
from deliberation.voting.states import Choice
from tests.acceptance.session import Sitting, planned
from tests.builders import World, at, do
from tests.motions.debates import NOW, amendment, main, sitting_of
from tests.web import sign_in, statements


@pytest.fixture(autouse=True)
def in_the_session(app: Flask) -> Iterator[None]:
    with clock.frozen(NOW):
        yield


Readers = dict[str, FlaskClient]


@pytest.fixture
def readers(world: World, new_client: Callable[[], FlaskClient]) -> Readers:
    """A browser for somebody of the public, a member, the chair and the clerk."""
    browsers = {code: new_client() for code in ("", "M01", "P01", "C01")}
    for code, browser in browsers.items():
        if code:
            sign_in(browser, world.account(code))
    return browsers


def cost(app: Flask, readers: Readers, url: str) -> dict[str, int]:
    """How many statements the page takes for each reader."""
    db.session.rollback()
    found = {}
    for code, browser in readers.items():
        assert browser.get(url).status_code == 200
        with statements(app) as sent:
            assert browser.get(url).status_code == 200
        found[code] = len(sent)
    return found


def test_the_calendar(app: Flask, world: World, readers: Readers) -> None:
    sitting = sitting_of(world)
    before = cost(app, readers, "/c/mochou/meetings/")
    with clock.frozen(at("2026-03-20T09:00")):
        for _n in range(29):
            meeting = planned(world, sitting.matter)
            do(lambda meeting=meeting: services.call(meeting, actor=world["S01"]))
    assert cost(app, readers, "/c/mochou/meetings/") == before


def many_motions(sitting: Sitting) -> None:
    for n in range(29):
        mover, seconder = f"M{n % 19 + 1:02d}", f"M{(n + 7) % 19 + 1:02d}"
        amendment(sitting, Op.INSERT_AT_END, None, f"Paragraph {n}.", mover=mover, seconder=seconder)
        speaker = sitting.person(f"M{n % 19 + 1:02d}")
        do(lambda speaker=speaker: speeches.speak(sitting.item, speaker, "pro", "Yes.", actor=sitting.person("C01")))


def test_a_session_and_its_motions(app: Flask, world: World, readers: Readers) -> None:
    sitting = sitting_of(world)
    main(sitting)
    amendment(sitting, Op.REPLACE, "p1", "Eins.")
    do(lambda: speeches.speak(sitting.item, world["M19"], "con", "No.", actor=world["C01"]))
    urls = [f"/c/mochou/meetings/{sitting.meeting.id}", f"/c/mochou/agenda/{sitting.matter.no}/motions/",
            f"/c/mochou/agenda/{sitting.matter.no}/motions/A1"]  # fmt: skip
    before = [cost(app, readers, url) for url in urls]
    many_motions(sitting)
    assert [cost(app, readers, url) for url in urls] == before


def test_a_session_with_many_matters(app: Flask, world: World, readers: Readers) -> None:
    def matter(n: int) -> object:
        made = do(lambda: open_matter(world.council, title=f"Matter {n}", problem="Beds.", actor=world["S01"]))
        do(lambda: hand_over(made, Act.TO_COMMITTEE, actor=world["S01"]))
        do(lambda: write_plan(made, ["One."], powers="within", actor=world["S01"]))
        do(lambda: hand_over(made, Act.TO_COUNCIL, actor=world["S01"]))
        main(Sitting(world, made, None, {}))  # type: ignore[arg-type]
        return made

    def session(count: int, first: int) -> int:
        with clock.frozen(at("2026-03-20T09:00")):
            matters = [matter(first + n) for n in range(count)]
            meeting = do(lambda: services.plan(
                world.council, starts_at=at("2026-03-26T14:30"), place="Hall", matters=matters,  # type: ignore[arg-type]
                chair=world["P01"], clerk=world["C01"], actor=world["S01"],
            ))  # fmt: skip
            do(lambda: services.call(meeting, actor=world["S01"]))
            return int(meeting.id)

    one, many = session(1, 0), session(30, 1)
    for page in ("", "/notice", "/meeting.ics"):
        assert cost(app, readers, f"/c/mochou/meetings/{many}{page}") == cost(app, readers, f"/c/mochou/meetings/{one}{page}"), page


def test_the_minutes(app: Flask, world: World, readers: Readers) -> None:
    def held(fill: Callable[[Sitting], None], excused: int) -> str:
        sitting = sitting_of(world)
        main(sitting)
        fill(sitting)
        away = [row.person_id for row in services.roster(sitting.meeting)][21 - excused :]
        reasons, gone = dict.fromkeys(away, "At work."), dict.fromkeys(away, Presence.EXCUSED)
        do(lambda: services.note_attendance(sitting.meeting, gone, reasons=reasons, actor=world["C01"]))
        do(lambda: services.close_meeting(sitting.meeting, actor=world["P01"]))
        for speech in db.session.scalars(db.select(Speech).filter_by(meeting_id=sitting.meeting.id)).all():
            do(lambda id=speech.id: minutes.write(sitting.meeting, f"speech:{id}", "No.", number=0, actor=world["C01"]))
        return f"/c/mochou/meetings/{sitting.meeting.id}/minutes/"

    def few(sitting: Sitting) -> None:
        amendment(sitting, Op.REPLACE, "p1", "Eins.")
        do(lambda: speeches.speak(sitting.item, world["M01"], "con", "Not yet.", actor=world["C01"]))

    one, many = held(few, 1), held(many_motions, 1)
    more = held(few, 7)
    council = {code: browser for code, browser in readers.items() if code}
    assert cost(app, council, many) == cost(app, council, one) == cost(app, council, more)


def test_a_poll(app: Flask, world: World, readers: Readers) -> None:
    sitting = sitting_of(world)
    motion = main(sitting)
    poll = do(lambda: votes.put(motion, actor=world["P01"]))
    url = f"/c/mochou/polls/{poll.id}"
    do(lambda: casting.take_down(poll, {world["M01"].id: Choice.FOR}, actor=world["C01"]))
    before = cost(app, readers, url)
    others = {person.id: Choice.FOR for name, person in world.people.items() if name[0] in "PSM" and name != "M01"}
    do(lambda: casting.take_down(poll, others, actor=world["C01"]))
    assert cost(app, readers, url) == before
