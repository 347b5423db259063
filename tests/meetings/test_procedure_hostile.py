"""The forms of this procedure with the worst that people and machines send, met by walking the pages of a busy session."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from deliberation.agenda import challenges, proposals
from deliberation.kernel import clock
from deliberation.meetings import rulings
from deliberation.motions.amend import Op
from tests.acceptance.session import Sitting
from tests.builders import World, do
from tests.motions.debates import NOW, amendment, main, sitting_of, vote
from tests.test_bad_input import CANARY, WORST, forms_of, sent, state
from tests.web import sign_in

# Which of this part's forms each reader meets on that day.
MET = {
    "P01": {"procedure.postpone", "procedure.close_debate", "procedure.rule", "recusals.decide", "recusals.challenge",
            "proposals.new"},
    "S01": {"proposals.open_", "proposals.merge", "proposals.decline", "procedure.decide"},
    "M04": {"procedure.reconsider", "recusals.answer", "proposals.second", "procedure.appeal"},
}  # fmt: skip


@pytest.fixture(autouse=True)
def in_the_session(app: Flask) -> Iterator[None]:
    with clock.frozen(NOW):
        yield


@pytest.fixture
def busy(world: World) -> Sitting:
    """A session with something to do on every page of this part."""
    sitting = sitting_of(world)
    main(sitting)
    vote(sitting, amendment(sitting, Op.REPLACE, "p1", "Eins."))
    for _n in range(2):
        ruling = do(lambda: rulings.rule(sitting.item, "Yes.", "So.", actor=world["P01"]))
    do(lambda: rulings.appeal(ruling, actor=world["M07"]))
    first = do(lambda: challenges.challenge(sitting.matter, world["M04"], "Kin.", actor=world["M05"]))
    assert first.id
    answered = do(lambda: challenges.challenge(sitting.matter, world["M06"], "Kin.", actor=world["M05"]))
    do(lambda: challenges.answer(answered, sitting.matter, "No.", actor=world["M06"]))
    for _n in range(2):
        made = do(lambda: proposals.propose(world.council, "Lights", "Dark.", actor=world["M01"]))
    do(lambda: proposals.second(made, actor=world["M02"]))
    return sitting


@pytest.mark.parametrize("code", list(MET))
def test_no_form_breaks_or_writes_what_is_wrong(
    app: Flask, world: World, busy: Sitting, new_client: Callable[[], FlaskClient], code: str
) -> None:
    client = sign_in(new_client(), world.account(code))
    adapter = app.url_map.bind("localhost")
    forms = {adapter.match(form.action.removeprefix("http://localhost").split("?")[0], method="POST")[0]: form
             for form in forms_of(app, client)}  # fmt: skip
    assert set(forms) >= MET[code]
    for endpoint in sorted(MET[code]):
        form = forms[endpoint]
        for name, (kinds, value, must_refuse) in WORST.items():
            data, hit = sent(form, kinds, value)
            if not hit or not must_refuse:
                continue
            before = state()
            answer = client.post(form.action, data=data)
            assert answer.status_code in (400, 403, 404, 409, 413, 422), f"{endpoint}: {name} in {hit}: {answer.status_code}"
            assert state() == before, f"{endpoint}: {name}"


def test_markup_stays_text_on_every_page(world: World, busy: Sitting, new_client: Callable[[], FlaskClient]) -> None:
    do(lambda: rulings.rule(busy.item, CANARY, CANARY, actor=world["P01"]))
    do(lambda: proposals.propose(world.council, CANARY, CANARY, actor=world["M01"]))
    do(lambda: challenges.challenge(busy.matter, world["M08"], CANARY, actor=world["M05"]))
    client = sign_in(new_client(), world.account("S01"))
    base = f"/c/mochou/agenda/{busy.matter.no}"
    for page in (f"/c/mochou/meetings/{busy.meeting.id}", "/c/mochou/proposals/", f"{base}/recusals", f"{base}/motions/M1", "/me/"):
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert "<script>alert(" not in answer.text, page
        assert "49%" not in answer.text, page
