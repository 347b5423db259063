"""The application: extensions, rooms in floor order, surfaces."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, g, session
from sqlalchemy import select
from sqlalchemy.exc import OperationalError, ProgrammingError

from deliberation import (
    agenda,
    agreements,
    appeals,
    audit,
    councils,
    evaluations,
    hearings,
    implementation,
    meetings,
    motions,
    people,
    plugins,
    privacy,
    publishing,
    reporting,
    review,
    voting,
)
from deliberation.agenda.services import step_rules
from deliberation.audit import ledger, places, seen
from deliberation.audit.actions import ACTIONS
from deliberation.audit.ledger import LedgerError, Line
from deliberation.blueprints import compression, errors, forgetting, security, words
from deliberation.blueprints import setup as surfaces
from deliberation.config import database_uri, missing_file, read_environment, throwaway_key
from deliberation.extensions import babel, db, migrate, transaction
from deliberation.kernel import clock
from deliberation.kernel.commands import OLD_TABLES, usable_database
from deliberation.kernel.errors import DomainError
from deliberation.kernel.transactions import prepare_sqlite
from deliberation.meetings.record_parts import record_parts
from deliberation.people.models import Setting
from deliberation.plugins.migrations import difference
from deliberation.privacy import restoring

HERE = Path(__file__).resolve().parent
ROOMS = (
    people, councils, voting, agenda, motions, review, meetings, hearings, publishing, implementation, appeals, agreements,
    evaluations, reporting, privacy,
)  # fmt: skip
FIRST = "run 'deliberation init' first, or 'deliberation demo' to look around"
LARGEST_REQUEST = 512 * 1024


def folder(name: str) -> str:
    """A mapped folder: inside the package in a wheel, beside it in a checkout."""
    for base in (HERE, HERE.parent):
        if (base / name).is_dir():
            return str(base / name)
    raise RuntimeError(f"the folder {name} is missing")


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """The whole platform as a Flask application. ``config`` goes over the environment's settings."""
    app = Flask("deliberation", template_folder=folder("templates"))
    _configure(app, config or {})
    parts = plugins.load()
    # The house's sentences last: where two catalogues know one, the later counts.
    folders = [*plugins.translations(parts), app.config["BABEL_TRANSLATION_DIRECTORIES"]]
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = ";".join(folders)
    _database(app)
    babel.init_app(app, locale_selector=words.choose_locale)
    with app.app_context():
        for room in ROOMS:
            room.setup(app)
        audit.setup(app)
        if db.engine.dialect.name == "sqlite":
            prepare_sqlite(db.engine, durable=app.config.get("DURABLE", True))
    security.setup(app)
    compression.setup(app)
    errors.setup(app)
    words.setup(app)
    forgetting.setup(app)
    surfaces(app)
    security.close(app, plugins.init_app(app, parts))
    _surroundings(app)
    for registry in (ACTIONS, step_rules, record_parts):
        registry.close()
    return app


def _configure(app: Flask, config: Mapping[str, Any]) -> None:
    settings = read_environment()
    app.config.update(
        SQLALCHEMY_DATABASE_URI=database_uri(settings["DATABASE_URL"]),
        # An error's message goes into the server's log: without what people typed.
        SQLALCHEMY_ENGINE_OPTIONS={"hide_parameters": True},
        SECRET_KEY=settings["SECRET_KEY"],
        BEHIND_TLS=settings["BEHIND_TLS"],
        PROXIES=settings["PROXIES"],
        PUBLIC_ADDRESS=settings["PUBLIC_ADDRESS"],
        **{name: settings[name] for name in (
            "LOG_KEY", "LOG_ANCHORS", "LOG_ANCHOR_DAYS", "MAIL_SERVER", "MAIL_SENDER", "ERASURE_LEDGER", "ANSWER_WORKING_DAYS",
            "ROOM_CODE_SECONDS",
        )},  # fmt: skip
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST,
        WTF_CSRF_TIME_LIMIT=None,
        PERMANENT_SESSION_LIFETIME=timedelta(days=90),
        # The cookie is sent only when it changed: of two answers at once, the later must not undo the earlier.
        SESSION_REFRESH_EACH_REQUEST=False,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        BABEL_TRANSLATION_DIRECTORIES=str(HERE / "translations"),
        BABEL_DEFAULT_LOCALE="zh_Hans_CN",
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(days=365),
    )
    app.config.update(config)
    places.configured(app.config)
    if app.config["BEHIND_TLS"]:
        app.config.update(SESSION_COOKIE_SECURE=True, SESSION_COOKIE_NAME="__Host-session")


