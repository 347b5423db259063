"""A door for parts that come from elsewhere: named once, refused twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Registry(Generic[T]):
    """Parts by name. Registering a name again, or after `close`, raises ``ValueError``."""

    def __init__(self, what: str) -> None:
        self.what = what
        self._parts: dict[str, T] = {}
        self._closed = False

    def add(self, name: str, part: T) -> T:
        if self._parts.get(name) is part:
            return part
        if self._closed:
            raise ValueError(f"{self.what} {name!r} comes too late: the application is already set up")
        if name in self._parts:
            raise ValueError(f"{self.what} {name!r} exists already")
        self._parts[name] = part
        return part

    def close(self) -> None:
        self._closed = True

    def __getitem__(self, name: str) -> T:
        return self._parts[name]

    def __contains__(self, name: str) -> bool:
        return name in self._parts

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def values(self) -> list[T]:
        return list(self._parts.values())

    def items(self) -> list[tuple[str, T]]:
        return list(self._parts.items())
