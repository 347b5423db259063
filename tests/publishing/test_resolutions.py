"""Numbering: what must be there first, what it settles, and what voiding opens again."""

from html import unescape

import pytest

from deliberation.agenda import services as agenda
from deliberation.agenda.states import Act
from deliberation.audit.queries import head, page
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import Forbidden, Invalid, Refused
from deliberation.publishing import queries, services
from deliberation.publishing.models import DocumentNumber
from deliberation.review import services as review
from tests.builders import at, do
from tests.review.scenes import AFTER, TEXT, answer, at_the_forum, comment, opened
from tests.web import in_english, post, sign_in, statements, text_of

DECISIONS = "/c/mochou/decisions/"


def resolve(world, matter, by="S01", effect="It binds members.", when=AFTER):
    with clock.frozen(at(when)):
        return do(lambda: services.resolve(matter, effect, actor=world[by]))


def refused(code, act):
    with pytest.raises(Refused) as refusal:
        act()
    assert refusal.value.code == code
    return refusal.value.words.render()


@pytest.fixture
def matter(world):
    made = at_the_forum(world)
    opened(world, made)
    return made


def test_without_a_window_or_during_it_no_number_is_given(world):
    matter = at_the_forum(world)
    refused("missing_window", lambda: resolve(world, matter))
    opened(world, matter)
    said = refused("window_open", lambda: resolve(world, matter, when="2026-04-03T23:59:59"))
    assert "2026-4-3, 24:00" in said
    assert db.session.query(DocumentNumber).count() == 0
    assert resolve(world, matter, when="2026-04-04T00:00:00").number.number == 1


def test_before_the_forum_the_missing_hand_over_is_named(world):
    with clock.frozen(at(AFTER)):
        matter = do(lambda: agenda.open_matter(world.council, title="Lift", problem="No lift.", actor=world["C01"]))
    refused("missing_handover_drafting", lambda: resolve(world, matter))


def test_a_second_resolution_is_refused_with_the_number_of_the_first(world, matter):
    resolve(world, matter)
    assert "[2026] No. 1" in refused("done_already", lambda: resolve(world, matter))


@pytest.mark.parametrize("code", ["R01", "M01", "C01", "V01", "K01", "A01"])
def test_only_president_and_secretary_general_issue(world, matter, code):
    with pytest.raises(Forbidden):
        resolve(world, matter, by=code)


@pytest.mark.parametrize("effect", ["", "  ", "x" * 501])
def test_the_line_on_what_it_binds_must_be_there(world, matter, effect):
    with pytest.raises(Invalid) as refusal:
        resolve(world, matter, effect=effect)
    assert refusal.value.field == "effect"


def test_the_head_of_the_log_at_issue_stands_in_the_document(world, matter):
    before = head(world.council.log_id)
    made = resolve(world, matter, by="P01")
    assert (made.log_size, made.log_root) == (before[0], before[1].hex())
    newest = page(world.council.log_id)[0].body
    assert (newest["action"], newest["matters"]) == ("resolution.issue", [matter.id])
    assert {row["table"] for row in newest["rows"]} == {"document_number", "resolution"}


def test_nothing_is_carried_out_without_a_number(world, matter):
    def hand_over():
        with clock.frozen(at(AFTER)):
            return do(lambda: agenda.hand_over(matter, Act.TO_IMPLEMENTATION, actor=world["S01"]))

    assert "no number yet" in refused("step_rule", hand_over)
    made = resolve(world, matter)
    with clock.frozen(at(AFTER)):
        do(lambda: services.void(made, "Wrong.", actor=world["S01"]))
    refused("step_rule", hand_over)
    resolve(world, matter)
    assert hand_over().product == "resolution"


