"""Who stands on the list of a round: one person once, nobody who is rated. Who may do what at its desk; what is erased."""

from __future__ import annotations

import pytest

from deliberation.audit import ledger
from deliberation.evaluations import queries, services, sorting
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import Forbidden, Refused
from deliberation.meetings import services as meetings
from deliberation.people import services as people
from deliberation.people.models import Person
from tests.audit.test_verifying import tamper
from tests.builders import do
from tests.evaluations.rounds import HELD, PLANNED, called, opened, planned
from tests.evaluations.test_services import holds, log_of
from tests.web import in_english, post, sign_in, statements, text_of

BASE = "/c/mochou/evaluations"


def test_one_person_stands_on_the_list_once_by_sign_in_or_by_name(world, new_client):
    """Listed by name, then by sign-in: once only. Whoever is refused is entered nowhere."""
    with clock.frozen(PLANNED):
        round_ = planned(world)
        do(lambda: services.add_subject(round_, "council", "The council", actor=world["S01"]))
        here, clerk = f"{BASE}/{round_.id}/raters", in_english(sign_in(new_client(), world.account("C01")))
        login = world.account("R01")
        known = db.session.query(Person).count()
        wrong = ("N1\nN 1", "N1\nｎ1", "M01", "m 01", "N\u200b1")
        for names in wrong:
            assert post(clerk, here, {"names": names}).status_code == 422, names
        assert post(clerk, here, {"logins": login, "names": "R 01"}).status_code == 422
        assert post(clerk, here, {"logins": f"{login}\n{login.upper()}"}).status_code == 422
        db.session.rollback()
        assert db.session.query(Person).count() == known
        assert post(clerk, here, {"names": "R01"}).status_code == 302
        refused = post(clerk, here, {"logins": login})
        assert refused.status_code == 422 and "“R01” stands on the list by name already" in text_of(refused)
        db.session.rollback()
        assert [one.name for one in queries.raters(round_)] == ["R01"]
        called(world, round_)
    with clock.frozen(HELD):
        do(lambda: meetings.open_meeting(round_.meeting, actor=world["P01"]))
        poll, chair = do(lambda: services.put(round_, actor=world["P01"])), in_english(sign_in(new_client(), world.account("P01")))
        page = text_of(chair.get(f"/c/mochou/secret/{poll.id}/keepers"))
        assert "This vote rates the council, and its own members keep the sheets" in page


def test_a_namesake_of_who_is_rated_later_stops_the_round(world):
    with clock.frozen(PLANNED):
        round_ = planned(world, group="branch", scale="appraisal")
        same = do(lambda: people.add_person("Ｍ 05"))
        do(lambda: services.list_raters(round_, [same], actor=world["C01"]))
        with pytest.raises(Refused, match="called like one who is rated"):
            do(lambda: services.add_subject(round_, "member", person=world["M05"], actor=world["S01"]))


ALL = {"P01", "S01", "M01", "C01", "V01", "K01", "D01", "A01", "R01", ""}
CALL, DESK, PROMISE = {"P01", "S01"}, {"S01", "C01"}, {"P01", "S01", "V01", "K01"}


