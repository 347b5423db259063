"""AT05: the notice must leave five clear days."""

from __future__ import annotations

import pytest
from flask import Flask

from deliberation.kernel import clock
from deliberation.kernel.errors import Refused
from deliberation.meetings import services
from tests.acceptance.session import before_the_council, case_world, planned
from tests.builders import at, do


def test_at05_four_clear_days_are_refused_and_five_accepted(app_context: Flask) -> None:
    town = case_world()
    matter = before_the_council(town)
    with clock.frozen(at("2026-03-20T08:00")):
        meeting = planned(town, matter)
    with clock.frozen(at("2026-03-21T00:00")):
        with pytest.raises(Refused) as refused:
            do(lambda: services.call(meeting, actor=town["S01"]))
        assert refused.value.code == "notice_too_short"
        assert str(refused.value) == (
            "The notice comes too late: 4 clear days before the session, 5 are needed. Choose a later day."
        )
        assert (meeting.state, services.roster(meeting)) == ("planned", [])
    with clock.frozen(at("2026-03-20T23:59")):
        do(lambda: services.call(meeting, actor=town["S01"]))
    assert meeting.state == "called"
    assert len(services.roster(meeting)) == 21
