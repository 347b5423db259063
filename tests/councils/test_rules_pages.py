"""The rules in words, and a new version of them."""

import re
from datetime import timedelta

import pytest

from deliberation.councils import queries, services
from deliberation.councils.models import RuleSet
from deliberation.councils.rules import RULE_WORDS, parse
from deliberation.extensions import db
from deliberation.kernel import clock
from tests.agenda.worlds import open_one
from tests.builders import do
from tests.web import in_english, post, sign_in, statements, text_of


def versions():
    db.session.rollback()
    db.session.expire_all()
    return db.session.query(RuleSet).order_by(RuleSet.version).all()


def tomorrow():
    return (clock.today("Asia/Shanghai") + timedelta(days=1)).isoformat()


def test_every_rule_stands_there_in_words_with_its_source_and_how_far_it_is_trusted(world, client):
    page = text_of(in_english(client).get("/c/mochou/rules"))
    for words in RULE_WORDS.values():
        assert words in page
    assert "Clear days between the notice and the meeting 5 a default that the council may change, not law" in page
    assert "支部工作条例（试行）第11条（参照） the passage itself was read" in page
    assert "They are not law." in page
    assert "A tie fails, always" in page


def test_every_default_that_is_a_choice_says_that_it_is_not_law(world):
    chosen = [line for line in queries.rule_lines(services.rules_in_force(world.council)) if line.trust == "choice"]
    assert len(chosen) > 5
    assert {str(line.trust_words) for line in chosen} == {"a default that the council may change, not law"}


def test_the_administrator_sets_a_version_and_running_matters_keep_theirs(world, new_client):
    matter = open_one(world)
    db.session.rollback()
    browser = in_english(sign_in(new_client(), "mochou-a01"))
    sent = {"preset": "branch", "effective_on": tomorrow(), "notice_days": "7", "chair_votes": "no", "review_day_kind": "working"}
    assert post(browser, "/c/mochou/rules/new", sent).status_code == 302
    first, second = versions()
    made = parse(second.data)
    assert (second.preset, made["notice_days"], made["chair_votes"], made["review_day_kind"]) == ("branch", 7, False, "working")
    assert made.entries["notice_days"]["trust"] == "own"
    assert made["speech_minutes"] == 2
    assert services.rules_in_force(world.council).version == 1
    with clock.frozen(clock.now() + timedelta(days=2)):
        assert services.rules_in_force(world.council).version == 2
        assert matter.rule_set_id == first.id
    page = text_of(browser.get("/c/mochou/rules?version=2"))
    assert "Clear days between the notice and the meeting 7 set by this council, not law" in page
    assert "Rules of the council, version 1" in text_of(browser.get(f"/c/mochou/agenda/{matter.no}"))
    # The next version begins with what the council has set for itself, so that nothing of it is lost by oversight.
    shown = browser.get("/c/mochou/rules/new").text
    filled = dict(re.findall(r'name="(notice_days|review_days)"[^>]* value="(\d*)"', shown))
    ticked = set(re.findall(r'<input checked[^>]* name="(\w+)"[^>]* value="(\w+)"', shown))
    assert filled == {"notice_days": "7", "review_days": ""}
    assert {("preset", "branch"), ("chair_votes", "no"), ("review_day_kind", "working")} <= ticked


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"preset": "", "effective_on": "2026-01-01"}, "Please choose one of these."),
        ({"preset": "none-such", "effective_on": "2026-01-01"}, "Please choose one of these."),
        ({"preset": "council", "effective_on": ""}, "Please enter a day."),
        ({"preset": "council", "effective_on": "31.12.2026"}, "Please enter a day."),
        ({"preset": "council", "effective_on": "0001-01-01"}, "Please enter a day."),
        ({"preset": "council", "effective_on": "2026-01-01", "notice_days": "0"}, "Please enter a whole number from 1 to 15."),
        ({"preset": "council", "effective_on": "2026-01-01", "notice_days": "9" * 99}, "Please enter a whole number"),
        ({"preset": "council", "effective_on": "2026-01-01", "notice_days": "five"}, "Please enter a whole number."),
        ({"preset": "council", "effective_on": "2026-01-01", "chair_votes": "maybe"}, "Please choose one of these."),
        ({"preset": "council", "effective_on": "2026-01-01", "public_name": "id-number"}, "Please choose one of these."),
    ],
)
def test_bad_rules_are_refused_at_their_field(world, new_client, data, words):
    browser = in_english(sign_in(new_client(), "mochou-a01"))
    answer = post(browser, "/c/mochou/rules/new", data)
    assert (answer.status_code, words in text_of(answer)) == (422, True)
    assert len(versions()) == 1


@pytest.mark.parametrize("code", ["P01", "S01", "M01", "C01", "R01"])
def test_only_the_administrator_sets_rules(world, new_client, code):
    browser = sign_in(new_client(), f"mochou-{code.lower()}")
    assert browser.get("/c/mochou/rules/new").status_code == 403
    sent = {"preset": "branch", "effective_on": tomorrow()}
    assert post(browser, "/c/mochou/rules/new", sent, page="/about").status_code == 403
    assert len(versions()) == 1


def test_an_unknown_version_is_not_found(world, client):
    for version in ("2", "x", "0", "-1"):
        assert client.get(f"/c/mochou/rules?version={version}").status_code == 404


def test_the_rules_cost_the_same_for_1_and_for_30_versions(app, world, client):
    def cost():
        client.get("/c/mochou/rules")
        with statements(app) as sent:
            client.get("/c/mochou/rules")
        return len(sent)

    one = cost()
    data = services.rules_in_force(world.council).data
    day = clock.today("Asia/Shanghai")
    for _ in range(29):
        do(lambda: services.set_rules(world.council, "council", data, effective_on=day, actor=world["A01"]))
    assert cost() == one
