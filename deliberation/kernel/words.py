"""Sentences as data: an English sentence and its parameters, translated only where it is shown.

Pure code (laws, counting, the log) may speak without knowing the reader's language: it returns `Words`;
the page, the command line and the API translate them with whatever catalogue they have.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def N_(message: str) -> str:
    """Mark ``message`` for extraction by gettext; returns it unchanged."""
    return message


class Words:
    """One translatable sentence: English ``message`` with ``%(name)s`` places, and what goes into them.

    A parameter may be another `Words`, which is translated first.
    """

    __slots__ = ("message", "params")

    def __init__(self, message: str, **params: Any) -> None:
        self.message = message
        self.params = params

    def render(self, gettext: Callable[[str], str] = N_) -> str:
        """The sentence in the language of ``gettext`` (English by default)."""
        filled = {name: value.render(gettext) if isinstance(value, Words) else value for name, value in self.params.items()}
        sentence = gettext(self.message) if self.message else ""
        return sentence % filled if filled else sentence

    def __str__(self) -> str:
        return self.render()

    def __repr__(self) -> str:
        return f"Words({self.render()!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Words) and (self.message, self.params) == (other.message, other.params)

    def __hash__(self) -> int:
        return hash(self.message)
