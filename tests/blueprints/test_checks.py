"""「查验」: what a document's page of proof says when all is well, when somebody changed something, and when nobody may know."""

import base64
import hashlib
import re

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select

from deliberation.audit import proofs
from deliberation.audit.models import Entry
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.meetings.minutes_models import Minutes
from deliberation.meetings.models import Meeting
from deliberation.publishing.models import Resolution
from deliberation.review import answers, services
from deliberation.review.models import Comment
from deliberation.voting.models import Poll
from tests.acceptance.session import before_the_council, planned
from tests.audit.signed import KEY, keep_key
from tests.audit.test_verifying import tamper
from tests.builders import at, do, make_world
from tests.review.scenes import answer, comment, opened
from tests.web import in_english, statements, text_of

LOG = "/c/mochou/log"
NAMED = KEY.named("test.example/council/mochou").verifier
KINDS = {"resolution": Resolution, "verdict": Poll, "comment": Comment, "meeting": Meeting}


@pytest.fixture
def key(app, app_context, tmp_path):
    app.config["LOG_KEY"] = str(keep_key(tmp_path / "log.key"))
    db.session.rollback()


@pytest.fixture
def reader(app, tmp_path, new_client):
    app.config.setdefault("LOG_KEY", "")
    if not app.config["LOG_KEY"].startswith(str(tmp_path)):
        app.config["LOG_KEY"] = str(tmp_path / "none")
    return in_english(new_client())


def documents():
    """(kind, id) of everything in the database that has a page of proof."""
    found = [(kind, key) for kind, model in KINDS.items() for key in db.session.scalars(select(model.id).order_by(model.id))]
    published = select(Minutes.meeting_id).where(Minutes.published_at.is_not(None))
    found += [("minutes", key) for key in db.session.scalars(published.order_by(Minutes.meeting_id))]
    db.session.remove()
    return found


def root_from(leaf, index, size, way):
    """The root to which a proof leads, by the definition of RFC 9162, 2.1.1: from the top down, no line of the platform's."""
    if size == 1:
        assert way == []
        return leaf
    half = 1
    while half * 2 < size:
        half *= 2
    if index < half:
        left, right = root_from(leaf, index, half, way[:-1]), way[-1]
    else:
        left, right = way[-1], root_from(leaf, index - half, size - half, way[:-1])
    return hashlib.sha256(b"\x01" + left + right).digest()


def read_by_hand(text):
    """(entry, number, size) that a proof's file shows, signature and all, without the platform."""
    head, signed, signatures = text.split("\n\n")
    header, extra, index, *way = head.split("\n")
    assert header == "c2sp.org/tlog-proof@v1"
    origin, size, root = signed.split("\n")
    name, blob = signatures.removeprefix("— ").split()
    assert origin == name == "test.example/council/mochou"
    Ed25519PublicKey.from_public_bytes(KEY.verifier.public).verify(base64.b64decode(blob)[4:], signed.encode() + b"\n")
    body, number = base64.b64decode(extra.removeprefix("extra ")), int(index.removeprefix("index "))
    leaf = hashlib.sha256(b"\x00" + body).digest()
    assert root_from(leaf, number, int(size), [base64.b64decode(one) for one in way]) == base64.b64decode(root)
    return body, number, int(size)


def test_every_document_of_the_demonstration_is_proven_and_its_file_holds(demo, key, reader):
    every = documents()
    assert {kind for kind, _id in every} == {*KINDS, "minutes"}
    for kind, number in every:
        page = reader.get(f"{LOG}/check/{kind}/{number}")
        assert (page.status_code, "✓ Proven" in text_of(page), "Does not agree" in page.text) == (200, True, False), (kind, number)
        file = reader.get(re.search(r'href="([^"]+\.tlog-proof)"', page.text)[1])
        body, seq, size = read_by_hand(file.text)
        assert proofs.verify(proofs.parse(file.text), [NAMED]).size == size
        assert f"entry no. {seq} on" in text_of(page) and f"of {size} entries" in text_of(page)
        assert file.headers["Content-Disposition"] == f'attachment; filename="mochou-{seq}.tlog-proof"'
        assert body.decode() in page.text.replace("&#34;", '"')


