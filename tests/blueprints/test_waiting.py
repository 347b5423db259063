"""What waits for a person stands first on their pages, and costs the same for one thing and for thirty."""

from deliberation.agenda import recusals
from deliberation.councils import services as councils
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.meetings import votes
from deliberation.motions.amend import Op
from deliberation.people import services as people
from tests.builders import START, at, do
from tests.motions.debates import NOW, amendment, main, sitting_of
from tests.review.scenes import comment, opened
from tests.web import in_english, sign_in, statements, text_of


def waiting_part(client):
    page = text_of(client.get("/me/"))
    return page.partition("Waiting for you")[2].partition("My offices")[0].strip()


def test_a_motion_without_a_second_waits_for_every_member_but_its_mover_and_who_stepped_back(world, client, new_client):
    with clock.frozen(NOW):
        sitting = sitting_of(world)
        do(lambda: recusals.ask_recusal(sitting.matter, world["M02"], "My garden.", actor=world["M02"]))
        main(sitting, seconder=None)
        seen = {}
        for code in ("M01", "M02", "M03", "P01", "C01"):
            seen[code] = waiting_part(sign_in(in_english(new_client()), f"mochou-{code.lower()}"))
        assert seen["M03"] == "M1 needs a second Green"
        assert seen["P01"] == "M1 needs a second Green 1 recusal waits for your approval Green"
        assert {seen[code] for code in ("M01", "M02", "C01")} == {"Nothing is waiting for you."}


def test_comments_wait_for_the_desk_until_they_are_answered(world, client):
    window = opened(world)
    with clock.frozen(at("2026-03-28T10:00")):
        comment(world, window)
        sign_in(in_english(client), "mochou-c01")
        assert waiting_part(client) == "1 comment to answer Vegetables on the green"


def test_a_resident_is_told_of_no_offices_work(world, client):
    assert "Waiting for you" not in text_of(sign_in(in_english(client), "mochou-r01").get("/me/"))


def test_an_open_vote_is_the_first_thing_on_the_home_page_and_on_ones_own(world, client, new_client):
    with clock.frozen(NOW):
        sitting = sitting_of(world)
        do(lambda: votes.put(main(sitting), actor=world["P01"]))
        sign_in(in_english(client), "mochou-m05")
        for path in ("/c/mochou/", "/me/"):
            page = text_of(client.get(path))
            assert -1 < page.find("A vote is waiting for you") < 80, path
        assert "A vote is waiting" not in text_of(in_english(new_client()).get("/c/mochou/"))
        assert "A vote is waiting" not in text_of(sign_in(in_english(new_client()), "mochou-r01").get("/c/mochou/"))


def test_my_page_sends_the_same_statements_for_one_motion_and_for_thirty(app, world, client):
    with clock.frozen(NOW):
        sitting = sitting_of(world)
        main(sitting)
        sign_in(client, "mochou-s01")
        counts = []
        for more in (1, 29):
            for _ in range(more):
                number = len(counts) * 100 + _
                amendment(sitting, Op.INSERT_AT_END, None, f"Paragraph {number}.", seconder=None)
            db.session.rollback()
            client.get("/me/")
            with statements(app) as sent:
                assert client.get("/me/").status_code == 200
            counts.append(len(sent))
        assert counts[0] == counts[1]
        assert "A30" in client.get("/me/").text


def test_ones_own_page_has_the_menu_of_ones_council(world, client, new_client):
    menu = 'href="/c/mochou/forum/"'
    assert menu in sign_in(client, "mochou-s01").get("/me/").text
    resident = sign_in(new_client(), "mochou-r01")
    assert menu in resident.get("/me/").text  # the only council there is
    unit = do(lambda: people.add_unit("community", "Qingliang"))
    given = {"slug": "qingliang", "name": "清凉", "zone": "Asia/Shanghai", "number_prefix": "清", "starts_on": START}
    do(lambda: councils.found(unit, **given))
    assert menu not in resident.get("/me/").text
    assert menu in resident.get("/me/", headers={"Referer": "http://localhost/c/mochou/forum/"}).text
    assert menu not in resident.get("/me/", headers={"Referer": "http://evil.example/c/mochou/forum/"}).text
