"""The first day of a real council: from ``deliberation init`` on an empty database to the first member's first vote.

Every tap, every field filled and every address opened is counted: a council must not need more than this.
"""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator

from deliberation.agenda.states import HANDOVER_WORDS, Act
from deliberation.audit.services import verify
from deliberation.kernel import clock
from tests.browser.visitors import Visitor
from tests.builders import SHANGHAI, at
from tests.conftest import let_go, make_app

pytestmark = pytest.mark.browser

COMMAND = [str(Path(sys.executable).with_name("deliberation")), "init", "--name", "沈某"]
HOME = "/c/qingliang"
TODAY = datetime.now(UTC).astimezone(SHANGHAI).date()
SESSION_DAY = TODAY + timedelta(days=6)
# The acts of each part, as they were when it was last made shorter; more is a step back.
CEILINGS = {"the council is founded": 28, "the cards are printed": 1, "a matter lies before the council": 24,
            "the session is called": 10, "the session is opened": 20, "the member votes": 15}  # fmt: skip
# Counted where the taps arrive, so that no step of a form escapes.
COUNT = """
const note = () => localStorage.setItem("acts", Number(localStorage.getItem("acts") || 0) + 1);
document.addEventListener("click", event => { if (event.isTrusted) note(); }, true);
document.addEventListener("input", event => {
  if (!["radio", "checkbox"].includes(event.target.type)) note();
}, true);
"""