def test_who_may_do_what_at_the_desk_of_a_round(world, new_client):
    """Every page and every press of the room, for every office and for nobody: exactly those are let in."""
    with clock.frozen(HELD):
        rated = opened(world, 6)
        for n, rater in enumerate(rated.raters):
            rated.by_phone(rater, f"1:{1 + n % 2}", "It is dark")
        rated.counted()
        finding = do(lambda: sorting.find(rated.round, "The lamp is out.", actor=world["C01"]))
        here, said = f"{BASE}/{rated.round.id}", queries.comments(rated.round)[0].id
        pages = {
            f"{BASE}/": ALL, here: ALL, f"{BASE}/new/{rated.round.meeting_id}": CALL, f"{here}/rated": CALL,
            f"{here}/rated/service": CALL, f"{here}/raters": DESK, f"{here}/publish": DESK | {"P01"}, f"{here}/comments": DESK,
            f"{here}/comments/typed": DESK, f"{here}/comments/{said}": DESK, f"{here}/comments/{said}/erase": DESK,
            f"{here}/findings/new": DESK, f"{here}/findings/{finding.id}": DESK, f"{here}/findings/{finding.id}/merge": DESK,
            f"{here}/promises/new": PROMISE,
        }  # fmt: skip
        presses = {f"{here}/put": {"P01"}, f"{here}/rated/1/drop": CALL, f"{here}/raters/{rated.raters[0].id}/drop": DESK}
        may, pressed = {url: set() for url in pages}, {url: {} for url in presses}
        for code in sorted(ALL):
            client = sign_in(new_client(), world.account(code)) if code else new_client()
            for url in pages:
                answer = client.get(url)
                if answer.status_code == 200 or answer.headers.get("Location", "") == here:
                    may[url].add(code)
            for url in presses:
                pressed[url][code] = post(client, url, page="/about").status_code
        assert may == pages
        for url, allowed in presses.items():
            assert pressed[url] == {code: 409 if code in allowed else 403 for code in ALL}, "too late for those who might"


def test_an_erased_comment_is_gone_and_its_finding_stands(world, app, tmp_path, new_client):
    """Only the desk erases, once; afterwards no row, no page and no line of the ledger has a word of it; the log still holds."""
    app.config["ERASURE_LEDGER"] = str(tmp_path / "erasures.ledger")
    with clock.frozen(HELD):
        rated = opened(world, 7)
        for n, rater in enumerate(rated.raters):
            rated.by_phone(rater, f"1:{1 + n % 2}", "Lamp" if n < 6 else "Mr Li is late")
        rated.counted()
        clerk, finding = world["C01"], do(lambda: sorting.find(rated.round, "The lamp is out.", actor=world["C01"]))
        for one in queries.comments(rated.round):
            do(lambda one=one: sorting.settle(one, finding=finding, actor=clerk))
        do(lambda: services.publish(rated.round, actor=clerk))
        said = next(one for one in queries.comments(rated.round) if one.text.value == "Mr Li is late")
        for code in ("P01", "M01", "A01"):
            with pytest.raises(Forbidden):
                do(lambda code=code: sorting.erase(said, actor=world[code]))
        here, reader = f"{BASE}/{rated.round.id}", in_english(sign_in(new_client(), world.account("C01")))
        assert post(reader, f"{here}/comments/{said.id}/erase").status_code == 302
        assert post(reader, f"{here}/comments/{said.id}/erase").status_code == 409, "once"
        db.session.rollback()
        db.session.expire_all()
        assert (said.text.value, said.text.salt, said.finding_id) == (None, None, finding.id)
        assert len(ledger.read(tmp_path / "erasures.ledger")) == 1
        assert "Li is late" not in (tmp_path / "erasures.ledger").read_text() + reader.get(f"{here}/comments").text + log_of(world)
        assert "From 7 comments" in text_of(reader.get(here)), "where it was sorted to stays"
        holds()


def test_the_list_of_rounds_costs_no_more_with_more_of_them(world, app, new_client):
    with clock.frozen(HELD):
        rated = opened(world, 5)
        for n, rater in enumerate(rated.raters):
            rated.by_phone(rater, f"1:{1 + n % 2}")
        rated.published()
        reader, costs = in_english(sign_in(new_client(), world.account("C01"))), []
        kept = "council_id, meeting_id, title, rater_group, scale, least, published_at, published_by_id"
        for more in ("", f"INSERT INTO rating_round (id, number, poll_id, {kept}) SELECT id + 9, 9, 99, {kept} FROM rating_round"):
            db.session.rollback()
            tamper(*filter(None, [more]))
            with statements(app) as sent:
                assert text_of(reader.get(f"{BASE}/")).count("The year 2026") == (2 if more else 1)
            costs.append(len(sent))
    assert costs[0] == costs[1]
