"""The pages of tasks: what stands on them, who may do what, bad input, and their cost."""

from __future__ import annotations

from datetime import date

import pytest

from deliberation.implementation import services
from deliberation.implementation.kinds import Grade
from deliberation.implementation.models import Progress, Satisfaction, Task
from deliberation.kernel import clock
from deliberation.people.permissions import Office
from tests.builders import appoint, at, do
from tests.implementation.matters import implementing, set_task
from tests.web import in_english, post, sign_in, statements, text_of

HOUSEHOLD = "The household on the left refused twice."
TODAY = at("2026-04-24T10:00")
LATER = at("2026-05-30T10:00")
TASKS = "/c/mochou/agenda/2026-1/tasks"
INDEX = "/c/mochou/tasks"


@pytest.fixture
def matter(world):
    made, _ = implementing(world)
    return made


@pytest.fixture
def visit(world, new_client):
    """``visit("V01")`` is that person's browser, ``visit()`` a stranger's; in English, on 24 April."""
    def one(code=None):
        client = in_english(new_client())
        return sign_in(client, world.account(code)) if code else client

    with clock.frozen(TODAY):
        yield one


def cleared(world, matter):
    """A task of 32 beds with three reports, one of them with a note that names a household."""
    task = set_task(world, matter, what="Clear 32 beds", total=32, unit="beds", point_key="p2")
    with clock.frozen(TODAY):
        for day, left, note in ((13, 29, None), (14, 26, None), (15, 27, HOUSEHOLD)):
            do(lambda day=day, left=left, note=note: services.report(
                task, on_day=date(2026, 4, day), remaining=left, note=note, actor=world["V01"]))  # fmt: skip
    return task


def test_everybody_sees_counts_and_nobody_but_the_desk_sees_notes(world, matter, visit):
    cleared(world, matter)
    for code in (None, "R01", "M01", "D01"):
        shown = text_of(visit(code).get(TASKS))
        assert "27 of 32 beds remain" in shown and "There is a note; it is not public" in shown
        assert HOUSEHOLD not in shown
    for code in ("V01", "C01", "S01"):
        assert HOUSEHOLD in text_of(visit(code).get(TASKS))


def test_a_resident_unit_reads_the_notes_on_its_own_tasks_only(world, matter, visit):
    appoint(world, "R02", Office.UNIT)
    cleared(world, matter)
    own = set_task(world, matter, what="Power points", owner_kind="resident_unit", owner="The school")
    with clock.frozen(TODAY):
        do(lambda: services.report(own, on_day=date(2026, 4, 14), note="Behind the gate.", actor=world["R02"]))
    shown = text_of(visit("R02").get(TASKS))
    assert "Behind the gate." in shown
    assert HOUSEHOLD not in shown


def test_the_chart_has_a_twin_in_words(world, matter, visit):
    cleared(world, matter)
    page = visit().get(TASKS).text
    assert 'aria-label="What remained, from 29 on April 13, 2026 to 27 on April 15, 2026"' in page
    assert page.count('class="bar-for"') == 3
    assert "style=" not in page and "<script>" not in page


def test_the_list_is_by_due_date_and_says_overdue_in_words(world, matter, visit):
    set_task(world, matter, what="Later", due_on=date(2026, 6, 1))
    set_task(world, matter, what="Sooner")
    shown = text_of(visit().get(INDEX))
    assert shown.index("T2 Sooner") < shown.index("T1 Later")
    assert "2 tasks are running. 1 of them is overdue." in shown
    assert shown.count("Overdue by 2 days") == 1


def test_an_empty_list_says_what_would_come(world, visit):
    assert "No task is running." in text_of(visit().get(INDEX))


def test_a_task_is_set_reported_and_declared_done_in_the_browser(app, world, matter, visit):
    secretary, station = visit("S01"), visit("V01")
    answer = post(secretary, f"{TASKS}/new", {
        "what": "Clear 2 beds", "kind": "work", "owner_kind": "station", "owner": "Station", "due_on": "2026-05-01",
        "point_key": "p2", "comments": ["2"], "total": "2", "unit": "beds",
    })  # fmt: skip
    assert (answer.status_code, answer.headers["Location"]) == (302, TASKS)
    shown = text_of(secretary.get(TASKS))
    assert "Carries out point 2" in shown and "From comments C-02" in shown
    assert post(station, f"{TASKS}/1/report", {"on_day": "2026-04-24", "remaining": "0"}).status_code == 302
    assert post(station, f"{TASKS}/1/complete", {"on_day": "2026-04-24"}).status_code == 302
    assert "1 of 1 tasks are done." in text_of(secretary.get(TASKS))
    assert post(secretary, "/c/mochou/agenda/2026-1/close", page=TASKS).status_code == 302
    assert "Carried out and closed." in text_of(secretary.get(TASKS))


def test_closing_too_early_names_the_tasks(world, matter, visit):
    set_task(world, matter)
    secretary = visit("S01")
    assert "The matter can be closed when these are done: T1." in text_of(secretary.get(TASKS))
    answer = post(secretary, "/c/mochou/agenda/2026-1/close", page=TASKS)
    assert answer.status_code == 409
    assert "These tasks are not done yet: T1." in text_of(answer)


def test_a_form_handed_in_twice_makes_one_task(app, world, matter, visit):
    secretary = visit("S01")
    data = {"what": "Clear", "kind": "work", "owner_kind": "station", "owner": "Station", "due_on": "2026-05-01", "once": "x" * 20}
    assert [post(secretary, f"{TASKS}/new", data).status_code for _ in range(2)] == [302, 302]
    with app.app_context():
        assert rows(app) == (1, 0, 0)


