"""The pages of the room: who sees what, the receipt's code, forms with bad input, constant cost."""

import secrets

import pytest

from deliberation.appeals import services
from deliberation.appeals.models import Appeal, AppealRating, AppealReply, ContactAttempt
from deliberation.audit.models import Entry
from deliberation.extensions import db
from deliberation.kernel import clock
from tests.builders import at, do, make_world
from tests.web import in_english, post, sign_in, statements, text_of

ROOT = "/c/mochou/appeals"
TEXT, NAME, PHONE, REPLY, NOTE = "canary words", "Canary Zhou", "13800138000", "canary reply", "canary note"
SECRETS = (TEXT, NAME, PHONE, REPLY, NOTE)


@pytest.fixture(autouse=True)
def morning():
    with clock.frozen(at("2026-01-12T09:20")):
        yield


def taken_down(world, **more):
    given = {"channel": "phone", "text": TEXT, "name": NAME, "contact": PHONE, "actor": world["V01"], **more}
    return do(lambda: services.file(world.council, **given))


def handled(world):
    """An appeal with everything that must not be seen."""
    filed = taken_down(world)
    do(lambda: services.note_attempt(filed.appeal, means="phone", note=NOTE, actor=world["V01"]))
    do(lambda: services.answer(filed.appeal, REPLY, actor=world["V01"]))
    return filed


def counts():
    db.session.rollback()
    tables = (Appeal, AppealReply, ContactAttempt, AppealRating, Entry)
    return [db.session.scalar(db.select(db.func.count()).select_from(table)) for table in tables]


def test_a_resident_files_online_and_reads_the_code_exactly_once(world, client):
    in_english(sign_in(client, world.account("R01")))
    answer = post(client, f"{ROOT}/new", {"text": TEXT, "contact": PHONE})
    assert answer.location == f"{ROOT}/QS-2026-0001/receipt"
    first, second = text_of(client.get(answer.location)), text_of(client.get(answer.location))
    assert "The code is shown only this once" in first and "QS-2026-0001" in first
    assert "The code is shown only this once" not in second and "QS-2026-0001" in second
    assert TEXT in text_of(client.get(ROOT))
    assert f'href="{ROOT}/QS-2026-0001"' in client.get("/me/").text


def test_handing_in_twice_files_once(world, client):
    sign_in(client, world.account("R01"))
    data = {"text": TEXT, "once": secrets.token_urlsafe(16)}
    first, second = post(client, f"{ROOT}/new", data), post(client, f"{ROOT}/new", data)
    assert (first.location, counts()[0]) == (second.location, 1)


@pytest.mark.parametrize("code", [None, "R02", "M01", "P01", "D01", "K01", "A01"])
def test_nobody_but_desk_and_author_reads_a_word(world, client, code):
    handled(world)
    if code:
        sign_in(client, world.account(code))
    for url in (ROOT, f"{ROOT}/QS-2026-0001"):
        answer = client.get(url)
        assert "QS-2026-0001" in answer.text
        assert [secret for secret in SECRETS if secret in answer.text] == []
    for url in ("receipt", "answer", "interim", "decline", "refer", "attempt", "rate", "rate-from-paper"):
        answer = client.get(f"{ROOT}/QS-2026-0001/{url}")
        assert (url, answer.status_code) == (url, 403)
        assert [secret for secret in SECRETS if secret in answer.text] == []
    for url in ("take-down", "merge") if code else ("new", "take-down", "merge"):
        assert (url, client.get(f"{ROOT}/{url}").status_code) == (url, 403)


def test_no_entry_of_the_log_holds_a_word(world):
    filed = handled(world)
    bodies = b" ".join(bytes(body) for body in db.session.scalars(db.select(Entry.body)))
    assert b"appeal.answer" in bodies
    assert [secret for secret in (*SECRETS, filed.code) if secret.encode() in bodies] == []


@pytest.mark.parametrize("code", ["V01", "C01", "S01"])
def test_the_desk_reads_everything(world, client, code):
    handled(world)
    sign_in(client, world.account(code))
    shown = client.get(f"{ROOT}/QS-2026-0001").text
    assert [secret for secret in SECRETS if secret not in shown] == []


