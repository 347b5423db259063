"""AT01: five appeals through five channels, with receipts, two clocks, and one interim reply each."""

from datetime import date

import pytest

from deliberation.appeals import queries, services
from deliberation.audit import queries as audit
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import Refused
from tests.appeals.case import CASE, NAME, PHONE, file_all
from tests.builders import at, do
from tests.web import in_english, post, sign_in, text_of


def test_at01_five_channels_give_five_numbers_and_their_due_days(world):
    filed = file_all(world)
    assert [one.appeal.no for one in filed] == [f"QS-2026-000{n}" for n in range(1, 6)]
    due = [date(2026, 2, 12), date(2026, 2, 12), date(2026, 2, 13), date(2026, 2, 24), date(2026, 2, 24)]
    assert [one.appeal.reply_due_on for one in filed] == due
    first = [date(2026, 1, 15), date(2026, 1, 15), date(2026, 1, 16), date(2026, 1, 20), date(2026, 1, 21)]
    assert [one.appeal.first_due_on for one in filed] == first


def test_at01_each_gets_a_receipt_that_names_who_holds_it(world):
    filed = file_all(world)
    online = filed[2].appeal
    assert [one.appeal.state for one in filed] == ["in_hand", "in_hand", "received", "in_hand", "in_hand"]
    with clock.frozen(at("2026-01-14T09:00")):
        do(lambda: services.take(online, actor=world["V01"]))
        for one in filed:
            (receipt,) = queries.detail(one.appeal, world.council, with_words=True).said
            assert (receipt.kind, str(receipt.text)) == ("receipt", "Your appeal is held by: Party-member service station.")
            assert not queries.detail(one.appeal, world.council, with_words=True).row.first.is_running


def test_at01_an_interim_reply_in_time_moves_the_clock_once_and_in_public(world):
    filed = file_all(world)
    reason = "拟于三月下旬由议事会讨论"
    with clock.frozen(at("2026-02-10T10:00")):
        for one in filed:
            do(
                lambda one=one: services.interim(
                    one.appeal, "已将您反映的问题列入议题。", reason=reason, extends_to=date(2026, 4, 30), actor=world["V01"]
                )
            )
        rows, _ = queries.register(world.council)
    assert {(row.final.due_on, row.is_extended, row.extension_reason) for row in rows} == {(date(2026, 4, 30), True, reason)}
    with clock.frozen(at("2026-02-11T10:00")), pytest.raises(Refused) as again:
        do(lambda: services.interim(filed[0].appeal, "x", reason="y", extends_to=date(2026, 5, 30), actor=world["V01"]))
    assert again.value.code == "extended_already"
    db.session.rollback()
    assert filed[0].appeal.reply_due_on == date(2026, 4, 30)


def test_at01_an_interim_reply_after_the_last_day_moves_nothing(world):
    filed = file_all(world)
    with clock.frozen(at("2026-02-13T00:00")), pytest.raises(Refused) as late:
        do(lambda: services.interim(filed[0].appeal, "x", reason="y", extends_to=date(2026, 4, 30), actor=world["V01"]))
    assert late.value.code == "too_late"
    db.session.rollback()
    with clock.frozen(at("2026-02-12T23:59")):
        do(lambda: services.interim(filed[0].appeal, "x", reason="y", extends_to=date(2026, 4, 30), actor=world["V01"]))
    assert filed[0].appeal.reply_due_on == date(2026, 4, 30)


def test_at01_telephone_numbers_are_on_no_public_page_and_in_no_entry(world, client):
    filed = file_all(world)
    with clock.frozen(at("2026-02-10T10:00")):
        do(
            lambda: services.interim(
                filed[0].appeal, f"call {PHONE}", reason="in March", extends_to=date(2026, 4, 30), actor=world["V01"]
            )
        )
        login = world.account("V01")
        in_english(client)
        pages = [client.get("/c/mochou/appeals")] + [client.get(f"/c/mochou/appeals/QS-2026-000{n}") for n in range(1, 6)]
        shown = " ".join(page.text for page in pages)
        assert "Extended" in shown and "in March" in shown
        for secret in (PHONE, NAME, *(text for _, _, text in CASE)):
            assert secret not in shown
        sign_in(client, login)
        page = client.get("/c/mochou/appeals/QS-2026-0001")
        assert PHONE in page.text and NAME in page.text and CASE[0][2] in text_of(page)
    bodies = " ".join(str(line.body) for line in audit.page(world.council.log_id, limit=500))
    assert "appeal.interim" in bodies
    for secret in (PHONE, NAME, "in March", *(text for _, _, text in CASE), *(one.code for one in filed)):
        assert secret not in bodies


def test_at01_the_desk_files_one_in_the_browser_and_prints_the_receipt(world, client):
    with clock.frozen(at("2026-01-12T09:30")):
        in_english(sign_in(client, world.account("V01")))
        data = {"channel": "walk_in", "text": CASE[0][2], "contact": PHONE, "received_at": "2026-01-12T09:20"}
        answer = post(client, "/c/mochou/appeals/take-down", data)
        assert answer.location == "/c/mochou/appeals/QS-2026-0001/receipt"
        receipt = text_of(client.get(answer.location))
        assert "QS-2026-0001" in receipt and "Party-member service station" in receipt and "February 12, 2026" in receipt
