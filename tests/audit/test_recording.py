"""Law 1: no write without a record, for every recorded table and every road to the database."""

import json
from datetime import date

import pytest
from sqlalchemy import delete, insert, inspect, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import make_transient_to_detached

from deliberation.agenda import services as agenda
from deliberation.agenda.models import Matter
from deliberation.agenda.states import Act
from deliberation.audit import recorded_tables
from deliberation.audit.actions import ACTIONS
from deliberation.audit.models import Entry, PersonalRecord
from deliberation.audit.recording import Capacity, UnrecordedWrite, commitment_of, recording
from deliberation.audit.services import personal, verify
from deliberation.extensions import db, registry, transaction
from deliberation.kernel.errors import Refused
from deliberation.people.models import Household, Person
from tests.builders import do

# What may change without an entry, and why. Nothing else: the test below compares this list with the tables.
EXCEPTIONS = {
    "audit_log", "audit_entry", "audit_node", "audit_about", "audit_signed",  # the log itself, with doors of its own
    "audit_anchor", "audit_cosignature",  # facts about other people's machines: an entry a night would make the log grow by itself
    "audit_actor",  # the deletable tie between a reference and a person
    "login_session", "login_attempt", "security_event",  # short-lived, never public
    "once_key", "setting",
    "roll", "box", "sealed_hash", "opened_ballot",  # secret votes: an entry each would tell the order in which people voted
    "paper", "paper_tally", "paper_typed",  # and so would one for each paper that is given out or typed in
    "comment_box",  # what came sealed with each ballot of a rating
    "floor_hand",  # who asks to speak, gone when the floor is given; the speech is recorded
    "setup_draft",  # answers before a council is founded, gone with the founding
}  # fmt: skip


def mapped():
    return {m.local_table.name: m.class_ for m in registry.mappers if m.local_table.name in recorded_tables()}


def entries(log_id):
    bodies = db.session.scalars(db.select(Entry.body).where(Entry.log_id == log_id).order_by(Entry.seq))
    return [json.loads(body) for body in bodies]


def test_every_table_is_recorded_or_on_the_one_list_of_exceptions(app):
    assert set(db.metadata.tables) - recorded_tables() == EXCEPTIONS


def refused(run):
    with transaction():
        with pytest.raises(UnrecordedWrite):
            run()
        db.session.rollback()


def test_flushes_outside_a_recording_are_refused_for_every_recorded_table(app_context):
    for cls in mapped().values():
        key = {c.key: 1 for c in inspect(cls).primary_key}

        def add(cls=cls):
            db.session.add(cls())
            db.session.flush()

        def change(cls=cls, key=key):
            row = cls(**key)
            make_transient_to_detached(row)
            db.session.add(row)
            column = next(c for c in inspect(cls).columns if not c.primary_key)
            setattr(row, inspect(cls).get_property_by_column(column).key, None)
            db.session.flush()

        def remove(cls=cls, key=key):
            row = cls(**key)
            make_transient_to_detached(row)
            db.session.add(row)
            db.session.delete(row)
            db.session.flush()

        for run in (add, change, remove):
            refused(run)


def statements(table):
    column = next(iter(table.columns))
    yield insert(table).values({c.name: date(2026, 1, 1) if c.name == "day" else 1 for c in table.primary_key})
    yield update(table).values({column.name: column})
    yield delete(table)
    yield text(f"/* hidden */ DELETE FROM {table.name}")
    yield text(f'UPDATE "{table.name}" SET {column.name} = {column.name}')
    yield text(f"WITH gone AS (SELECT 1) DELETE FROM {table.name}")


def roads(statement):
    yield lambda: db.session.execute(statement)
    yield lambda: db.session.connection().execute(statement)


@pytest.mark.parametrize("inside", [False, True], ids=["outside a recording", "inside a recording"])
def test_bulk_statements_are_refused_for_every_recorded_table_and_for_the_log(world, inside):
    capacity = Capacity(None, "installation", 1)

    def within(road):
        with recording(capacity, "person.add"):
            road()

    for name in sorted(recorded_tables() | {"audit_entry", "audit_node", "audit_log", "audit_about"}):
        for statement in statements(db.metadata.tables[name]):
            for road in roads(statement):
                refused((lambda road=road: within(road)) if inside else road)