def test_number_and_code_open_the_appeal_on_this_browser_until_it_is_closed(world, client, new_client):
    filed = handled(world)
    in_english(client)
    wrong = post(client, f"{ROOT}/look-up", {"no": "QS-2026-0001", "code": "AAAA-AAAA"})
    assert wrong.status_code == 422
    assert "Number and code do not belong together" in text_of(wrong) and 'value="QS-2026-0001"' in wrong.text
    opened = post(client, f"{ROOT}/look-up", {"no": "qs-2026-0001", "code": filed.code})
    assert opened.location == f"{ROOT}/QS-2026-0001"
    page = client.get(opened.location)
    assert TEXT in page.text and REPLY in page.text and page.headers["Cache-Control"] == "no-store"
    # the desk's notes, and the number that somebody else may have given, are not the holder's of a code
    assert NOTE not in page.text and PHONE not in page.text
    assert TEXT not in new_client().get(opened.location).text
    post(client, f"{ROOT}/close-all", page=ROOT)
    assert TEXT not in client.get(opened.location).text


def test_the_holder_of_the_code_rates_without_an_account(world, client):
    filed = handled(world)
    in_english(client)
    post(client, f"{ROOT}/look-up", {"no": "QS-2026-0001", "code": filed.code})
    answer = post(client, f"{ROOT}/QS-2026-0001/rate", {"grade": "satisfied"})
    assert answer.location == f"{ROOT}/QS-2026-0001"
    assert "Rated: Satisfied" in text_of(client.get(answer.location))
    again = post(client, f"{ROOT}/QS-2026-0001/rate", {"grade": "satisfied"})
    assert again.status_code == 409
    assert "rated already" in text_of(again)


def test_the_desk_walks_an_appeal_from_receipt_to_rating(world, client):
    do(lambda: services.file(world.council, channel="online", text=TEXT, actor=world["R01"]))
    one = f"{ROOT}/QS-2026-0001"
    in_english(sign_in(client, world.account("V01")))
    steps = (
        ("take", {}, "The receipt was given."),
        ("interim", {"text": "soon", "reason": "in March", "extends_to": "2026-04-30"}, "new day is public"),
        ("attempt", {"means": "phone", "note": ""}, "The attempt was recorded."),
        ("answer", {"text": REPLY, "means": "direct"}, "The final reply was recorded."),
        ("rate-from-paper", {"grade": "satisfied"}, "The rating was recorded."),
    )
    for step, data, said in steps:
        answer = post(client, f"{one}/{step}", data, page=one)
        assert (step, answer.location) == (step, one)
        assert said in client.get(one).text
    shown = text_of(client.get(one))
    assert "in March" in shown and "due by April 30, 2026" in shown and "Rated: Satisfied" in shown


def test_acts_out_of_order_say_what_is_missing(world, client):
    handled(world)
    in_english(sign_in(client, world.account("V01")))
    one = f"{ROOT}/QS-2026-0001"
    for step in ("answer", "decline", "refer"):
        answer = post(client, f"{one}/{step}", {"text": "x", "means": "direct", "reason": "r", "to": "t"})
        assert (step, answer.status_code) == (step, 409)
        assert "This appeal has its final reply already." in text_of(answer)
    taken_down(world)
    answer = post(client, f"{ROOT}/QS-2026-0002/answer", {"text": "kept words", "means": "posted_notice"})
    assert answer.status_code == 409
    assert "recorded so far: 0" in text_of(answer) and "kept words" in answer.text


ODD = ("٣", "0001-01-01", "9999-12-31T23:59", "-1", "QS-2026-9999")
HOSTILE = ("", "x" * 5000, "\x00\x1b", "<script>alert(1)</script>" * 200, *ODD)
FIELDS = {
    "new": ("text", "contact"),
    "take-down": ("channel", "text", "name", "contact", "paper_no", "received_at"),
    "merge": ("appeals", "matter", "title", "problem"),
    "QS-2026-0001/interim": ("text", "reason", "extends_to"),
    "QS-2026-0001/answer": ("text", "means"),
    "QS-2026-0001/decline": ("reason", "text", "means"),
    "QS-2026-0001/refer": ("to", "reason", "text", "means"),
    "QS-2026-0001/attempt": ("means", "note"),
    "QS-2026-0001/rate-from-paper": ("grade",),
    "look-up": ("no", "code"),
}


