"""Addresses that no page of ours offers: the same 404 on both databases, and nothing personal in the server's log."""

import logging

import pytest

from deliberation.agenda import queries as agenda
from deliberation.extensions import db
from tests.web import sign_in

BIG = 2**63
STRANGE = [
    "/c/%00/", "/c/mochou%00/", "/c/mochou%00/appeals", "/c/mochou/appeals/QS-2026-0001%00", "/c/mochou/agenda/2026-1%00",
    "/c/mochou/appeals/QS-2026-999999999", "/c/mochou/agenda/2026-999999999", "/c/mochou/agenda/9999999999-1",
    f"/c/mochou/decisions/2026/{BIG}", f"/c/mochou/decisions/{BIG}/1", f"/c/mochou/forum/comments/{BIG}/withdraw",
    f"/c/mochou/log/{BIG}", f"/c/mochou/polls/{BIG}", "/c/mochou/decisions/-1/1", "/c/莫愁/", "/c/mochou/forum/2026-١",
    "/c/mochou/decisions/" + "9" * 5000 + "/1",
]  # fmt: skip


@pytest.mark.parametrize("address", STRANGE, ids=lambda address: address[:50])
@pytest.mark.parametrize("login", [None, "mochou-s01"], ids=["visitor", "secretary"])
def test_a_strange_address_is_not_found(world, client, login, address):
    if login:
        sign_in(client, login)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("query", ["?page=-1", "?page=0", "?page=99999999999999999999", "?page=٣", "?page=x", "?page=%00"])
def test_a_strange_page_number_shows_a_page(world, client, query):
    assert "<h1" in client.get(f"/c/mochou/appeals{query}").text


def test_an_error_of_the_database_leaves_what_was_typed_out_of_the_servers_log(app, world, client, monkeypatch, caplog):
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def broken(council):
        db.session.execute(db.text("SELECT * FROM no_such_table WHERE words = :words"), {"words": "1380" + "0001111"})

    monkeypatch.setattr(agenda, "board", broken)
    with caplog.at_level(logging.WARNING):
        assert client.get("/c/mochou/").status_code == 500
    assert "no_such_table" in caplog.text
    assert "13800001111" not in caplog.text
