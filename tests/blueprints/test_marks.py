"""What is printed and hangs on the board: the square on a document, the notice of the week, and the page they lead a phone to."""

import re
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import segno
from sqlalchemy import select, text

from deliberation.audit import notes, queries
from deliberation.audit.models import Entry
from deliberation.audit.recording import read
from deliberation.blueprints import marks
from deliberation.councils.models import Council
from deliberation.extensions import db
from deliberation.kernel import clock
from tests.agenda.worlds import drafting
from tests.audit.signed import KEY, keep_key
from tests.audit.test_verifying import tamper
from tests.builders import at
from tests.web import in_english, statements, text_of

LOG = "/c/mochou/log"
PAPER = f"{LOG}/paper"
GOOD = {"entry": "1", "document": "a" * 64, "size": "3", "root": "b" * 64}


@pytest.fixture
def reader(app, app_context, tmp_path, new_client):
    app.config["LOG_KEY"] = str(keep_key(tmp_path / "log.key"))
    db.session.rollback()
    return in_english(new_client())


@pytest.fixture
def squares(monkeypatch):
    """What the squares say that are drawn meanwhile."""
    found = []
    draw = segno.make
    marks.square.cache_clear()
    monkeypatch.setattr(segno, "make", lambda text, **how: found.append(text) or draw(text, **how))
    yield found
    marks.square.cache_clear()


def parameters(address):
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def answers(reader, given):
    """The word of the page, and each answer's word."""
    page = reader.get(f"{PAPER}?{urlencode(given)}")
    assert page.status_code == 200, text_of(page)
    word = re.search(r'class="notice-word"><span[^>]*>.</span> (.*?)</p>', page.text)[1]
    return word, re.findall(r'<li><p><span class="badge[^>]*><span[^>]*>.</span> (Yes|No)</span>', page.text)


@pytest.mark.parametrize("page", ["decisions/2026/1", "polls/1"])
def test_the_square_on_a_document_leads_to_three_times_yes(demo, reader, squares, page):
    shown = reader.get(f"/c/mochou/{page}")
    [address] = squares
    assert address.startswith(f"http://localhost{PAPER}?entry=")
    assert answers(reader, parameters(address)) == ("Agrees", ["Yes", "Yes", "Yes"])
    given = parameters(address)
    assert f"Document {given['document'][:16]}…, entry no. {given['entry']} of the public log." in text_of(shown)
    assert f"Checkpoint: {given['size']} entries, root {given['root'][:16]}…." in text_of(shown)


def test_where_the_installation_has_a_public_address_the_square_names_it(app, demo, reader, squares):
    app.config["PUBLIC_ADDRESS"] = "https://yishi.example.cn"
    try:
        reader.get("/c/mochou/decisions/2026/1")
    finally:
        app.config["PUBLIC_ADDRESS"] = ""
    assert squares[0].startswith(f"https://yishi.example.cn{PAPER}?entry=")


def test_a_square_costs_a_phone_little(demo, reader):
    shown = reader.get("/c/mochou/decisions/2026/1").text
    square = re.search(r"<svg.*?</svg>", shown, re.S)[0]
    assert len(square) < 6_000


@pytest.fixture
def printed(demo, reader, squares):
    """What the square of a resolution said when it was printed."""
    reader.get("/c/mochou/decisions/2026/1")
    return parameters(squares[0])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({}, ["Yes", "Yes", "Yes"]),
        ({"document": "0" * 64}, ["Yes", "No", "Yes"]),
        ({"entry": "3"}, ["Yes", "No", "Yes"]),
        ({"entry": "999999"}, ["No", "Yes"]),
        ({"entry": "9" * 18}, ["No", "Yes"]),
        ({"root": "0" * 64}, ["Yes", "Yes", "No"]),
        ({"size": "400"}, ["Yes", "Yes", "No"]),
        ({"size": "999999"}, ["Yes", "Yes", "No"]),
        ({"size": "9" * 18}, ["Yes", "Yes", "No"]),
        ({"size": "0"}, ["Yes", "Yes", "No"]),
    ],
)
def test_each_line_of_the_paper_has_its_own_answer(reader, printed, change, told):
    word, found = answers(reader, {**printed, **change})
    assert (word, found) == ("Agrees" if set(told) == {"Yes"} else "Does not agree", told)


def test_the_paper_agrees_when_the_log_has_grown_and_not_when_it_was_written_anew(world, reader):
    matter = drafting(world)
    log_id = world.council.log_id
    size, root = queries.head(log_id)
    given = {"size": size, "root": root.hex()}
    assert answers(reader, given) == ("Agrees", ["Yes"])
    for n in range(9):
        drafting(world, f"m{n}")
        assert answers(reader, given) == ("Agrees", ["Yes"])
    assert matter is not None
    tamper(f"UPDATE audit_node SET hash = (SELECT hash FROM audit_node WHERE log_id = {log_id} AND level = 0 AND position = 1)"
           f" WHERE log_id = {log_id} AND level = 0 AND position = {size - 1}")  # fmt: skip
    tamper(f"UPDATE audit_node SET hash = (SELECT hash FROM audit_node WHERE log_id = {log_id} AND level = 1 AND position = 0)"
           f" WHERE log_id = {log_id} AND level > 0")  # fmt: skip
    assert answers(reader, given) == ("Does not agree", ["No"])


