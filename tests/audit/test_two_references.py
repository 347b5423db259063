"""Nobody tells from the public entries what a member does as a resident: the two references of a person never meet."""

import json
from collections import Counter, defaultdict

import pytest
from sqlalchemy import select

from deliberation.agenda.models import Matter, Recusal
from deliberation.appeals import services as appeals
from deliberation.audit import recorded_tables
from deliberation.audit.actions import ACTIONS
from deliberation.audit.models import ActorRef, Entry
from deliberation.audit.recording import Capacity, UnrecordedWrite, recording
from deliberation.audit.replaying import differences
from deliberation.audit.services import verify
from deliberation.audit.values import names_person
from deliberation.extensions import db, transaction
from deliberation.implementation import services as implementation
from deliberation.kernel import clock
from deliberation.people.models import Person
from deliberation.privacy import services as privacy
from deliberation.privacy.models import DataRequest
from deliberation.privacy.states import State, Wish
from deliberation.review import services as review
from deliberation.review.models import CommentWindow
from deliberation.review.stances import Stance
from tests.builders import at, do
from tests.privacy.scenes import council, person
from tests.review.scenes import OPENING, comment, opened

# What names somebody as a resident, written down a second time: by the row, or as the row says.
RESIDENTS = {
    "comment.author_id", "appeal.appellant_id", "satisfaction.person_id", "hearing_participant.person_id",
    "hearing_application.person_id",
}  # fmt: skip
EITHER = {"data_request.person_id", "hearing_participant.noted_by_id"}
# Which acts may write such a field, and why nobody is named in it who acts in office.
MAY_NAME = {
    "comment.make": "by the author alone",
    "comment.transcribe": "paper names nobody",
    "comment.erase": "the author is taken out",
    "appeal.file": "the appellant by account, paper names nobody",
    "satisfaction.answer": "by oneself, paper names nobody",
    "satisfaction.slips": "paper names nobody",
    "hearing.join": "nobody enters themselves",
    "hearing.apply": "by oneself, paper names nobody",
    "hearing.draw": "nobody draws among whose applications an own one waits",
    "hearing.step_back": "oneself, or the clerk among whose applications no own one waits",
    "hearing.confirm": "by oneself, or the clerk of paper; who took part is not named",
    "hearing.reserve": "by oneself, or the clerk of paper; who took part is not named",
    "data_request.make": "by oneself, or the desk for another",
}


def persons(table):
    return [column for column in table.columns if column.info["log"] == "public" and names_person(column)]


def test_every_field_that_names_a_resident_and_every_act_that_writes_one_is_known():
    tables = {name: db.metadata.tables[name] for name in recorded_tables()}
    marked = {f"{name}.{c.name}": c.info["as_resident"] for name in tables for c in tables[name].columns if "as_resident" in c.info}
    assert {name for name, said in marked.items() if said is True} == RESIDENTS
    assert {name for name, said in marked.items() if said is not True} == EITHER
    assert set(marked) <= {f"{name}.{c.name}" for name in tables for c in persons(tables[name])}
    holding = {name.split(".")[0] for name in marked}
    writers = {
        name
        for name, one in dict(ACTIONS.items()).items()
        if one.creates & holding or any(f"{table}.{c}" in marked for table, changed in one.changes.items() for c in changed)
    }
    assert writers == set(MAY_NAME)


def named(body):
    """What an outsider reads of one entry: the references under which people are residents there, and the others."""
    residents, offices = set(), set()
    asks = body["action"].startswith(("personal_data.", "data_request."))  # on the side of the text: looked at below
    if "actor" in body and not asks:
        (residents if as_resident(body) else offices).add(body["actor"])
    for row in body["rows"]:
        told = row.get("set", {})
        for column in persons(db.metadata.tables[row["table"]]):
            field, ref = f"{row['table']}.{column.name}", told.get(column.name)
            if ref is None or field in EITHER:
                continue
            (residents if field in RESIDENTS else offices).add(ref)
    return residents, offices


def as_resident(body):
    """Whether the act is one that people do in their own cause, told by the entry alone."""
    own = {"comment.make", "comment.withdraw", "appeal.file", "appeal.rate", "hearing.apply", "hearing.confirm", "hearing.reserve"}
    own |= {"comment.erase", "hearing.step_back", "satisfaction.answer"}
    return body["office"] == "resident" and body["action"] in own


def bodies(log_id):
    rows = db.session.scalars(select(Entry.body).where(Entry.log_id == log_id).order_by(Entry.seq))
    return [json.loads(body) for body in rows]


def both(log_id):
    """The two references of everybody who has two: office → resident."""
    found = defaultdict(dict)
    for person_id, side, ref in db.session.execute(
        select(ActorRef.person_id, ActorRef.as_resident, ActorRef.ref).where(ActorRef.log_id == log_id)
    ):
        found[person_id][side] = ref
    return {one[False]: one[True] for one in found.values() if len(one) == 2}