def rows(app):
    with app.app_context():
        return tuple(app.extensions["sqlalchemy"].session.query(model).count() for model in (Task, Progress, Satisfaction))


HOSTILE = ["\x00", "x" * 5000, "<script>alert(1)</script>" * 200, "9" * 400, "-1", "1e9", "2026-02-30", "' OR 1=1 --"]
GOOD_TASK = {"what": "Clear", "kind": "work", "owner_kind": "station", "owner": "Station", "due_on": "2026-05-01"}
FORMS = [
    ("S01", f"{TASKS}/new", {**GOOD_TASK, "point_key": "p1", "comments": "1", "total": "3", "unit": "beds"}),
    ("V01", f"{TASKS}/1/report", {"on_day": "2026-04-24", "remaining": "3", "note": "n"}),
    ("V01", f"{TASKS}/1/complete", {"on_day": "2026-04-24", "note": "n"}),
    ("R01", "/c/mochou/agenda/2026-1/satisfaction", {"grade": "satisfied"}),
    ("C01", "/c/mochou/agenda/2026-1/satisfaction/slips", dict.fromkeys(list(Grade), "1")),
]


@pytest.mark.parametrize(("code", "url", "good"), FORMS, ids=[url.rpartition("/")[2] for _, url, _ in FORMS])
def test_hostile_values_are_refused_in_words_and_write_nothing(app, world, matter, visit, code, url, good):
    set_task(world, matter, total=5)
    client, before = visit(code), rows(app)
    texts = {"what", "owner", "unit", "note"}
    for field in good:
        for value in HOSTILE if field not in texts else ["\x00", "x" * 5000]:
            answer = post(client, url, {**good, field: value})
            assert answer.status_code == 422, (field, value, answer.status_code)
            assert "Please look at these places again" in text_of(answer)
    assert rows(app) == before


@pytest.mark.parametrize(("code", "url", "good"), FORMS, ids=[url.rpartition("/")[2] for _, url, _ in FORMS])
def test_an_empty_form_is_said_at_its_fields_and_keeps_the_rest(app, world, matter, visit, code, url, good):
    set_task(world, matter, total=5)
    client, before = visit(code), rows(app)
    answer = post(client, url, {"what": "Keep this text"} if "what" in good else {})
    assert answer.status_code == 422
    assert "Please correct" in text_of(answer)
    assert "what" not in good or 'value="Keep this text"' in answer.text
    assert rows(app) == before


@pytest.mark.parametrize(("code", "url", "good"), FORMS, ids=[url.rpartition("/")[2] for _, url, _ in FORMS])
def test_the_forms_are_closed_to_those_who_may_not_hand_them_in(app, world, matter, visit, code, url, good):
    set_task(world, matter, total=5)
    before = rows(app)
    closed_to = {"S01": ("R01", "M01", "V01", "C01"), "V01": ("R01", "M01"), "R01": (), "C01": ("R01", "M01")}[code]
    for other in (None, *closed_to):
        client = visit(other)
        assert (client.get(url).status_code, post(client, url, good, page=TASKS).status_code) == (403, 403)
    assert visit(code).get(url).status_code == 200
    assert rows(app) == before


@pytest.mark.parametrize("url", [
    "/c/elsewhere/tasks", "/c/mochou/agenda/2026-99/tasks", "/c/mochou/agenda/x/tasks", f"{TASKS}/99/report",
    f"{TASKS}/99999999999999999999/complete", "/c/mochou/agenda/2025-1/satisfaction",
])  # fmt: skip
def test_what_does_not_exist_is_not_found(world, matter, visit, url):
    assert visit("S01").get(url).status_code == 404


def test_a_resident_answers_in_the_browser_once(app, world, matter, visit):
    resident = visit("R01")
    assert "Say how satisfied you are" in text_of(resident.get(TASKS))
    url = "/c/mochou/agenda/2026-1/satisfaction"
    assert post(resident, url, {"grade": "basically"}).status_code == 302
    shown = text_of(resident.get(TASKS))
    assert "1 answer so far." in shown and "Say how satisfied you are" not in shown
    answer = post(resident, url, {"grade": "satisfied"})
    assert (answer.status_code, rows(app)[2]) == (409, 1)
    assert "You have answered already." in text_of(answer)


def test_thirty_tasks_cost_as_many_statements_as_one(app, world, matter, visit):
    client, counts = visit(), {}
    cleared(world, matter)
    client.get(INDEX)
    for n in (1, 30):
        for _ in range(n - 1):
            cleared_again = set_task(world, matter, total=9, comments=[])
            with clock.frozen(TODAY):
                do(lambda t=cleared_again: services.report(t, on_day=date(2026, 4, 20), remaining=3, note="n", actor=world["V01"]))
        for url in (INDEX, TASKS):
            with statements(app) as sent:
                assert client.get(url).status_code == 200
            counts.setdefault(url, []).append(len(sent))
    assert [one for one, thirty in counts.values()] == [thirty for one, thirty in counts.values()]


def test_thirty_comments_cost_the_form_as_many_statements_as_one(app, world, new_client):
    counts = []
    for n, year in ((1, "2026-1"), (30, "2026-2")):
        implementing(world, title=f"With {n}", comments=[("support", f"Comment {k}") for k in range(n)])
        client = sign_in(in_english(new_client()), world.account("S01"))
        client.get(INDEX)
        with clock.frozen(TODAY), statements(app) as sent:
            assert client.get(f"/c/mochou/agenda/{year}/tasks/new").text.count('name="comments"') == n
        counts.append(len(sent))
    assert counts[0] == counts[1]
