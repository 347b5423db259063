"""The few ways in which the house says no. Only ``blueprints/errors.py`` knows status numbers."""

from __future__ import annotations

from typing import Any

from deliberation.kernel.words import Words


class DomainError(Exception):
    """A refusal with a sentence that says what to do next.

    ``code`` is a stable machine word; ``field`` names the form field to which the sentence belongs, if any.
    """

    code = "refused"

    def __init__(self, message: str | Words, *, code: str | None = None, field: str | None = None, **params: Any) -> None:
        self.words = message if isinstance(message, Words) else Words(message, **params)
        self.code = code or type(self).code
        self.field = field
        super().__init__(self.words.render())


class Invalid(DomainError):
    """The input itself is wrong: too long, of the wrong type, impossible."""

    code = "invalid"


class Refused(DomainError):
    """The act is out of order now: a step, a hand-over, a quorum or a second is missing, or it was done already."""

    code = "out_of_order"


class ReadOnly(Refused):
    """Nothing is recorded for the time being, whoever asks."""

    code = "read_only"


class Forbidden(DomainError):
    """This person may not do this, whatever the order."""

    code = "forbidden"


class NotFound(DomainError):
    """There is no such thing here; the same answer for what exists elsewhere."""

    code = "not_found"