def test_the_proof_of_every_entry_of_the_demonstration_holds(demo, key, reader):
    council = "SELECT log_id FROM council WHERE slug = 'mochou'"
    log_id = db.session.scalar(db.text(council))
    bodies = dict(map(tuple, db.session.execute(select(Entry.seq, Entry.body).where(Entry.log_id == log_id))))
    db.session.remove()
    for seq, body in bodies.items():
        assert read_by_hand(reader.get(f"{LOG}/{seq}.tlog-proof").text) == (bytes(body), seq, len(bodies))
    assert len(bodies) > 500


@pytest.mark.parametrize(
    ("kind", "change", "claim"),
    [
        ("resolution", "UPDATE plan_paragraph SET text = text || ' ' WHERE version_id IN (SELECT version_id FROM resolution)",
         "The text"),
        ("resolution", "UPDATE resolution SET effect = 'It binds everybody.' WHERE id = {id}", "What this resolution can bind"),
        ("resolution", "UPDATE document_number SET number = 7 WHERE id = (SELECT number_id FROM resolution WHERE id = {id})",
         "Its number"),
        ("verdict", "UPDATE verdict SET votes_for = votes_for - 1 WHERE poll_id = {id}", "What was counted, and what came out"),
        ("verdict", "UPDATE poll_rule SET rule_version = 9 WHERE poll_id = {id}", "The rule"),
        ("comment", "UPDATE personal_record SET value = 'I like it.' WHERE id = (SELECT text_id FROM comment WHERE id = {id})",
         "The words of the comment"),
        ("comment", "UPDATE comment_reply SET text = 'No.' WHERE comment_id = {id}", "The answer"),
        ("minutes", "UPDATE minutes SET document = replace(document, 'present', 'absent') WHERE meeting_id = {id}",
         "The signed text"),
        ("meeting", "UPDATE meeting SET place = 'elsewhere' WHERE id = {id}", "Day, place and course of the session"),
    ],
)  # fmt: skip
def test_what_somebody_changed_in_the_tables_does_not_agree(demo, key, reader, kind, change, claim):
    number = next(key for found, key in documents() if found == kind)
    tamper(change.format(id=number))
    page = reader.get(f"{LOG}/check/{kind}/{number}")
    told = text_of(page)
    assert "✕ Does not agree What these pages show today" in told and "Proven" not in told
    rows = re.findall(r'<li><p class="title">(.*?)</p>\s*<p>(.*?)</p>', page.text, re.S)
    assert [name for name, how in rows if "Does not agree" in how] == [claim]


def test_an_entry_that_was_changed_proves_nothing(demo, key, reader):
    number, seq = 1, re.search(r"/(\d+)\.tlog-proof", reader.get(f"{LOG}/check/resolution/1").text)[1]
    for change in ("replace({0}, 'resolution.issue', 'resolution.issuE')", "{0} || '!'"):
        body = "CAST({0} AS BLOB)" if db.engine.dialect.name == "sqlite" else "convert_to({0}, 'UTF8')"
        text = "CAST(body AS TEXT)" if db.engine.dialect.name == "sqlite" else "convert_from(body, 'UTF8')"
        where = f"WHERE seq = {seq} AND log_id = (SELECT log_id FROM council WHERE slug = 'mochou')"
        tamper(f"UPDATE audit_entry SET body = {body.format(change.format(text))} {where}")
        page = reader.get(f"{LOG}/check/resolution/{number}")
        assert "✕ Not proven" in text_of(page) and ".tlog-proof" not in page.text
        assert reader.get(f"{LOG}/{seq}.tlog-proof").status_code == 404


def test_without_a_key_the_page_says_so_and_offers_no_file(demo, reader):
    page = reader.get(f"{LOG}/check/resolution/1")
    assert "which nobody has signed yet" in text_of(page) and "“deliberation log key”" in text_of(page)
    assert ".tlog-proof" not in page.text
    file = reader.get(f"{LOG}/3.tlog-proof")
    assert (file.status_code, file.text) == (404, "This log is not signed yet.\n")


