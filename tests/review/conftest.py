"""Browsers for the forum's pages."""

import pytest

from deliberation.kernel import clock
from tests.builders import at
from tests.web import in_english, sign_in

DAY = at("2026-03-28T12:00")


@pytest.fixture
def visit(world, new_client):
    """``visit("C01")`` is that person's browser, ``visit()`` a stranger's; in English, on 28 March."""

    def one(code=None):
        client = in_english(new_client())
        return sign_in(client, world.account(code)) if code else client

    with clock.frozen(DAY):
        yield one