def act_in_every_way(member, window):
    """A member comments, takes a comment back, files an appeal, says how satisfied one is, asks about a text of each kind."""
    do(lambda: appeals.file(window.matter.council, channel="online", text="The lamp is dark.", actor=member))
    closed = db.session.scalars(select(Matter).where(Matter.council_id == window.council_id, Matter.state == "closed")).first()
    do(lambda: implementation.record_satisfaction(closed, "satisfied", "online", member, actor=member))
    said = [do(lambda: review.comment(window, Stance.SUPPORT, "my words", actor=member)) for _ in range(3)]
    do(lambda: review.withdraw(said[0], actor=member))
    do(lambda: review.erase(said[1], actor=member))
    recused = db.session.scalars(select(Recusal).where(Recusal.person_id == member.id)).first()
    made = [do(lambda one=one: privacy.ask_about(one, Wish.DELETE, "", actor=member)) for one in (said[2].text, recused.reason)]
    made.append(do(lambda: privacy.ask(window.matter.council, "What is kept of me?", actor=member)))
    for one in (made[0], made[2]):
        do(lambda one=one: privacy.withdraw(one, actor=member))
    again = do(lambda: privacy.ask_about(said[2].text, Wish.RESTRICT, "", actor=member))
    do(lambda: privacy.answer(again, State.GRANTED, "", actor=person("A01")))
    do(lambda: privacy.lift(said[2].text, actor=member))
    return said, made


def test_what_a_member_does_as_a_resident_is_tied_to_no_act_in_office(demo):
    member = db.session.get_one(Person, db.session.scalars(select(Recusal.person_id)).first())
    window = db.session.scalars(select(CommentWindow).join(Matter).where(Matter.state == "in_review")).one()
    said, made = act_in_every_way(member, window)
    log_id = council().log_id
    read, pairs = bodies(log_id), both(log_id)
    residents, offices, times = set(), set(), Counter()
    for body in read:
        ours, theirs = named(body)
        residents |= ours
        offices |= theirs
        text = json.dumps(body)
        assert [one for one in pairs.items() if one[0] in text and one[1] in text] == [], body["action"]
        times.update(ref for ref in {*pairs, *pairs.values()} if ref in text)
    assert residents & offices == set()
    assert len(pairs) > 10
    assert min(times[ref] for pair in pairs.items() for ref in pair) > 0
    requests_stay_on_the_side_of_their_text(read, pairs, member, said, made)
    tables = {name: db.metadata.tables[name] for name in recorded_tables()}
    assert list(differences(tables)) == []
    assert [one for one in verify() if one.bad_seq is not None] == []


def requests_stay_on_the_side_of_their_text(read, pairs, member, said, made):
    """Its number leads from a request to the entry in which the text came in: the same reference stands in both."""
    office = next(ref for ref in pairs if ref in refs_of(member))
    told_of = [(body, row) for body in read for row in body["rows"] if row["table"] == "data_request" and "new" in row]
    rows = {row["id"]: (body, row["set"]) for body, row in told_of}
    of_comment, of_recusal, question = (rows[one.id] for one in made)
    for body, told in (of_comment, question):
        assert (told["person_id"], body["actor"], body["office"]) == (pairs[office], pairs[office], "resident")
    assert (of_recusal[1]["person_id"], of_recusal[0]["actor"]) == (office, office)
    own = [body for body in read if body.get("actor") == pairs[office]]
    assert {"appeal.file", "satisfaction.answer", "comment.make", "comment.withdraw", "comment.erase", "personal_data.erase",
            "personal_data.lift", "data_request.make", "data_request.withdraw"} <= {body["action"] for body in own}  # fmt: skip
    assert {body["office"] for body in own} == {"resident"}


def refs_of(member):
    return set(db.session.scalars(select(ActorRef.ref).where(ActorRef.person_id == member.id)))


def test_an_entry_that_would_name_somebody_on_both_sides_is_refused(world):
    """The door in the recording: in office the actor, as a resident in the row."""
    capacity = Capacity(world["M01"].id, "member", world.council.log_id, world.council.id)
    asked = DataRequest(
        council_id=world.council.id, kind="delete", person_id=world["M01"].id, as_resident=True, relation="self",
        made_at=at(OPENING), due_on=at(OPENING).date(), state="waiting", record_id=world["M01"].name_id,
    )  # fmt: skip
    with pytest.raises(UnrecordedWrite, match="in office and as a resident"), transaction(), recording(
        capacity, "data_request.make", asked
    ):
        db.session.add(asked)


def test_whoever_holds_an_office_acts_on_the_own_comment_and_is_not_told_by_it(world):
    """The secretary-general answers, covers and hides what the same person wrote: the entries name nobody as its author."""
    with clock.frozen(at(OPENING)):
        made = comment(world, opened(world), by="S01", text="my own words")
        do(lambda: review.reply(made, "noted", "Thank you.", actor=world["S01"]))
        do(lambda: review.mask(made, "my *** words", "personal_details", "A name stood here.", actor=world["S01"]))
    read, pairs = bodies(world.council.log_id), both(world.council.log_id)
    (office, own), = pairs.items()
    assert {body["action"] for body in read if own in json.dumps(body)} == {"comment.make"}
    assert {"comment.reply", "comment.mask"} <= {body["action"] for body in read if body.get("actor") == office}
