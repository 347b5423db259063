"""The first way in: a printed card of eight digits, which opens once."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from deliberation.audit.models import Entry
from deliberation.audit.recording import read, recording
from deliberation.blueprints.card_faces import face
from deliberation.extensions import db, transaction
from deliberation.kernel import clock
from deliberation.kernel.errors import DomainError, Refused
from deliberation.people import cards, services, sessions, throttle
from deliberation.people.cards import WrongCard
from deliberation.people.models import Account, Card, LoginSession
from tests.builders import do
from tests.web import in_english, post, sign_in, text_of

KEY = cards.key_from("test")
HERE = {"key": KEY, "address": "203.0.113.5"}


def account(login="mochou-m01"):
    return db.session.scalars(select(Account).where(Account.login == login)).one()


def printed(login="mochou-m01"):
    """A fresh card for somebody: its digits."""
    code = do(lambda: cards.issue(account(login), key=KEY)).code
    db.session.rollback()
    return code


def newest(action):
    db.session.rollback()
    bodies = [read(body) for body in db.session.scalars(select(Entry.body).order_by(Entry.seq.desc()))]
    return next(body for body in bodies if body["action"] == action)


def enter(client, code, device="own", **more):
    return post(client, "/card/use", {"code": code, "device": device, **more}, page="/card")


def test_scanning_and_one_press_lead_in(world, client):
    code = printed()
    page = in_english(client).get(f"/card/{code}")
    assert "You are M01" in text_of(page)
    assert "mochou council · Council member" in text_of(page)
    answer = enter(client, code)
    assert (answer.status_code, answer.location) == (302, "/")
    assert "Signed in as M01." in text_of(client.get("/me/"))


def test_typing_the_digits_leads_to_the_same_question(world, client):
    code = printed()
    full_width = "".join(chr(ord(one) + 0xFEE0) for one in code)
    for typed in (code, f"{code[:4]} {code[4:]}", f"{code[:4]}-{code[4:]}", full_width):
        assert "You are M01" in text_of(post(in_english(client), "/card", {"code": typed}))


def test_no_browser_keeps_a_page_that_names_the_owner(world, client):
    assert client.get(f"/card/{printed()}").headers["Cache-Control"] == "no-store"


def test_looking_at_a_card_any_number_of_times_does_not_spend_it(world, client, new_client):
    code = printed()
    for _ in range(3):
        assert "M01" in new_client().get(f"/card/{code}").text
        assert post(new_client(), "/card", {"code": code}).status_code == 200
    assert enter(client, code).status_code == 302


def test_a_card_opens_once(world, client, new_client):
    code = printed()
    assert enter(client, code).status_code == 302
    other = in_english(new_client())
    for answer in (other.get(f"/card/{code}"), enter(other, code)):
        assert answer.status_code == 409
        assert "This card has been used already. The administrator of your council prints a new one" in text_of(answer)
    assert other.get("/me/").status_code == 403


def test_the_owner_who_scans_a_second_time_is_led_on(world, client):
    code = printed()
    enter(client, code)
    assert client.get(f"/card/{code}").location == "/me/"


def test_two_presses_at_the_same_time_open_once(app, world):
    code = printed()
    start, won, lost = threading.Barrier(2), [], []

    def press():
        with app.app_context():
            start.wait()
            try:
                with transaction():
                    won.append(cards.use(code, **HERE))
            except Refused as error:
                lost.append(error.code)

    both = [threading.Thread(target=press) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert (len(won), lost) == (1, ["used"])
    assert len(db.session.scalars(select(LoginSession)).all()) == 1


def test_a_card_lasts_thirty_days(world, client):
    code = printed()
    with clock.frozen(clock.now() + cards.VALID_FOR - timedelta(minutes=1)):
        assert client.get(f"/card/{code}").status_code == 200
    with clock.frozen(clock.now() + cards.VALID_FOR + timedelta(minutes=1)):
        answer = enter(in_english(client), code)
        assert (answer.status_code, "no longer valid" in text_of(answer)) == (409, True)


def test_a_new_card_voids_the_one_before(world, client):
    old, new = printed(), printed()
    assert enter(client, old).status_code == 409
    assert enter(client, new).status_code == 302
    voided = newest("card.issue")["rows"]
    assert [row["set"].get("voided_at") is not None for row in voided if not row.get("new")] == [True]


def test_the_database_itself_keeps_one_living_card_an_account(world):
    printed()
    owner = account().id
    db.session.rollback()

    def another():
        with recording(services.installation(), "card.issue"):
            now = clock.now()
            db.session.add(Card(account_id=owner, code_hash="0" * 64, issued_at=now, expires_at=now + cards.VALID_FOR))

    with pytest.raises(IntegrityError, match=r"card\.account_id|uq_card_living"):
        do(another)


def test_a_revoked_card_opens_nothing(world, client):
    code = printed()
    do(lambda: cards.revoke(account()))
    assert enter(in_english(client), code).status_code == 409
    assert newest("card.revoke")["rows"][0]["set"].keys() == {"voided_at"}
    do(lambda: cards.revoke(account()))


def test_a_card_of_a_closed_account_opens_nothing_and_none_is_printed(world, client):
    code = printed()
    do(lambda: services.disable(account()))
    assert enter(client, code).status_code == 409
    with pytest.raises(Refused, match="closed"):
        printed()


def test_no_entry_and_no_row_holds_the_digits(world, client):
    code = printed()
    enter(client, code)
    db.session.rollback()
    assert db.session.scalars(select(Card.code_hash)).one() != code
    for body in db.session.scalars(select(Entry.body)):
        assert code.encode() not in body
    issued, used = newest("card.issue"), newest("card.use")
    assert (issued["office"], used["office"], "actor" in used) == ("installation", "resident", True)
    assert "code_hash" not in str(issued)


def test_with_another_secret_no_card_fits(world):
    code = printed()
    with pytest.raises(WrongCard):
        do(lambda: cards.look_up(code, key=cards.key_from("another"), address="203.0.113.5"))


def test_wrong_digits_are_slowed_down_by_address_and_over_all(world, new_client):
    right = printed()
    with clock.frozen(clock.now()):
        for n in range(throttle.CARDS_IN_ALL // throttle.CARDS_PER_ADDRESS):
            stranger = in_english(new_client())
            stranger.environ_base["REMOTE_ADDR"] = f"203.0.113.{n}"
            tries = [stranger.get("/card/00000000").status_code for _ in range(throttle.CARDS_PER_ADDRESS + 1)]
            assert tries == [422] * throttle.CARDS_PER_ADDRESS + [409]
        elsewhere = in_english(new_client())
        elsewhere.environ_base["REMOTE_ADDR"] = "198.51.100.7"
        assert "Too many tries." in text_of(elsewhere.get(f"/card/{right}"))
    with clock.frozen(clock.now() + throttle.WINDOW + timedelta(seconds=1)):
        assert enter(elsewhere, right).status_code == 302


def test_wrong_digits_at_the_last_step_count_too_and_write_nothing_else(world, client):
    answer = enter(in_english(client), "00000000")
    assert (answer.status_code, "No card has these eight digits." in text_of(answer)) == (422, True)
    with clock.frozen(clock.now()):
        codes = [enter(client, "00000000").status_code for _ in range(throttle.CARDS_PER_ADDRESS)]
    assert codes[-1] == 409
    db.session.rollback()
    assert db.session.scalars(select(LoginSession)).all() == []


def test_somebody_else_signed_in_here_is_signed_out(world, client):
    sign_in(client, "mochou-m02")
    assert enter(client, printed()).status_code == 302
    assert "M01" in text_of(client.get("/me/"))
    db.session.rollback()
    assert [one.revoked_at is None for one in db.session.scalars(select(LoginSession).order_by(LoginSession.id))] == [False, True]


def test_without_the_answer_about_the_device_nothing_is_spent(world, client):
    code = printed()
    assert enter(client, code, device="").status_code == 422
    assert enter(client, code, device="neither").status_code == 422
    assert enter(client, code).status_code == 302


def test_an_account_without_a_passphrase_opens_by_card_alone_until_its_owner_sets_one(world, client, new_client):
    do(lambda: services.open_account("newcomer", None, name="新会员"))
    for guess in ("", "x", "None"):
        assert post(new_client(), "/login", {"login": "newcomer", "password": guess}).status_code == 422
    enter(in_english(client), printed("newcomer"))
    page = text_of(client.get("/me/passphrase"))
    assert "Choose a passphrase" in page
    assert "present passphrase" not in page
    assert post(client, "/me/passphrase", {"password": "a plain new passphrase"}).location == "/me/"
    assert client.get("/me/").status_code == 200
    sign_in(new_client(), "newcomer", "a plain new passphrase")


def test_fresh_from_a_card_a_forgotten_passphrase_is_replaced_and_other_devices_are_signed_out(world, client, new_client):
    other = sign_in(new_client(), "mochou-m01")
    now = clock.now()
    enter(in_english(client), printed())
    with clock.frozen(now + sessions.FRESH + timedelta(minutes=1)):
        assert "Your present passphrase" in text_of(client.get("/me/passphrase"))
        refused = post(client, "/me/passphrase", {"password": "a plain new passphrase"})
        assert refused.status_code == 422
    assert post(client, "/me/passphrase", {"password": "a plain new passphrase"}).location == "/me/"
    assert [one.get("/me/").status_code for one in (client, other)] == [200, 403]
    sign_in(new_client(), "mochou-m01", "a plain new passphrase")


def test_without_a_card_the_old_passphrase_is_asked_for(world, client):
    sign_in(client, "mochou-m01")
    db.session.rollback()
    here = db.session.scalars(select(LoginSession)).one()
    with pytest.raises(DomainError, match="already"):
        do(lambda: services.choose_password(account(), "another plain passphrase", here=here))


def test_my_page_tells_of_a_card_that_is_out_and_makes_it_worthless(world, client):
    sign_in(in_english(client), "mochou-m01")
    code = printed()
    assert "A printed card opens your page" in text_of(client.get("/me/"))
    post(client, "/me/card/revoke", page="/me/")
    assert "A printed card" not in text_of(client.get("/me/"))
    with pytest.raises(Refused):
        do(lambda: cards.look_up(code, **HERE))


def test_a_printed_card_carries_square_digits_address_and_no_style(app, world):
    issued = do(lambda: cards.issue(account(), key=KEY, code="12345678"))
    with app.test_request_context("/", base_url="https://yishi.example"):
        paper = face(issued, name="会员", council="议事会")
        drawn = app.jinja_env.from_string('{% from "auth/_card.html" import printed %}{{ printed(face) }}').render(face=paper)
    assert (paper.digits, paper.address, paper.login) == ("1234 5678", "yishi.example/card", "mochou-m01")
    assert "mochou-m01" in drawn
    assert "1234 5678" in drawn
    assert drawn.count("<svg") == 1
    assert "style=" not in drawn


@pytest.mark.parametrize("typed", ["123", "abc", "1234 567", "123456789"])
def test_what_has_not_eight_digits_is_told_so_and_is_no_try(world, client, typed):
    for _ in range(throttle.CARDS_PER_ADDRESS + 1):
        answer = post(in_english(client), "/card", {"code": typed})
        assert (answer.status_code, "A card has eight digits." in text_of(answer)) == (422, True)
    assert "You are M01" in text_of(post(client, "/card", {"code": printed()}))


def test_whoever_lost_a_card_is_sent_to_the_administrator_who_can_print_one(world, client):
    page = text_of(in_english(client).get("/login"))
    assert "the administrator of your council prints a card for you" in page
    assert "station prints" not in page


def test_a_first_sign_in_on_a_shared_device_leads_to_a_passphrase_that_opens_again(world, client, new_client):
    do(lambda: services.open_account("newcomer", None, name="新会员"))
    answer = enter(in_english(client), printed("newcomer"), "shared", next="/c/mochou/")
    assert answer.location == "/me/passphrase?next=/c/mochou/"
    asked = client.get(answer.location)
    assert "Set a passphrase now" in text_of(asked)
    assert '<p class="entry-card-name">newcomer</p>' in asked.text
    assert 'href="/c/mochou/">Later</a>' in asked.text
    done = post(client, answer.location, {"password": "a plain new passphrase"})
    assert done.location == "/c/mochou/"
    sign_in(new_client(), "newcomer", "a plain new passphrase")


def test_later_leads_nowhere_else_and_ones_own_device_is_not_asked(world, client, new_client):
    page = enter(client, printed(), "shared")
    assert page.location == "/me/passphrase?next=/"
    assert 'href="//evil' not in client.get("/me/passphrase?next=//evil.example/").text
    assert enter(new_client(), printed("mochou-m02")).location == "/"


def test_the_demonstration_has_one_unused_card_that_survives_another_key(demo, client):
    demo.app.config["SECRET_KEY"] = "of another run"
    assert "Z04" in client.get("/card/20261221").text
    assert enter(client, "20261221").status_code == 302
