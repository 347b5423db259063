"""What it will take, said before the vote: the rule applied to those in the room."""

from __future__ import annotations

from dataclasses import dataclass

from deliberation.councils.thresholds import Base
from deliberation.kernel.words import N_, Words
from deliberation.voting.verdicts import Count, Measure, PassRule, decide

_PEOPLE = (Base.ENTITLED, Base.PRESENT)


@dataclass(frozen=True, slots=True)
class DryRun:
    """Who may vote, and what must happen. ``needed`` is None where it depends on how many take part.

    ``count`` holds nobody's vote yet. ``may_vote`` can be fewer than those present and not recused: in some councils
    the chair does not vote.
    """

    rule: PassRule
    count: Count
    may_vote: int
    quorum: Measure | None
    needed: int | None

    @property
    def fails_at(self) -> int | None:
        """So many who do not say yes, and it has failed whatever the others do; None where no such figure exists."""
        if self.needed is None or not self.needed <= self.may_vote < 2 * self.needed:
            return None
        return self.may_vote - self.needed + 1

    def sentence(self) -> Words:
        """The dry run in words, such as "17 may vote (18 present, 1 recused); 11 must say yes; it fails as soon as 7 do not."."""
        if self.quorum is not None and not self.quorum.met:
            short = self.quorum.needed - self.quorum.have
            return Words(
                N_("No vote yet: %(have)s are here, %(needed)s are needed. %(short)s more, and it can be opened."),
                have=self.quorum.have, needed=self.quorum.needed, short=short,
            )  # fmt: skip
        return Words(N_("%(who)s; %(what)s"), who=self._who(), what=self._what())

    def _who(self) -> Words:
        people = {"may_vote": self.may_vote, "present": self.count.present}
        if self.count.recused:
            who = N_("%(may_vote)s may vote (%(present)s present, %(recused)s recused)")
            return Words(who, recused=self.count.recused, **people)
        return Words(N_("%(may_vote)s may vote (%(present)s present)"), **people)

    def _what(self) -> Words:
        if self.needed is None:
            return Words(N_("%(rule)s must say yes, and more must say yes than no."), rule=self.rule.passing.words())
        if self.needed > self.may_vote:
            return Words(N_("%(needed)s would have to say yes: it cannot pass."), needed=self.needed)
        if self.fails_at is None:
            return Words(N_("%(needed)s must say yes, and more must say yes than no."), needed=self.needed)
        return Words(N_("%(needed)s must say yes; it fails as soon as %(no)s do not."), needed=self.needed, no=self.fails_at)


def dry_run(rule: PassRule, *, entitled: int, present: int, recused: int, may_vote: int) -> DryRun:
    """Apply a rule to the people in the room. Raises `Invalid` for numbers that cannot be."""
    count = Count(entitled, present, recused, 0, 0, 0, 0)
    quorum = decide(rule, count).quorum
    needed = None
    if rule.passing.base in _PEOPLE:
        needed = max(1, rule.passing.needed(count.base(rule.passing.base, with_recused=rule.recused_in_base)))
    return DryRun(rule, count, min(may_vote, present - recused), quorum, needed)
