"""The answers that fill the pages of the set-up, and somebody who may give them."""

from __future__ import annotations

from deliberation.councils import founding
from deliberation.extensions import db
from deliberation.people import services as people
from deliberation.people.models import Person
from tests.builders import PASSWORD, do
from tests.web import post

ANSWERS = {
    "place": {"community": "清凉社区", "name": "清凉社区党员议事会", "street": "清凉街道", "district": "清凉区"},
    "address": {"slug": "qingliang", "starts_on": "2025-06-01", "zone": "Asia/Shanghai"},
    "rules": {"preset": "branch"},
    "numbers": {"number_prefix": "清社"},
    "offices": {
        "president": "王某", "secretary_general": "李某", "clerk": "赵某", "station_worker": "钱某\n孙某", "committee": "李某",
    },
    "members": {"self_managed": "王某\n周 某\n吴某", "committee": "李某", "resident_unit": "郑某\n冯某"},
}  # fmt: skip
MEMBERS = ["王某", "周某", "吴某", "李某", "郑某", "冯某"]


def founder(login: str = "admin", name: str = "沈某") -> Person:
    """The first administrator, as ``deliberation init`` makes them, with a passphrase."""
    account = do(lambda: people.open_account(login, PASSWORD, name=name))
    do(lambda: founding.name_founder(account.person))
    db.session.rollback()
    return account.person


def answer(browser, step, **changed):
    """Hand in one page as a careful visitor would; ``go`` may say back."""
    return post(browser, f"/setup/{step}", {**ANSWERS[step], **changed})


def answer_all(browser, **changed):
    """Hand in every page; ``place={…}`` changes answers of that page."""
    for step in ANSWERS:
        done = answer(browser, step, **changed.get(step, {}))
        assert done.status_code == 302, (step, done.text)
