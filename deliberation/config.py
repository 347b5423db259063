"""Settings from the environment (12-factor), each with a default, a coercer and a help text; ``.env`` is read if present."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

ENV_FILE = ".env"
"""Settings may stand in this file of the working directory, one NAME=value a line; the environment goes over it."""
NO_ADDRESS = "no address of a database; write sqlite:///deliberation.db or postgresql://name:passphrase@host/database"
DRIVERS = ("sqlite", "sqlite+pysqlite", "postgresql+psycopg")


class SettingError(ValueError):
    """A setting cannot be read; the message is one line and names it."""


def _flag(value: str) -> bool:
    return value.strip().lower() in ("1", "true", "yes", "on")


def _days(value: str) -> int:
    """From 1 to 999. Raises ``ValueError`` for anything else."""
    if not 0 < int(value) < 1000:
        raise ValueError(value)
    return int(value)


def _seconds(value: str) -> int:
    """From 20 to 600. Raises ``ValueError`` for anything else."""
    if not 20 <= int(value) <= 600:
        raise ValueError(value)
    return int(value)


def public_address(value: str) -> str:
    """Scheme, host and perhaps a port, without a slash at the end. Raises ``ValueError`` for anything else."""
    address = value.strip().rstrip("/")
    parts = urlsplit(address)
    parts.port  # noqa: B018 - raises where it is no number
    if address and not (re.fullmatch(r"https?://[a-z0-9.:\[\]-]+", address, re.IGNORECASE) and parts.hostname):
        raise ValueError(value)
    return address


@dataclass(frozen=True)
class Setting:
    name: str
    default: str
    coerce: Callable[[str], Any]
    help: str


SETTINGS = (
    Setting("DATABASE_URL", "sqlite:///deliberation.db", str, "SQLite file (relative to the working directory) or postgresql://…"),
    Setting("SECRET_KEY", "", str, "signs cookies; required unless the database is a demonstration"),
    Setting("BEHIND_TLS", "0", _flag, "1 when every visitor comes by https: cookies become Secure, HSTS is sent"),
    Setting("PROXIES", "0", int, "number of trusted reverse proxies in front"),
    Setting("PUBLIC_ADDRESS", "", public_address, "where everybody finds the pages, as in https://yishi.example.cn"),
    Setting("LOG_KEY", "log.key", str, "file of the key that signs the logs' checkpoints"),
    Setting("LOG_ANCHORS", "", str, "places outside that get the checkpoints, as in archive=dir:/srv/anchors"),
    Setting("LOG_ANCHOR_DAYS", "8", _days, "a whole number of days after which a copy outside counts as old"),
    Setting("MAIL_SERVER", "", str, "smtps://name:passphrase@host or smtp://host, for checkpoints by mail"),
    Setting("MAIL_SENDER", "", str, "the address from which mail is sent"),
    Setting("ERASURE_LEDGER", "erasures.ledger", str, "file that lists what was erased; kept apart from the backups"),
    Setting("ROOM_CODE_SECONDS", "60", _seconds, "whole seconds after which a meeting's code for signing in is another one"),
    Setting("ANSWER_WORKING_DAYS", "15", _days, "working days to answer requests about personal data: a choice, not law"),
)


def read_environment(environ: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The settings as Python values. Raises `SettingError` for one that cannot be read."""
    given = dict(_dotenv()) if environ is None else {}
    given.update(os.environ if environ is None else environ)
    values = {}
    for setting in SETTINGS:
        try:
            values[setting.name] = setting.coerce(given.get(setting.name) or setting.default)
        except ValueError:
            raise SettingError(f"{setting.name}: cannot read {given[setting.name]!r} ({setting.help})") from None
    return values


def _dotenv() -> list[tuple[str, str]]:
    path = Path(ENV_FILE)
    if not path.is_file():
        return []
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return [(name.strip(), value.strip().strip("'\"")) for name, _, value in pairs]


def database_uri(given: str) -> str:
    """A SQLAlchemy address: a relative SQLite path becomes absolute in the working directory.

    Raises `SettingError`, whose message does not repeat the address: a password may stand in it.
    """
    for short in ("postgres://", "postgresql://"):
        if given.startswith(short):
            given = "postgresql+psycopg://" + given[len(short) :]
    try:
        url = make_url(given)
    except (ArgumentError, ValueError):
        raise SettingError(f"DATABASE_URL: {NO_ADDRESS}") from None
    if url.drivername not in DRIVERS:
        raise SettingError(f"DATABASE_URL: {NO_ADDRESS}")
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        url = url.set(database=str(Path(url.database).absolute()))
    return url.render_as_string(hide_password=False)


def shown_address(uri: str) -> str:
    """The database's address fit to be printed: the absolute file, or the URL without its password."""
    url = make_url(uri)
    return str(url.database) if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)


def missing_file(uri: str) -> Path | None:
    """The SQLite file that is not there (yet); None where it is there, or the database is no file."""
    url = make_url(uri)
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        return None
    path = Path(str(url.database))
    return None if path.exists() else path


def is_loopback(address: str) -> bool:
    """Whether an address leads from every computer to that computer itself."""
    try:
        host = urlsplit(address).hostname or ""
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def throwaway_key() -> str:
    """A key for one run, for demonstrations and one-off commands."""
    return secrets.token_hex(32)
