"""What waits for a person stands first on their pages, and costs the same for one thing and for thirty."""

from deliberation.agenda import recusals
from deliberation.agenda import services as agenda
from deliberation.agenda.states import Act
from deliberation.councils import services as councils
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.meetings import services as meetings
from deliberation.meetings import votes
from deliberation.motions.amend import Op
from deliberation.people import services as people
from tests.builders import START, at, do
from tests.motions.debates import NOW, amendment, main, sitting_of
from tests.review.scenes import comment, opened
from tests.web import in_english, sign_in, statements, text_of


def waiting_part(client):
    """What waits, without the meetings that come back: those have a test of their own."""
    page = text_of(client.get("/me/"))
    return page.partition("Waiting for you")[2].partition("My offices")[0].partition("Joint affairs meeting")[0].strip()


def test_a_motion_without_a_second_waits_for_every_member_but_its_mover_and_who_stepped_back(world, client, new_client):
    with clock.frozen(NOW):
        sitting = sitting_of(world)
        do(lambda: recusals.ask_recusal(sitting.matter, world["M02"], "My garden.", actor=world["M02"]))
        main(sitting, seconder=None)
        seen = {}
        for code in ("M01", "M02", "M03", "P01", "C01"):
            seen[code] = waiting_part(sign_in(in_english(new_client()), f"mochou-{code.lower()}"))
        now = "The council is in session now, at 社区活动室 mochou council"
        needed = f"{now} Main motion M1 on “Green” needs a second {sitting.matter.no}"
        assert seen["M03"] == needed
        assert seen["P01"] == f"{needed} 1 recusal waits for your approval Green"
        assert {seen[code] for code in ("M01", "M02", "C01")} == {now}


def test_an_amendment_is_named_in_words_in_every_list(world, client, new_client):
    with clock.frozen(NOW):
        sitting = sitting_of(world)
        main(sitting)
        amendment(sitting, Op.INSERT_AT_END, None, "A bench.", mover="M03", seconder=None)
        assert "Amendment A1 to “Green” needs a second" in waiting_part(sign_in(in_english(client), "mochou-m05"))
        assert "Amendment A1 · " in text_of(sign_in(in_english(new_client()), "mochou-m03").get("/me/"))


def planned_for(world, hour, called=True):
    matter = do(lambda: agenda.open_matter(world.council, title="Green", problem="Beds.", actor=world["S01"]))
    do(lambda: agenda.hand_over(matter, Act.TO_COMMITTEE, actor=world["S01"]))
    do(lambda: agenda.write_plan(matter, ["One."], powers="within", actor=world["S01"]))
    do(lambda: agenda.hand_over(matter, Act.TO_COUNCIL, actor=world["S01"]))
    people = {"chair": world["P01"], "clerk": world["C01"], "actor": world["S01"]}
    given = {"starts_at": at(hour), "place": "社区活动室", "matters": [matter], "materials": ["Beds"], **people}
    meeting = do(lambda: meetings.plan(world.council, **given))
    if called:
        do(lambda: meetings.call(meeting, actor=world["S01"]))
    return meeting


def test_a_session_that_was_called_waits_for_the_members_and_on_its_day_for_its_chair(world, new_client):
    with clock.frozen(at("2026-03-20T09:00")):
        address = f"/c/mochou/meetings/{planned_for(world, '2026-03-26T14:00').id}"
        db.session.rollback()
        readers = {code: sign_in(in_english(new_client()), f"mochou-{code.lower()}") for code in ("M01", "P01", "S01", "V01")}
        line = "Session on March 26, 2026 (Thu) 14:00, at 社区活动室 mochou council"
        assert {code: waiting_part(reader) for code, reader in readers.items()} == {
            "M01": line, "P01": line, "S01": line, "V01": "Nothing is waiting for you.",
        }  # fmt: skip
        assert f'href="{address}"' in readers["M01"].get("/me/").text
    with clock.frozen(at("2026-03-26T08:00")):
        assert waiting_part(readers["M01"]) == line
        assert waiting_part(readers["P01"]) == "Open the session of March 26, 2026 (Thu) 14:00, at 社区活动室 mochou council"
    with clock.frozen(at("2026-03-27T08:00")):
        assert waiting_part(readers["M01"]) == "Nothing is waiting for you."


def test_a_session_without_a_notice_waits_for_the_secretary_alone(world, client, new_client):
    with clock.frozen(at("2026-03-20T09:00")):
        planned_for(world, "2026-03-26T14:00", called=False)
        part = waiting_part(sign_in(in_english(client), "mochou-s01"))
        assert part == "Send the notice of the session on March 26, 2026 (Thu) 14:00 mochou council"
        assert waiting_part(sign_in(in_english(new_client()), "mochou-m01")) == "Nothing is waiting for you."


def test_my_page_sends_the_same_statements_for_one_session_and_for_many(app, world, client):
    with clock.frozen(at("2026-03-20T09:00")):
        sign_in(in_english(client), "mochou-s01")
        counts = []
        for days in (("26",), ("27", "28", "29", "30")):
            for day in days:
                planned_for(world, f"2026-03-{day}T14:00", called=day < "28")
            db.session.rollback()
            client.get("/me/")
            with statements(app) as sent:
                page = waiting_part(client)
            counts.append(len(sent))
        assert counts[0] == counts[1]
        assert (page.count("Session on"), page.count("Send the notice")) == (1, 3)


def test_one_signs_out_of_this_device_by_one_button_and_of_others_by_another(world, client, new_client):
    sign_in(in_english(client), "mochou-m01")
    sign_in(new_client(), "mochou-m01")
    part = text_of(client.get("/me/")).partition("Where I am signed in")[2]
    assert (part.count("Log out"), part.count("Sign out that device"), part.count("Sign out this device")) == (1, 1, 0)


def test_comments_wait_for_the_desk_until_they_are_answered(world, client):
    window = opened(world)
    with clock.frozen(at("2026-03-28T10:00")):
        comment(world, window)
        sign_in(in_english(client), "mochou-c01")
        assert waiting_part(client) == "1 comment to answer Vegetables on the green"


def test_a_resident_is_told_of_no_offices_work(world, client):
    assert "Waiting for you" not in text_of(sign_in(in_english(client), "mochou-r01").get("/me/"))


def test_only_who_moves_and_votes_reads_of_motions_and_votes(world, new_client):
    pages = {code: text_of(in_english(sign_in(new_client(), world.account(code))).get("/me/")) for code in ("M01", "D01", "R01")}
    assert {code: "My votes" in page for code, page in pages.items()} == {"M01": True, "D01": False, "R01": False}
    assert all(page.index("My appeals") < page.index("Where I am signed in") for page in pages.values())


def test_an_open_vote_is_the_first_thing_on_the_home_page_and_on_ones_own(world, client, new_client):
    with clock.frozen(NOW):
        sitting = sitting_of(world)
        do(lambda: votes.put(main(sitting), actor=world["P01"]))
        sign_in(in_english(client), "mochou-m05")
        for path in ("/c/mochou/", "/me/"):
            page = text_of(client.get(path))
            assert -1 < page.find("A vote is waiting for you") < 80, path
        assert "It is about “Green”." in page
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
