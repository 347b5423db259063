"""What every table shares: naming convention, aware instants, and how each column may show itself in the public log.

A column of a recorded table says how it appears in an entry:

=============  ==============================================================================================
``public``     its value as it is: numbers, states, days, ids. Never text that somebody typed.
``digest``     SHA-256 of an official text that is itself published
``committed``  part of the row's salted commitment (the table has a column ``salt``); erased with its salt
``withheld``   not at all, with a reason given here (a password's hash, a search key)
=============  ==============================================================================================

Keys to a person are always shown as that person's reference in the log concerned, never as the row's id. Everybody has two:
one for what they do in an office, with a seat or on a roll, one for what they do as a resident. A key that names somebody as a
resident says so: ``info=AS_RESIDENT``, or in its place the name of the row's attribute that tells.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, LargeBinary, MetaData, Text, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, MappedColumn, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant, on SQLite as well, where the driver knows no zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant must be aware")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        # SQLite keeps the text of a UTC time without its zone. Read in one go: a page of comments has hundreds of them.
        return _from_sqlite if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _from_sqlite(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value + "+00:00")


TYPES: dict[Any, Any] = {datetime: Instant(), str: Text(), bytes: LargeBinary()}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)


AS_RESIDENT = {"as_resident": True}


def _shown(how: str, args: tuple[Any, ...], options: dict[str, Any], **more: Any) -> MappedColumn[Any]:
    info = {**options.pop("info", {}), "log": how, **more}
    return mapped_column(*args, info=info, **options)


def public(*args: Any, **options: Any) -> MappedColumn[Any]:
    """A column whose value stands in the log as it is."""
    return _shown("public", args, options)


def digest(*args: Any, **options: Any) -> MappedColumn[Any]:
    """An official text: the log holds its SHA-256."""
    return _shown("digest", args, options)


def committed(*args: Any, **options: Any) -> MappedColumn[Any]:
    """Personal: the log holds a salted commitment over all such columns of the row."""
    return _shown("committed", args, options)


def withheld(why: str, *args: Any, **options: Any) -> MappedColumn[Any]:
    """Never in the log; ``why`` says the reason."""
    return _shown("withheld", args, options, why=why)