@pytest.mark.parametrize(
    "change",
    [{"size": ""}, {"size": "-1"}, {"size": "1e3"}, {"size": "٣"}, {"size": "9" * 5000}, {"root": "z" * 64}, {"root": "a" * 63},
     {"root": "A" * 64}, {"document": "<script>"}, {"document": "a" * 64 + "\n"}, {"entry": "\x00"}, {"entry": "01"},
     {"entry": "1 OR 1=1"}, {"entry": "9" * 19}],
)  # fmt: skip
def test_garbage_on_the_paper_is_refused_in_words(world, reader, change):
    page = reader.get(f"{PAPER}?{urlencode({**GOOD, **change})}")
    assert page.status_code == 422
    assert "Please read the square on the paper again." in text_of(page) and "script>" not in page.text.partition("<main")[2]


def test_half_a_paper_is_refused_in_words(world, reader):
    for missing in ({}, {"entry": "1"}, {"size": "3"}, {name: GOOD[name] for name in ("entry", "size", "root")}):
        assert reader.get(f"{PAPER}?{urlencode(missing)}").status_code == 422


def test_a_paper_costs_the_same_whatever_the_size_of_the_log(app, world, reader):
    def cost():
        size, root = queries.head(world.council.log_id)
        place = f"{PAPER}?{urlencode({'size': size - 1, 'root': root.hex(), 'entry': 1, 'document': 'a' * 64})}"
        reader.get(place)
        with statements(app) as sent:
            reader.get(place)
        return len(sent)

    few = cost()
    for n in range(12):
        drafting(world, f"m{n}")
    assert cost() == few


def test_the_notice_of_the_week_says_what_the_signed_checkpoint_says(demo, reader, squares):
    council = db.session.scalars(select(Council)).one()
    log_id, size_and_root = council.log_id, queries.head(council.log_id)
    times = [read(bytes(body))["at"] for body in db.session.scalars(select(Entry.body).where(Entry.log_id == log_id))]
    db.session.remove()
    with clock.frozen(at("2026-04-01T20:00")):
        page = reader.get(f"{LOG}/notice")
    told = text_of(page)
    # 30 March, a Monday, began in Shanghai at 16:00 UTC of the day before.
    week = sum(one >= "2026-03-29T16:00:00Z" for one in times)
    assert 0 < week < len(times) and f"{week} entries this week, {len(times)} in all." in told
    assert "March 30, 2026 to April 5, 2026" in told
    note = reader.get(f"{LOG}/checkpoint").text
    point = notes.open_checkpoint(note.encode(), [KEY.named("test.example/council/mochou").verifier])
    assert (point.size, point.root) == size_and_root
    groups = [point.root.hex()[n : n + 4] for n in range(0, 64, 4)]
    assert " ".join(groups[:4]) in told and " ".join(groups[4:]) in told
    assert note.splitlines()[-1] in page.text.replace("&#43;", "+")
    assert parameters(squares[0]) == {"size": str(point.size), "root": point.root.hex()}
    assert answers(reader, parameters(squares[0])) == ("Agrees", ["Yes"])


def test_without_a_key_the_notice_still_hangs_and_says_so(app, world, reader, tmp_path):
    app.config["LOG_KEY"] = str(tmp_path / "none")
    told = text_of(reader.get(f"{LOG}/notice"))
    _size, root = queries.head(world.council.log_id)
    assert f"{root.hex()[:4]} {root.hex()[4:8]}" in told and "Nobody signs this log yet." in told


@pytest.mark.parametrize("probes", [1, 2, 64])
def test_the_first_entry_of_a_time_is_found_as_by_reading_all_of_them(demo, monkeypatch, probes):
    monkeypatch.setattr(queries, "PROBES", probes)
    log_id = db.session.scalar(text("SELECT log_id FROM council"))
    lines = queries.page(log_id, limit=2000)[::-1]
    instants = [one.at for one in lines]
    assert instants == sorted(instants)
    for instant in [*instants[:: 7 if probes == 64 else 97], at("2020-01-01T00:00"), at("2040-01-01T00:00")]:
        for size in (len(lines), 300, 1, 0):
            assert queries.since(log_id, instant, size) == sum(one < instant for one in instants[:size])


def test_the_root_of_the_log_leads_to_the_notice(world, reader):
    assert f'href="{LOG}/notice"' in reader.get(f"{LOG}/root").text
