"""Fixtures shared by all rooms: a fresh migrated database for each test, and the application.

``--db postgresql`` runs the same suite on PostgreSQL: on the server named by TEST_DATABASE_URL
(its user must be allowed to create databases), else on one started for this run.
"""

import contextlib
import contextvars
import gc
import importlib
import itertools
import os
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import URL, Engine, NullPool, create_engine, make_url, text

from tools.with_postgres import postgres

pytest_plugins = ("tests.browser.fixtures",)

# A command that a test starts begins faster where its modules are compiled once.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# Several workers share few cores: a slow example says nothing about the code.
settings.register_profile(
    "suite", max_examples=60, deadline=None, database=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("suite")


# The tables, routes and templates of an application are a million objects that stay: to look through them again and again
# for what could be thrown away was a tenth of all the time.
gc.set_threshold(20_000, 20, 20)

DATABASES = {"database_server", "database_url", "empty_database_url"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--db", choices=("sqlite", "postgresql"), default="sqlite",
                     help="the database that the suite runs on (default: sqlite)")


def pytest_configure(config: pytest.Config) -> None:
    """Start one server for all workers, which inherit its address with the environment."""
    is_worker = hasattr(config, "workerinput")
    if (config.getoption("--db") == "postgresql" and not is_worker
            and not config.getoption("collectonly") and "TEST_DATABASE_URL" not in os.environ):
        stack = contextlib.ExitStack()
        config.add_cleanup(stack.close)
        os.environ["TEST_DATABASE_URL"] = stack.enter_context(postgres())
        stack.callback(os.environ.pop, "TEST_DATABASE_URL", None)


SAME_ON_BOTH = re.compile(
    r"test_\w*pages\.py|tests/setup/|test_procedure_hostile\.py|test_bad_input\.py::test_hostile_text|meetings/test_cost\.py|test_at14_"
    r"|browser/test_(first_day|at27_card_and_phone|large_print)\.py"
    r"|blueprints/test_(catalogue|checks|strange_addresses|offices|marks|waiting|print_size)\.py"
    r"|privacy/test_texts\.py::test_a_text_of_each|demo/test_loader\.py::test_two_loads"
    # Of a command that makes an installation, one test asks whether it does so on each database; the rest is about files.
    r"|cli/test_init\.py::(?!test_one_command|test_again)|cli/test_serve\.py::(?!test_a_database_with)"
)


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of the demonstration stay together: to play it takes seconds, so one worker does, once.
    Those marked ``once`` drive the browser for longer than that and go where there is time.

    Those that ask for no database are the same on both, and run with the first. So do those about what single pages show:
    every page and every form is walked on both (test_bad_input), and what pages stand on is tested there too.
    What takes longest comes first, so that no worker is left alone with it at the end.
    """
    for item in items:
        if not DATABASES.intersection(getattr(item, "fixturenames", ())) or SAME_ON_BOTH.search(item.nodeid):
            item.add_marker(pytest.mark.once)
        if "demo" in getattr(item, "fixturenames", ()) and item.get_closest_marker("once") is None:
            item.add_marker(pytest.mark.xdist_group("demo"))
    items.sort(key=lambda item: (item.get_closest_marker("browser") is None and item.get_closest_marker("wheel") is None,
                                 item.get_closest_marker("xdist_group") is None))


def pytest_report_header(config: pytest.Config) -> str:
    return f"database: {config.getoption('--db')}"


class SharedTemplates(BytecodeCache):
    """Templates compiled once a process: every test makes an application of its own."""

    def __init__(self) -> None:
        self.code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.code:
            bucket.bytecode_from_string(self.code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.code[bucket.key] = bucket.bytecode_to_string()


COMPILED = SharedTemplates()


def make_app(database_url: str) -> Flask:
    """The application as the suite runs it.

    Imported here and not above, so that a fault in an upper room does not stop the tests of
    the rooms below it.
    """
    app: Flask = importlib.import_module("deliberation.app").create_app({
        "SQLALCHEMY_DATABASE_URI": database_url,
        "TESTING": True,
        "SECRET_KEY": "test",
        # Never the key of whoever runs the tests in a folder that has one.
        "LOG_KEY": "/nowhere/log.key",
        "DURABLE": False,
        "ERASURE_LEDGER": f"{tempfile.mkdtemp()}/erasures.ledger",
    })
    # Argon2 as cheap as it gets: the suite signs in thousands of times.
    people = importlib.import_module("deliberation.people.services")
    people.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    app.test_client_class = SeparateClient
    app.jinja_env.bytecode_cache = COMPILED
    return app


def let_go(app: Flask) -> None:
    """Close every connection of this application, so that its database can be copied or dropped."""
    with app.app_context():
        for engine in app.extensions["sqlalchemy"].engines.values():
            engine.dispose()


class SeparateClient(FlaskClient):
    """A browser whose requests share nothing with the test around them.

    Flask lets a request join an application context that is already open. It would then see the
    database session and ``g`` of the test, where flask-login keeps the person logged in: one
    person's request would be answered as another's, and an uncommitted change would look saved.
    An empty ``contextvars`` context is what a request has in a real server.
    """

    def open(self, *args, **kwargs):
        return contextvars.Context().run(super().open, *args, **kwargs)

    def __enter__(self):
        raise TypeError("a client that keeps its request context shares it with the next client: "
                        "use client.session_transaction(), or app.test_request_context()")


class Server:
    """The PostgreSQL server of this run: makes databases from a template and drops them."""

    def __init__(self, url: URL) -> None:
        self.url = url
        self.engine: Engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        self.numbers = itertools.count(1)

    def name(self) -> str:
        """A name that no other database has: the process number keeps workers and runs apart on one server."""
        return f"deliberation_{os.getpid()}_{next(self.numbers)}"

    def create(self, *, template: str = "template0", name: str | None = None) -> str:
        name = name or self.name()
        with self.engine.connect() as connection:
            connection.execute(
                text(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
            )
        return name

    def drop(self, name: str) -> None:
        with self.engine.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))

    def address(self, name: str) -> str:
        return self.url.set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def database_server(request: pytest.FixtureRequest) -> Server | None:
    """The server to make databases on; None for SQLite, which needs none."""
    if request.config.getoption("--db") == "sqlite":
        return None
    return Server(make_url(os.environ["TEST_DATABASE_URL"]).set(drivername="postgresql+psycopg"))


def migrate(database_url: str) -> None:
    app = make_app(database_url)
    with app.app_context():
        flask_migrate.upgrade(revision="head")
    let_go(app)


@pytest.fixture(scope="session")
def template_database(
    database_server: Server | None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str | Path]:
    """An empty database at the newest migration, made once a worker and only ever copied."""
    if database_server is None:
        path = tmp_path_factory.mktemp("template") / "template.db"
        migrate(f"sqlite:///{path}")
        with contextlib.closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        yield path
        return
    name = database_server.create()
    try:
        migrate(database_server.address(name))
        yield name
    finally:
        database_server.drop(name)


@pytest.fixture
def empty_database_url(database_server: Server | None, tmp_path: Path) -> Iterator[str]:
    """A database without any table, for tests of migrations and of first starts."""
    if database_server is None:
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    name = database_server.create()
    try:
        yield database_server.address(name)
    finally:
        database_server.drop(name)


@contextlib.contextmanager
def copied(server: Server | None, template: str | Path, path: Path) -> Iterator[str]:
    """The address of a copy of a template database, dropped at the end."""
    if server is None:
        shutil.copyfile(template, path)
        yield f"sqlite:///{path}"
        return
    name = server.create(template=str(template))
    try:
        yield server.address(name)
    finally:
        server.drop(name)


@pytest.fixture(scope="session")
def world_template(
    database_server: Server | None, template_database: str | Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str | Path, dict[str, int]]]:
    """A database with the small world of tests/builders.py and an account for everybody, made once a worker."""
    builders = importlib.import_module("tests.builders")
    path = tmp_path_factory.mktemp("world") / "world.db"
    with contextlib.ExitStack() as stack:
        url = stack.enter_context(copied(database_server, template_database, path))
        app = make_app(url)
        with app.app_context():
            world = builders.make_world()
            for code in world.people:
                world.account(code)
            ids = {code: person.id for code, person in world.people.items()}
        let_go(app)
        if database_server is None:
            with contextlib.closing(sqlite3.connect(path)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        yield (path if database_server is None else str(make_url(url).database)), ids


@dataclass
class Demo:
    """The demonstration: every account has the one passphrase."""

    app: Flask
    password: str

    def login(self, code: str) -> str:
        return code


@pytest.fixture(scope="session")
def demo_template(
    database_server: Server | None, template_database: str | Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str | Path, str]]:
    """A database with the whole demonstration, played once a worker and only ever copied."""
    loader = importlib.import_module("deliberation.demo.loader")
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    with contextlib.ExitStack() as stack:
        url = stack.enter_context(copied(database_server, template_database, path))
        app = make_app(url)
        with app.app_context():
            loaded = loader.load()
        let_go(app)
        if database_server is None:
            with contextlib.closing(sqlite3.connect(path)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        yield (path if database_server is None else str(make_url(url).database)), loaded.password


@pytest.fixture
def demo(app_context: Flask, demo_template: tuple[str | Path, str]) -> Iterator[Demo]:
    """The demonstration, copied, with an open application context and its own clock."""
    clock = importlib.import_module("deliberation.kernel.clock")
    importlib.import_module("deliberation.app").is_demo(app_context)
    yield Demo(app_context, demo_template[1])
    clock.shift(timedelta())


@pytest.fixture(scope="session")
def workplace(database_server: Server | None, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str | Path]:
    """The one address (and name or path) at which this worker's tests find their database, each a fresh one."""
    if database_server is None:
        path = tmp_path_factory.mktemp("work") / "test.db"
        return f"sqlite:///{path}", path
    name = database_server.name()
    return database_server.address(name), name


@pytest.fixture
def database_url(
    request: pytest.FixtureRequest,
    database_server: Server | None,
    template_database: str | Path,
    workplace: tuple[str, str | Path],
) -> Iterator[str]:
    """The address of a fresh copy of the migrated database, for this test alone; with the small world or the
    demonstration for tests that ask for ``world`` or ``demo``."""
    template = template_database
    for kind in ("world", "demo"):
        if kind in request.fixturenames:
            template = request.getfixturevalue(f"{kind}_template")[0]
    url, place = workplace
    if database_server is None:
        # A new file, never an old one overwritten: where an answer is still being given, its connection keeps the file it
        # knows, and SQLite would say "disk I/O error" to every connection that meets it there.
        for rest in ("", "-wal", "-shm"):
            Path(f"{place}{rest}").unlink(missing_ok=True)
        shutil.copyfile(template, place)
        yield url
        return
    database_server.create(template=str(template), name=str(place))
    try:
        yield url
    finally:
        database_server.drop(str(place))


@pytest.fixture
def world(app_context: Flask, world_template: tuple[str | Path, dict[str, int]]) -> Any:
    """The small world of tests/builders.py, copied instead of built: use it where you can, it is ten times faster."""
    builders = importlib.import_module("tests.builders")
    return builders.found_world(world_template[1])


@pytest.fixture(scope="session")
def worker_app(workplace: tuple[str, str | Path]) -> tuple[Flask, dict[str, Any]]:
    """One application a worker, with its settings as they were at first: to make one takes as long as many a test."""
    app = make_app(workplace[0])
    _read_what_is_written()
    return app, dict(app.config)


def _read_what_is_written() -> None:
    """Whatever any test enters into a log, its sentence must be readable: the page would call it changed in the database."""
    recording = importlib.import_module("deliberation.audit.recording")
    actions = importlib.import_module("deliberation.audit.actions")
    words = importlib.import_module("deliberation.kernel.words")
    write = recording.append

    def checked(connection: Any, log_id: int, body: bytes, about: Any) -> int:
        said = actions.sentence(recording.read(body), words.Words)
        assert said.message != actions.UNREADABLE, body
        seq: int = write(connection, log_id, body, about)
        return seq

    recording.append = checked


@pytest.fixture
def app(database_url: str, worker_app: tuple[Flask, dict[str, Any]]) -> Iterator[Flask]:
    """The application on a fresh database. No context is open: see ``app_context``."""
    app, settings = worker_app
    app.config.clear()
    app.config.update(settings)
    yield app
    let_go(app)


@pytest.fixture
def _push_request_context() -> None:
    """Take the place of pytest-flask's fixture, which opens a request around every test.

    A service must not find a request by accident, and see SeparateClient.
    """


@pytest.fixture
def app_context(app: Flask) -> Iterator[Flask]:
    """An open application context, for tests that call services and queries directly."""
    with app.app_context():
        yield app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """One visitor's browser."""
    return app.test_client()


@pytest.fixture
def new_client(app: Flask) -> Callable[[], FlaskClient]:
    """Makes a further visitor's browser, for tests with several people."""
    return app.test_client