def test_a_number_settles_the_review_until_it_is_void(world, matter):
    one = comment(world, review.windows_of(matter)[0][0])
    answer(world, one)
    made = resolve(world, matter)
    with clock.frozen(at(AFTER)):
        acts = [
            lambda: review.withdraw(one, actor=world["R01"]),
            lambda: review.correct_reply(one, "adopted", "Yes.", actor=world["C01"]),
            lambda: review.revise(matter, ["Other."], {}, actor=world["S01"]),
        ]
        for act in acts:
            refused("settled", lambda act=act: do(act))
        refused("step_rule", lambda: do(lambda: agenda.hand_over(matter, Act.REOPEN, note="No.", actor=world["S01"])))
        do(lambda: services.void(made, "Wrong.", actor=world["S01"]))
        do(acts[1])
        do(lambda: review.erase(one, actor=world["R01"]))
    assert resolve(world, matter).number.number == 2


def test_a_number_is_voided_once_with_a_reason(world, matter):
    made = resolve(world, matter)
    with clock.frozen(at(AFTER)):
        with pytest.raises(Invalid):
            do(lambda: services.void(made, " ", actor=world["S01"]))
        with pytest.raises(Forbidden):
            do(lambda: services.void(made, "Wrong.", actor=world["C01"]))
        do(lambda: services.void(made, "Wrong.", actor=world["S01"]))
        refused("done_already", lambda: do(lambda: services.void(made, "Wrong.", actor=world["S01"])))


def test_a_number_voided_in_step_5_is_given_anew_there(world, matter):
    made = resolve(world, matter)
    with clock.frozen(at(AFTER)):
        do(lambda: agenda.hand_over(matter, Act.TO_IMPLEMENTATION, actor=world["S01"]))
        do(lambda: services.void(made, "Wrong.", actor=world["S01"]))
    assert resolve(world, matter).number.number == 2


@pytest.mark.parametrize(("powers", "word"), [("within", "own powers"), ("persuade", "persuaded"), ("outside", "recommendation")])
def test_the_usual_line_follows_the_check_of_powers(powers, word):
    assert word in services.default_effect(powers).render()


def test_the_issuer_reads_the_text_back_rewords_the_line_and_gets_the_document(world, matter, client):
    sign_in(in_english(client), world.account("S01"))
    url = DECISIONS + "resolve/2026-1"
    with clock.frozen(at("2026-03-28T09:00")):
        early = client.get(url)
        assert early.status_code == 409 and "Residents may comment until 2026-4-3, 24:00" in text_of(early)
    with clock.frozen(at(AFTER)):
        shown = unescape(text_of(client.get(url)))
        assert all(line in shown for line in TEXT) and "Everybody else is asked and persuaded" in shown
        done = post(client, url, {"effect": "It binds those who signed."})
        assert done.headers["Location"].endswith("/decisions/2026/1")
        document = unescape(text_of(client.get(DECISIONS + "2026/1")))
    made = queries.valid_resolution(matter)
    for part in ("莫社 Resolution [2026] No. 1", *TEXT, "It binds those who signed.", "April 7, 2026", made.log_root[:16]):
        assert part in document


def test_voiding_on_the_page_asks_for_the_reason(world, matter, client):
    resolve(world, matter)
    sign_in(in_english(client), world.account("P01"))
    with clock.frozen(at(AFTER)):
        url = DECISIONS + "2026/1/void"
        assert post(client, url, {"reason": ""}).status_code == 422
        assert post(client, url, {"reason": "Wrong title."}).status_code == 302
    assert "Reason: Wrong title." in text_of(client.get(DECISIONS))


@pytest.mark.parametrize("path", ["2026/2", "2025/1", "99999999999/1", "2026/99999999999", "resolve/2026-7", "2026/9/void"])
def test_unknown_numbers_are_404(world, matter, client, path):
    sign_in(client, world.account("S01"))
    assert client.get(DECISIONS + path).status_code == 404


def test_the_list_costs_the_same_for_1_and_for_30(world, app, matter, client):
    made = [resolve(world, matter)]

    def cost():
        client.get(DECISIONS)
        with statements(app) as sent:
            client.get(DECISIONS)
        return len(sent)

    before = cost()
    for n in range(29):
        with clock.frozen(at(AFTER)):
            do(lambda n=n: services.void(made[-1], f"Reason {n}.", actor=world["S01"]))
        made.append(resolve(world, matter))
    assert [one.number.number for one in made] == list(range(1, 31))
    assert cost() == before
