"""Large print: from the start for members and desks, by choice for everybody, remembered without an account."""

from __future__ import annotations

import pytest

from tests.builders import PASSWORD
from tests.web import post, sign_in

LARGE = '<html lang="zh-Hans-CN" class="large">'


def is_large(client) -> bool:
    return LARGE in client.get("/c/mochou/").text


@pytest.mark.parametrize(("code", "large"), [("M02", True), ("S01", True), ("V01", True), ("R01", False)])
def test_who_holds_an_office_starts_in_large_print(world, client, code, large):
    sign_in(client, world.account(code), PASSWORD)
    assert is_large(client) is large


def test_a_visitor_switches_and_it_is_remembered_without_an_account(world, client):
    assert not is_large(client)
    post(client, "/large", {"large": "1", "next": "/c/mochou/"})
    assert is_large(client)
    post(client, "/large", {"large": "0", "next": "/c/mochou/"})
    assert not is_large(client)


def test_a_members_own_choice_outlives_the_next_login(world, client):
    sign_in(client, world.account("M02"), PASSWORD)
    post(client, "/large", {"large": "0", "next": "/c/mochou/"})
    post(client, "/logout", {})
    sign_in(client, world.account("M02"), PASSWORD)
    assert not is_large(client)


def test_large_print_that_came_with_an_office_does_not_stay_for_the_next_person(world, client):
    sign_in(client, world.account("M02"), PASSWORD)
    post(client, "/logout", {})
    assert not is_large(client)