@pytest.mark.parametrize("url", FIELDS)
def test_hostile_values_write_nothing_and_the_form_comes_back(world, client, url):
    taken_down(world)
    sign_in(client, world.account("C01"))
    before = counts()
    for value in HOSTILE:
        answer = post(client, f"{ROOT}/{url}", dict.fromkeys(FIELDS[url], value))
        if answer.status_code == 302:  # a harmless text where any text may stand
            assert url == "new" and value in ODD
            continue
        assert (value[:20], answer.status_code) in ((value[:20], 422), (value[:20], 409))
        assert f'name="{FIELDS[url][0]}"' in answer.text and "<script>alert" not in answer.text
    if url != "new":
        assert counts() == before


def test_a_days_field_says_in_words_what_it_wants(world, client):
    taken_down(world)
    in_english(sign_in(client, world.account("V01")))
    page = post(client, f"{ROOT}/QS-2026-0001/interim", {"text": "kept", "reason": "r", "extends_to": "soon"})
    assert "Please enter a day, for example 2026-04-22." in text_of(page) and "kept" in page.text
    page = post(client, f"{ROOT}/take-down", {"channel": "phone", "text": "x", "received_at": "yesterday"})
    assert "Please enter day and time, for example 2026-04-22 14:30." in text_of(page)


def test_a_new_matter_needs_title_and_problem(world, client):
    taken_down(world)
    in_english(sign_in(client, world.account("C01")))
    page = post(client, f"{ROOT}/merge", {"appeals": ["QS-2026-0001"], "matter": "new"})
    assert page.status_code == 422
    assert text_of(page).count("A new matter needs this.") == 4  # twice each: at the top, at the field


def test_unknown_and_foreign_appeals_are_the_same_404(world, client, app):
    other = make_world(slug="other", residents=1)
    do(lambda: services.file(other.council, channel="online", text=TEXT, actor=other["R01"]))
    sign_in(client, world.account("V01"))
    for no in ("QS-2026-0001", "QS-2026-0009", "QS-2026-1", "QS-2026-00001", "QS-0000-99999999999", "x", "1"):
        for url in ("", "/receipt", "/answer", "/rate"):
            answer = client.get(f"{ROOT}/{no}{url}")
            assert (no, url, answer.status_code) == (no, url, 404)
    assert client.get("/c/nowhere/appeals").status_code == 404


@pytest.mark.parametrize("page", ["0", "-3", "x", "99999999999999999999"])
def test_a_strange_page_number_shows_a_page(world, client, page):
    taken_down(world)
    assert f"{ROOT}/QS-2026-0001" in client.get(f"{ROOT}?page={page}").text


def test_the_register_turns_its_pages(world, client, monkeypatch):
    monkeypatch.setattr("deliberation.appeals.queries.PAGE", 2)
    for _ in range(3):
        taken_down(world)
    first, second = client.get(ROOT).text, client.get(f"{ROOT}?page=2").text
    listed = [[f"{ROOT}/QS-2026-000{n}" in page for n in (3, 2, 1)] for page in (first, second)]
    assert listed == [[True, True, False], [False, False, True]]


def test_thirty_appeals_cost_as_many_statements_as_one(world, client, new_client, app):
    sign_in(client, world.account("C01"))
    guest = new_client()

    def cost(browser, url):
        with statements(app) as sent:
            assert browser.get(url).status_code == 200
        return len(sent)

    def all_costs():
        return [cost(client, ROOT), cost(guest, ROOT), cost(client, f"{ROOT}/merge"), cost(client, f"{ROOT}/QS-2026-0001")]

    def one_more():
        appeal = taken_down(world).appeal
        first = db.session.get(Appeal, 1)
        do(lambda: services.note_attempt(first, means="phone", note=NOTE, actor=world["V01"]))
        return appeal

    one_more()
    client.get(ROOT)
    before = all_costs()
    for _ in range(29):
        one_more()
    assert all_costs() == before