@pytest.fixture
def said(world):
    """A comment with an answer, on a text at the forum."""
    one = comment(world, opened(world), text="A canary in the green.")
    answer(world, one)
    return one


def test_erased_words_are_said_to_be_erased(world, said, key, reader):
    do(lambda: services.erase(said, actor=world["R01"]))
    told = text_of(reader.get(f"{LOG}/check/comment/{said.id}"))
    assert "Erased Something was entered as entry no." in told and "nobody can say any more what they were" in told
    assert "canary" not in told and "Its seal stays in the log and opens for nobody." in told


def test_hidden_words_stay_hidden(world, said, key, reader):
    with clock.frozen(at("2026-04-07T10:00")):
        do(lambda: answers.hide(said, "insult", "It names a neighbour.", actor=world["C01"]))
    page = reader.get(f"{LOG}/check/comment/{said.id}")
    assert ("Proven" in text_of(page), "canary" in page.text, "neighbour" in page.text) == (True, False, False)


def test_a_session_that_is_only_planned_is_the_councils_own_business(world, reader):
    with clock.frozen(at("2026-03-20T09:00")):
        meeting = planned(world, before_the_council(world))
        assert reader.get(f"{LOG}/check/meeting/{meeting.id}").status_code == 404


def test_another_communitys_documents_are_not_found_here(world, said, reader):
    make_world(slug="other", seats=3, residents=0)
    there = said.id
    assert reader.get(f"{LOG}/check/comment/{there}").status_code == 200
    foreign, missing = (reader.get(f"/c/other/log/check/comment/{one}") for one in (there, 999))
    assert (foreign.status_code, text_of(foreign)) == (missing.status_code, text_of(missing)) == (404, text_of(missing))


@pytest.mark.parametrize(
    "place",
    ["check/nothing/1", "check/comment/0", "check/comment/-1", "check/comment/x", f"check/verdict/{2**31}",
     f"check/resolution/{2**70}", "check/meeting/1%00", "check//1", "check/comment/1/2", f"{2**64}.tlog-proof", "x.tlog-proof",
     "999999.tlog-proof"],
)  # fmt: skip
def test_an_address_of_nothing_is_not_found(world, reader, place):
    assert reader.get(f"{LOG}/{place}").status_code == 404


@pytest.mark.parametrize("number", ["-1", "x", "1.5", "٣", "²", "999999", "9" * 40, "%00", "1%0a"])
def test_a_proof_of_nothing_is_refused_in_one_line(world, reader, number):
    refused = reader.get(f"{LOG}/{number}.tlog-proof")
    assert (refused.status_code, refused.mimetype, refused.text.count("\n")) == (404, "text/plain", 1)


def test_a_page_of_proof_costs_the_same_whatever_happened_to_its_document(app, world, said, key, reader):
    def cost():
        reader.get(f"{LOG}/check/comment/{said.id}")
        with statements(app) as sent:
            reader.get(f"{LOG}/check/comment/{said.id}")
        return len(sent)

    few = cost()
    for n in range(30):
        do(lambda n=n: answers.correct_reply(said, "noted", f"Thank you, {n}.", actor=world["C01"]))
    assert (cost(), few < 15) == (few, True)


def test_the_number_of_a_comment_at_the_forum_leads_to_its_page_of_proof(world, said, reader):
    page = reader.get("/c/mochou/forum/2026-1").text
    assert f"<a href=c/{said.id}>C-01</a>" in page
    assert reader.get(f"/c/mochou/forum/c/{said.id}").location == f"{LOG}/check/comment/{said.id}"


def test_documents_lead_to_their_pages_of_proof(demo, reader):
    for page, kind in (("decisions/2026/1", "resolution/1"), ("decisions/", "resolution/2"), ("polls/1", "verdict/1"),
                       ("agenda/2026-1/motions/A1", "verdict/"), ("meetings/1", "meeting/1")):  # fmt: skip
        assert f'href="{LOG}/check/{kind}' in reader.get(f"/c/mochou/{page}").text, page
