"""The trail: sentences, pages, proofs that hold, the root for the notice board."""

import json
import re

import pytest
from sqlalchemy import select

from deliberation.audit.models import Entry
from deliberation.audit.queries import head
from deliberation.audit.recording import read
from deliberation.audit.tree import leaf_hash, verify_inclusion
from deliberation.councils.models import Council
from deliberation.extensions import db
from tests.agenda.worlds import drafting
from tests.audit.test_verifying import tamper
from tests.web import in_english, statements, text_of


def size_and_root(world):
    found = head(world.council.log_id)
    db.session.rollback()
    return found


def test_the_trail_tells_every_act_newest_first(world, client):
    drafting(world)
    page = text_of(in_english(client).get("/c/mochou/log/"))
    size, root = size_and_root(world)
    assert f"No. {size - 1}: Secretary-general wrote version 1 of the plan." in page
    assert page.index("wrote version 1") < page.index("opened matter")
    assert root.hex() in page
    assert f"Entries {size}" in page


def test_the_pages_of_the_trail_meet_without_gap_or_overlap(world, client):
    for n in range(12):
        drafting(world, f"议题{n}")
    in_english(client)
    size, _root = size_and_root(world)
    seen, address = [], "/c/mochou/log/"
    while address:
        page = client.get(address).text
        seen += [int(n) for n in re.findall(r'href="/c/mochou/log/(\d+)"', page)]
        older = re.search(r'href="([^"]+)" rel="next"', page)
        address = older[1].replace("&amp;", "&") if older else None
    assert seen == list(range(size - 1, -1, -1))


def test_a_bad_page_of_the_trail_is_its_beginning(world, client):
    whole = client.get("/c/mochou/log/").text
    for bad in ("x", "-1", "99999999999", "٣", ""):
        assert text_of(client.get(f"/c/mochou/log/?before={bad}")) == text_of_same(whole)


def text_of_same(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition("<main")[2]).split())


def test_what_an_entrys_page_shows_is_enough_to_check_it(world, client):
    drafting(world)
    size, root = size_and_root(world)
    for seq in (0, 1, size // 2, size - 1):
        page = in_english(client).get(f"/c/mochou/log/{seq}").text
        pretty, raw = (unescape(found) for found in re.findall(r"<pre>(.*?)</pre>", page, re.S))
        assert json.loads(pretty) == json.loads(raw)
        proof = [bytes.fromhex(found) for found in re.findall(r"<li>([0-9a-f]{64})</li>", page)]
        verify_inclusion(leaf_hash(raw.encode()), seq, size, proof, root)
        assert leaf_hash(raw.encode()).hex() in page
        assert root.hex() in page


def unescape(text):
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&#34;", '"').replace("&#39;", "'").replace("&amp;", "&")


def test_an_entry_that_is_not_there_is_not_found(world, client):
    size, _root = size_and_root(world)
    for seq in (size, 2**31, 2**70):
        assert client.get(f"/c/mochou/log/{seq}").status_code == 404


def test_the_roots_first_sixteen_characters_hang_on_the_board(world, client):
    _size, root = size_and_root(world)
    board = root.hex()[:16]
    page = text_of(client.get("/c/mochou/log/root"))
    assert " ".join(board[n : n + 4] for n in range(0, 16, 4)) in page


def test_the_trail_costs_the_same_for_few_and_for_many_entries(app, world, client):
    def cost():
        client.get("/c/mochou/log/")
        with statements(app) as sent:
            client.get("/c/mochou/log/")
        return len(sent)

    few = cost()
    for n in range(30):
        drafting(world, f"议题{n}")
    assert cost() == few


def test_an_entry_leads_to_what_it_is_about(demo, client):
    entries = db.session.scalars(select(Entry).order_by(Entry.log_id.desc(), Entry.seq)).all()
    log_id = db.session.scalars(select(Council)).one().log_id
    bodies = {entry.seq: read(bytes(entry.body)) for entry in entries if entry.log_id == log_id}
    counted = next(seq for seq, body in bodies.items() if body["action"] == "poll.count")
    page = in_english(client).get(f"/c/mochou/log/{counted}").text
    poll = re.search(r'href="(/c/mochou/polls/\d+)">To the vote and its verdict', page)
    assert poll is not None
    verdict = client.get(poll[1]).text
    assert 'lang="zh-Hans-CN">应到' in verdict
    assert 'lang="en">21 entitled' in verdict
    about = next(seq for seq, body in bodies.items() if body["action"] == "matter.open")
    assert re.search(r'href="/c/mochou/agenda/2026-1">To the matter', client.get(f"/c/mochou/log/{about}").text)
    founded = next(seq for seq, body in bodies.items() if body["action"] == "council.found")
    assert "To the matter" not in client.get(f"/c/mochou/log/{founded}").text


GONE = """'{"action":"matter.end","at":"2026-03-20T00:00:00Z","office":"chair","rows":[]}'"""
LEFT_OUT = """'{"action":"ruling.decide","at":"2026-03-20T00:00:00Z","rows":[{"set":{}}]}'"""


@pytest.mark.parametrize("garbage", ["'!'", "x'ff'", "'{}'", "'[]'", "'{\"at\":7}'", GONE, LEFT_OUT])
def test_an_entry_that_nobody_can_read_is_named_and_the_trail_goes_on(world, client, garbage):
    matter = drafting(world).no
    size, _root = size_and_root(world)
    if db.engine.dialect.name != "sqlite":
        garbage = "'\\xff'" if garbage == "x'ff'" else f"convert_to({garbage}, 'UTF8')"
    elif garbage != "x'ff'":
        garbage = f"CAST({garbage} AS BLOB)"
    tamper(f"UPDATE audit_entry SET body = {garbage} WHERE log_id = {world.council.log_id} AND seq = {size - 2}")
    in_english(client)
    for page in ("/c/mochou/log/", f"/c/mochou/log/{size - 2}", "/c/mochou/log/notice", f"/c/mochou/agenda/{matter}/log"):
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert "This entry cannot be read" in answer.text or page.endswith("notice"), page