def test_orm_bulk_helpers_are_refused(world):
    matter = do(lambda: agenda.open_matter(world.council, title="t", problem="p", actor=world["S01"]))
    refused(lambda: db.session.bulk_update_mappings(Matter, [{"id": matter.id, "title": "x"}]))
    refused(lambda: db.session.bulk_insert_mappings(Person, [{"id": 999, "name_id": 1}]))
    refused(lambda: db.session.query(Matter).update({"title": "x"}))
    refused(lambda: db.session.connection().exec_driver_sql("UPDATE matter SET title = 'x'"))


def test_a_recording_outside_a_transaction_is_refused(world):
    with pytest.raises(UnrecordedWrite), recording(Capacity(None, "installation", 1), "person.add"):
        pass


def test_what_an_action_does_not_declare_is_refused(world):
    matter = do(lambda: agenda.open_matter(world.council, title="t", problem="p", actor=world["S01"]))
    capacity = Capacity(world["S01"].id, "secretary_general", world.council.log_id, world.council.id)

    def undeclared_column():
        with recording(capacity, "matter.edit", matter):
            matter.title = "declared"
            matter.number = 77

    def undeclared_table():
        with recording(capacity, "matter.edit", matter):
            db.session.add(Household(unit_id=1, code_hash="x"))

    def undeclared_deletion():
        with recording(capacity, "matter.edit", matter):
            db.session.delete(matter)

    before = len(entries(world.council.log_id))
    for run in (undeclared_column, undeclared_table, undeclared_deletion):
        refused(run)
    assert matter.title == "t"
    assert len(entries(world.council.log_id)) == before


def test_a_row_of_another_council_is_refused(world):
    capacity = Capacity(world["S01"].id, "secretary_general", world.council.log_id, 999)
    matter = do(lambda: agenda.open_matter(world.council, title="t", problem="p", actor=world["S01"]))

    def run():
        with recording(capacity, "matter.edit", matter):
            matter.title = "x"

    refused(run)


def test_recordings_do_not_nest_and_one_transaction_holds_one_log(world):
    capacity = Capacity(None, "installation", world.council.log_id, world.council.id)

    def nested():
        with recording(capacity, "council.found"), recording(capacity, "council.found"):
            pass

    def two_logs():
        with recording(capacity, "council.found"):
            pass
        with recording(Capacity(None, "installation", 1), "person.add"):
            pass

    refused(nested)
    refused(two_logs)


def test_an_exception_takes_rows_and_entry_back_and_a_swallowed_one_dooms_the_transaction(world):
    size = len(entries(world.council.log_id))
    matter = do(lambda: agenda.open_matter(world.council, title="t", problem="p", actor=world["S01"]))

    def swallowed():
        try:
            with recording(Capacity(world["S01"].id, "clerk", world.council.log_id, world.council.id), "matter.edit", matter):
                matter.title = "half"
                db.session.flush()
                raise KeyError
        except KeyError:
            pass

    with pytest.raises(UnrecordedWrite, match="rolled back"):
        do(swallowed)
    db.session.rollback()
    assert matter.title == "t"
    assert len(entries(world.council.log_id)) == size + 1


def test_the_entry_tells_what_was_flushed_and_nothing_else(world):
    matter = do(lambda: agenda.open_matter(world.council, title="Secret title", problem="p", actor=world["S01"]))
    do(lambda: agenda.hand_over(matter, Act.TO_COMMITTEE, actor=world["S01"]))
    body = entries(world.council.log_id)[-1]
    assert body["action"] == "matter.hand_over"
    assert body["matters"] == [matter.id]
    assert {"id": matter.id, "set": {"state": "drafting"}, "table": "matter"} in [
        {**row, "set": {k: v for k, v in row["set"].items() if k != "state_since"}} for row in body["rows"]
    ]
    assert "Secret title" not in json.dumps(entries(world.council.log_id))


