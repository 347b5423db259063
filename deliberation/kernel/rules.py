"""Small named conditions that can be joined with ``&``, ``|`` and ``~`` and can say why they refuse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from deliberation.kernel.errors import Forbidden
from deliberation.kernel.words import Words

Test = Callable[[Any, Any], bool]


@dataclass(frozen=True)
class Rule:
    """A condition on (actor, subject). ``refusal`` is what a person is told when it does not hold."""

    test: Test
    refusal: Words
    denial: Words | None = None

    def why_not(self, actor: Any, subject: Any) -> Words | None:
        """The reason for a refusal, or None where the rule holds."""
        return None if self.test(actor, subject) else self.refusal

    def require(self, actor: Any, subject: Any) -> None:
        """Raise `Forbidden` with the rule's own words where it does not hold."""
        reason = self.why_not(actor, subject)
        if reason is not None:
            raise Forbidden(reason)

    def __and__(self, other: Rule) -> Rule:
        return _Both(lambda a, s: self.test(a, s) and other.test(a, s), self.refusal, None, self, other)

    def __or__(self, other: Rule) -> Rule:
        return Rule(lambda a, s: self.test(a, s) or other.test(a, s), self.refusal)

    def __invert__(self) -> Rule:
        return Rule(lambda a, s: not self.test(a, s), self.denial or self.refusal, self.refusal)


@dataclass(frozen=True)
class _Both(Rule):
    first: Rule | None = None
    second: Rule | None = None

    def why_not(self, actor: Any, subject: Any) -> Words | None:
        assert self.first is not None and self.second is not None
        return self.first.why_not(actor, subject) or self.second.why_not(actor, subject)