def _database(app: Flask) -> None:
    db.init_app(app)
    migrate.init_app(app, db, directory=folder("migrations"), render_as_batch=True)


def _surroundings(app: Flask) -> None:
    """What every page needs to know: is this a demonstration, what time is it there, how large is the print; is an older
    copy in the place of what was published."""

    @app.before_request
    def before() -> None:
        g.demo = is_demo(app)
        g.losses = seen.losses()

    @app.url_defaults
    def version(endpoint: str, values: dict[str, Any]) -> None:
        """Static files may be kept for a year: another content has another address."""
        if endpoint == "static" and "filename" in values:
            values.setdefault("v", fingerprint(values["filename"]))

    @app.context_processor
    def around() -> dict[str, Any]:
        large = session.get("large", session.get("office", False))
        return {"demo": g.get("demo", False), "losses": g.get("losses", ()), "large": large}


@cache
def fingerprint(filename: str) -> str:
    """Eight digits that name the content of a static file; empty for none."""
    path = HERE / "static" / filename
    return hashlib.sha256(path.read_bytes()).hexdigest()[:8] if path.is_file() else ""


def is_demo(app: Flask) -> bool:
    """Whether the database holds a demonstration; its clock offset is taken over once a process."""
    if "DEMO" not in app.config:
        offset = read_offset()
        app.config["DEMO"] = offset is not None
        if offset is not None:
            clock.shift(offset)
    return bool(app.config["DEMO"])


def why_not_served(app: Flask) -> str | None:
    """What stands in the way of serving, in one line that says what mends it; None where nothing does."""
    if missing := missing_file(app.config["SQLALCHEMY_DATABASE_URI"]):
        return f"there is no database at {missing}: {FIRST}"
    with app.app_context(), usable_database():
        return difference() or require_key(app)


def warnings(app: Flask) -> list[str]:
    """What to tell whoever starts the service, though it starts."""
    with app.app_context():
        lost = [loss.words.render() for loss in seen.losses()]
    return ["only reading is possible: an older copy was restored here; see 'deliberation log acknowledge'", *lost] if lost else []


class ErasuresError(RuntimeError):
    """What the ledger lists cannot be erased again; nobody may be let in before it is."""


def replay_erasures(app: Flask, file: Path | None = None) -> str:
    """Erase again what the ledger lists and the database still holds, before anybody is answered. Returns one line that
    says how many; empty where there was nothing. Raises `ErasuresError`."""
    with app.app_context():
        try:
            done = _replay(ledger.read(file or ledger.path()))
        except (LedgerError, DomainError) as error:
            raise ErasuresError(" ".join(str(error).split())) from error
        except (OperationalError, ProgrammingError) as error:
            raise ErasuresError(OLD_TABLES) from error
        except OSError as error:
            raise ErasuresError(f"{error.filename} cannot be read: {error.strerror}") from error
        finally:
            db.session.remove()
    return f"erased again after a restore: {done}" if done else ""


def _replay(lines: list[Line]) -> int:
    by_log: dict[str, list[Line]] = {}
    for line in lines:
        by_log.setdefault(line["log"], []).append(line)
    done = 0
    for name, some in by_log.items():
        # The law does not wait for the keeper to have looked into an older copy.
        with seen.allowed(), transaction():
            done += restoring.replay(name, some)
    return done


def require_key(app: Flask) -> str | None:
    """That the key is missing, unless this is a demonstration; None where it is not."""
    if app.config["SECRET_KEY"]:
        return None
    if is_demo(app):
        app.config["SECRET_KEY"] = throwaway_key()
        return None
    return (
        "SECRET_KEY is not set. Start in the folder with the file .env that 'deliberation init' wrote, "
        "or put a long random text into the environment."
    )


def read_offset() -> timedelta | None:
    """How far a demonstration's clock is from the machine's; None where it is no demonstration."""
    try:
        seconds = db.session.scalar(select(Setting.value).where(Setting.name == "clock_offset"))
    except (OperationalError, ProgrammingError):
        db.session.rollback()
        logging.getLogger(__name__).warning("the database has no tables yet: run 'deliberation db upgrade'")
        return None
    return None if seconds is None else timedelta(seconds=int(seconds))