@pytest.fixture
def begun(empty_database_url: str, tmp_path: Path) -> tuple[str, str, str]:
    """The database's address, the key and the card's digits, after the one command on an empty database."""
    env = {name: value for name, value in os.environ.items() if name != "SECRET_KEY"}
    env["DATABASE_URL"] = empty_database_url
    done = subprocess.run(COMMAND, cwd=tmp_path, env=env, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    settings = tmp_path / ".env"
    assert stat.S_IMODE(settings.stat().st_mode) == 0o600
    key = dict(line.split("=", 1) for line in settings.read_text().splitlines())["SECRET_KEY"]
    digits = re.search(r"\b(\d{4} \d{4})\b", done.stdout)
    assert digits, done.stdout
    return empty_database_url, key, digits[1]


@pytest.fixture
def app(begun: tuple[str, str, str]) -> Iterator[Flask]:
    """The application on that database, with the key that the command made."""
    app = make_app(begun[0])
    app.config["SECRET_KEY"] = begun[1]
    yield app
    let_go(app)


class Counting(Visitor):
    """A visitor whose taps and fields are counted, and the addresses they open by themselves."""

    def __init__(self, name: str, browser: Browser, address: str, *, width: int) -> None:
        context = browser.new_context(
            locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": width, "height": 800}, has_touch=width < 600
        )
        context.set_default_timeout(20_000)
        context.add_init_script(COUNT)
        super().__init__(name, context, address)
        self.opened = 0

    def open(self, path: str, *, status: int = 200) -> Counting:
        self.opened += 1
        super().open(path, status=status)
        return self

    def _turn_to(self, wanted: Locator) -> None:
        """Only ever forward, as somebody does who answers one question after the other."""
        onward = self.main.locator(".one-bar .one-on")
        while onward.count() == 1 and not self._is_open(wanted) and onward.is_visible():
            onward.click()

    @property
    def acts(self) -> int:
        return self.opened + int(self.page.evaluate("localStorage.getItem('acts')") or 0)


@pytest.fixture
def new_counting(app: Flask, chromium: Browser, address: str) -> Iterator[Callable[..., Counting]]:
    met: list[Counting] = []

    def make(name: str, *, width: int = 1280) -> Counting:
        met.append(Counting(name, chromium, address, width=width))
        return met[-1]

    yield make
    for visitor in met:
        visitor.context.close()
    for visitor in met:
        assert visitor.complaints == [], visitor.name


def on(day: object, time: str) -> AbstractContextManager[None]:
    return clock.frozen(at(f"{day}T{time}"))


def come_in(visitor: Counting, digits: str, path: str = "/card") -> None:
    """The three steps: the digits, that is me, in."""
    visitor.open(path).fill(code=digits).press("Go on with the card")
    visitor.press("Yes, and this device is my own")


def set_up(founder: Counting, digits: str) -> None:
    come_in(founder, digits, "/card?next=/setup/")
    founder.press("Begin").look("setup-place")
    founder.fill(community="清凉社区", name="清凉社区党员议事会").press("Keep this and go on")
    founder.look("setup-address").fill(slug="qingliang").press("Keep this and go on")
    founder.look("setup-rules").press("Keep this and go on")
    founder.look("setup-numbers").fill(number_prefix="清社")
    founder.sees(f"清社议决〔{TODAY.year}〕1号").press("Keep this and go on")
    founder.look("setup-offices").fill(president="王某", secretary_general="李某", clerk="李某").press("Keep this and go on")
    founder.look("setup-members").fill(self_managed="王某\n周某\n吴某\n郑某", committee="李某").press("Keep this and go on")
    founder.look("setup-check").press("Found the council").look("begun")


def print_cards(founder: Counting) -> dict[str, str]:
    """Name → digits, as they stand on the sheet."""
    founder.press("Print the cards").look("cards")
    names, digits = founder.texts(".entry-card-name"), founder.texts(".entry-card-digits")
    assert len(names) == len(digits) == 5
    return dict(zip(names, digits, strict=True))


def bring_a_matter(secretary: Counting) -> str:
    """Opened, handed to the committee, its plan written, handed to the council. Returns its address."""
    secretary.open(HOME + "/").press("Open a matter")
    secretary.fill(title="楼道照明", problem="三单元楼道灯坏了一个月。", source="members")
    secretary.press("Open the matter")
    matter = secretary.path
    for act in (Act.TO_COMMITTEE, Act.TO_COUNCIL):
        if act is Act.TO_COUNCIL:
            secretary.press("Write the plan")
            secretary.fill(text="更换三单元楼道灯。", powers="persuade").press("Keep as version %(number)s", number=1)
        secretary.press(HANDOVER_WORDS[act]).press(HANDOVER_WORDS[act])
    return matter


def call_a_session(secretary: Counting) -> str:
    secretary.open(f"{HOME}/meetings/").press("Plan a session")
    only = secretary.main.locator('input[name="matters"]').get_attribute("value") or ""
    secretary.fill(starts_at=f"{SESSION_DAY}T14:30", place="社区会议室", matters=only).press("Put it on the calendar")
    session = secretary.path
    secretary.press("Send the notice")
    return session


def test_from_the_first_command_to_the_first_vote(begun: tuple[str, str, str], new_counting: Callable[..., Counting]) -> None:
    founder, secretary, chair = (new_counting(name) for name in ("the founder", "the secretary-general", "the chair"))
    member = new_counting("the member", width=360)
    everybody = (founder, secretary, chair, member)
    counted: dict[str, int] = {}

    def note(part: str) -> None:
        counted[part] = sum(one.acts for one in everybody if one.page.url != "about:blank") - sum(counted.values())

    set_up(founder, begun[2])
    note("the council is founded")
    digits = print_cards(founder)
    note("the cards are printed")
    come_in(secretary, digits["李某"])
    bring_a_matter(secretary)
    note("a matter lies before the council")
    session = call_a_session(secretary)
    note("the session is called")
    with on(SESSION_DAY, "14:30"):
        secretary.open(session).press("Keep the roster")
        secretary.fill(rest="attending").press("Keep this roster")
        come_in(chair, digits["王某"])
        chair.open(session).press("Open the session").press("Call up: %(title)s", title="楼道照明")
        note("the session is opened")
        secretary.open(session).press("Move that this plan be adopted").press("Make this motion")
        come_in(member, digits["周某"])
        member.look("member-home").open(session).press("Second %(label)s", label="M1")
        chair.open(session).press("Put %(label)s to the vote", label="M1")
        member.open(session).press("Vote on %(label)s", label="M1").look("member-vote")
        member.press("For").press("Vote for").reads("Your vote").look("member-voted")
        note("the member votes")
    lines = [f"{acts:3} acts: {part}" for part, acts in counted.items()]
    sys.stdout.write("\n".join(["", *lines, f"{sum(counted.values()):3} in all", ""]))
    assert {part: acts for part, acts in counted.items() if acts > CEILINGS[part]} == {}
    assert [found.bad_seq for found in checked(begun)] == [None, None]


def checked(begun: tuple[str, str, str]) -> list[object]:
    app = make_app(begun[0])
    with app.app_context():
        found = list(verify())
    let_go(app)
    return found
