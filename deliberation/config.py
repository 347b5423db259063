"""Settings from the environment (12-factor), each with a default, a coercer and a help text; ``.env`` is read if present."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

ENV_FILE = ".env"
"""Settings may stand in this file of the working directory, one NAME=value a line; the environment goes over it."""


def _flag(value: str) -> bool:
    return value.strip().lower() in ("1", "true", "yes", "on")


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
)


def read_environment(environ: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The settings as Python values. Raises ``ValueError`` naming a setting that cannot be read."""
    given = dict(_dotenv()) if environ is None else {}
    given.update(os.environ if environ is None else environ)
    values = {}
    for setting in SETTINGS:
        try:
            values[setting.name] = setting.coerce(given.get(setting.name) or setting.default)
        except ValueError:
            raise ValueError(f"{setting.name}: cannot read {given[setting.name]!r} ({setting.help})") from None
    return values


def _dotenv() -> list[tuple[str, str]]:
    path = Path(ENV_FILE)
    if not path.is_file():
        return []
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return [(name.strip(), value.strip().strip("'\"")) for name, _, value in pairs]


def database_uri(given: str) -> str:
    """A SQLAlchemy address: a relative SQLite path becomes absolute in the working directory."""
    for short in ("postgres://", "postgresql://"):
        if given.startswith(short):
            given = "postgresql+psycopg://" + given[len(short) :]
    url = make_url(given)
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        url = url.set(database=str(Path(url.database).absolute()))
    return url.render_as_string(hide_password=False)


def shown_address(uri: str) -> str:
    """The database's address fit to be printed: the absolute file, or the URL without its password."""
    url = make_url(uri)
    return str(url.database) if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)


def throwaway_key() -> str:
    """A key for one run, for demonstrations and one-off commands."""
    return secrets.token_hex(32)
