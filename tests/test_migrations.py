"""The migrations make exactly the tables of the models, and go down again."""

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, inspect, text

from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.meetings import minutes
from deliberation.meetings import services as meetings
from deliberation.privacy import services as privacy
from tests.audit.test_verifying import tamper
from tests.builders import do
from tests.conftest import let_go, make_app
from tests.motions.debates import NOW, sitting_of
from tests.privacy.test_erasures import run


def triggers(connection):
    if connection.dialect.name == "sqlite":
        return connection.scalar(text("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'"))
    return connection.scalar(text("SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal"))


def columns(connection):
    tables = inspect(connection)
    return {name: sorted(c["name"] for c in tables.get_columns(name)) for name in tables.get_table_names()}


def test_up_down_and_up_again(empty_database_url):
    app = make_app(empty_database_url)
    with app.app_context():
        flask_migrate.upgrade(revision="head")
        with db.engine.connect() as connection:
            first = columns(connection)
            held = triggers(connection)
        assert held > 0
        assert set(first) == {*db.metadata.tables, "alembic_version"}
        flask_migrate.downgrade(revision="base")
        with db.engine.connect() as connection:
            assert inspect(connection).get_table_names() == ["alembic_version"]
            assert triggers(connection) == 0
        flask_migrate.upgrade(revision="head")
        with db.engine.connect() as connection:
            again = columns(connection)
            assert (again, triggers(connection)) == (first, held)
    let_go(app)


@pytest.mark.parametrize(
    ("head", "table", "empty"),
    [
        ("0023", "audit_actor", ()),
        ("0021", "minutes", ()),
        ("0016", "minutes", ()),
        ("0015", "stay", ("minutes_objection", "minutes_edit", "minutes")),
        ("0014", "data_request", ()),
    ],
)
def test_a_step_down_that_would_destroy_records_is_refused_before_it_begins(world, caplog, head, table, empty):
    if table in ("audit_actor", "data_request"):
        do(lambda: privacy.ask(world.council, "What is kept?", actor=world["R01"]))
    else:
        with clock.frozen(NOW):
            sitting = sitting_of(world)
            do(lambda: meetings.close_meeting(sitting.meeting, actor=world["P01"]))
            do(lambda: minutes.lay_out(sitting.meeting, actor=world["C01"]))
    db.session.remove()
    # What stands above is gone already, and the step in question is asked by itself.
    tamper(*(f"DELETE FROM {name}" for name in empty), f"UPDATE alembic_version SET version_num = '{head}'")
    count = text(f"SELECT count(*) FROM {table}")
    held = db.session.scalar(count)
    db.session.remove()
    assert held > 0
    with pytest.raises(SystemExit):
        flask_migrate.downgrade(revision="-1")
    assert "cannot hold" in caplog.text
    db.session.remove()
    assert db.session.scalar(count) == held


def test_one_step_down_by_the_command_and_up_again(world, app):
    at = text("SELECT version_num FROM alembic_version")
    who = text("SELECT log_id, person_id, ref FROM audit_actor ORDER BY log_id, ref")
    newest, refs = db.session.scalar(at), db.session.execute(who).all()
    assert len(refs) > 20
    for step, stands in ((("downgrade",), False), (("upgrade",), True)):
        assert run(app, "db", *step).exit_code == 0
        assert (db.session.scalar(at) == newest) is stands
        assert db.session.execute(who).all() == refs


def test_the_models_ask_for_nothing_that_the_migrations_do_not_make(app_context):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []


def test_every_condition_of_the_models_stands_in_the_database(app_context):
    """A table made anew on SQLite loses its conditions without a word; autogenerate does not compare them."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            told = " ".join(connection.execute(text("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")).scalars())
        else:
            told = " ".join(connection.execute(text("SELECT conname FROM pg_constraint")).scalars())
    every = [one for table in db.metadata.tables.values() for one in table.constraints]
    wanted = {str(one.name) for one in every if isinstance(one, CheckConstraint)}
    assert {name for name in wanted if name not in told} == set()
    assert len(wanted) > 60