def test_an_act_too_large_for_one_entry_is_refused_in_words_and_leaves_nothing(world):
    capacity = Capacity(None, "installation", 1)

    def keep(many):
        with recording(capacity, "person.add"):
            db.session.add_all(personal(1, "person.name", "张三") for _n in range(many))

    size, held = len(entries(1)), db.session.query(PersonalRecord).count()
    with pytest.raises(Refused) as refusal:
        do(lambda: keep(500))
    assert refusal.value.code == "too_long"
    db.session.rollback()
    assert (len(entries(1)), db.session.query(PersonalRecord).count()) == (size, held)
    do(lambda: keep(100))
    assert len(entries(1)) == size + 1


def test_a_personal_text_is_committed_and_opens_while_it_lives(world):
    capacity = Capacity(None, "installation", 1)

    def keep():
        with recording(capacity, "person.add") as record:
            record.subject = row = personal(1, "person.name", "张三")
            db.session.add(row)
        return row

    row = do(keep)
    shown = entries(1)[-1]["rows"][0]
    assert shown["commitment"] == commitment_of(row)
    assert shown["set"] == {"kind": "person.name", "log_id": 1}
    assert len(row.salt) == 32
    assert "张三" not in json.dumps(shown, ensure_ascii=False)
    with pytest.raises(ValueError, match="32 bytes"):
        commitment_of(PersonalRecord(kept="x", salt=None, kind="x"))


def test_every_column_of_a_recorded_table_says_how_it_is_shown_and_some_action_declares_its_table(app):
    unclassified = [
        f"{t}.{c.name}" for t in recorded_tables() for c in db.metadata.tables[t].columns if "log" not in c.info
    ]
    assert unclassified == []
    created = set().union(*(a.creates for a in ACTIONS.values()))
    assert recorded_tables() - created == set()


def test_actions_declare_only_tables_and_columns_that_exist(app):
    wrong = []
    for action in ACTIONS.values():
        wrong += [f"{action.name}: {t}" for t in action.creates | action.deletes if t not in recorded_tables()]
        for table, columns in action.changes.items():
            known = set(db.metadata.tables[table].columns.keys()) if table in recorded_tables() else set()
            wrong += [f"{action.name}: {table}.{column}" for column in columns - known]
    assert wrong == []


def test_committed_columns_have_a_salt_beside_them(app):
    for name in recorded_tables():
        columns = db.metadata.tables[name].columns
        if any(c.info["log"] == "committed" for c in columns):
            assert columns["salt"].info["log"] == "withheld"


def test_no_cascade_of_the_database_reaches_a_recorded_table(app):
    cascades = [
        f"{table.name}.{key.parent.name}"
        for table in db.metadata.tables.values()
        for key in table.foreign_keys
        if key.ondelete or key.onupdate
    ]
    assert cascades == []


def test_an_append_costs_the_same_statements_whatever_the_size_and_reads_no_entry(world):
    seen = []

    def watch(conn, cursor, sql, parameters, context, many):
        seen.append(sql)

    counts = []
    for _ in range(40):
        seen.clear()
        db.event.listen(db.engine, "before_cursor_execute", watch)
        do(lambda: agenda.open_matter(world.council, title="t", problem="p", actor=world["S01"]))
        db.event.remove(db.engine, "before_cursor_execute", watch)
        counts.append(len(seen))
        assert not [sql for sql in seen if "SELECT" in sql.upper() and "audit_entry" in sql and "INSERT" not in sql.upper()]
    assert len(set(counts)) == 1
    assert all(found.bad_seq is None for found in verify())


def test_a_savepoint_that_failed_leaves_no_door_open(world):
    def after_a_failed_flush():
        capacity = Capacity(world["S01"].id, "clerk", world.council.log_id, world.council.id)
        with pytest.raises(IntegrityError), recording(capacity, "matter.open"), db.session.begin_nested():
            db.session.add(Matter(council_id=world.council.id))
            db.session.flush()
        db.session.connection().exec_driver_sql("UPDATE council SET slug = 'taken'")

    with pytest.raises(UnrecordedWrite, match="council cannot be written"):
        do(after_a_failed_flush)
    db.session.rollback()
