"""Verdicts: from a rule and a count to adopted, rejected or no decision, with the whole arithmetic in words.

Source: ``shared/data/rules/README.md`` (inputs, bases, recusal) and DOMAIN.md §5.5 (a tie fails, always).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum

from deliberation.councils.thresholds import Base, Threshold, read_flag, read_object
from deliberation.kernel.errors import Invalid
from deliberation.kernel.words import N_, Words

MOST = 10**12
"""No count of people may be larger; keeps hostile input from costing anything."""


class Outcome(StrEnum):
    """What a vote may end in. Without a quorum there is no decision, neither for nor against."""

    ADOPTED = "adopted"
    REJECTED = "rejected"
    NO_DECISION = "no_decision"


@dataclass(frozen=True, slots=True)
class PassRule:
    """What a vote needs: a ``quorum`` (None: none), a ``passing`` threshold, and where the recused are counted.

    ``recused_in_base`` false leaves them out of entitled and of present in the pass test, ``recused_in_quorum``
    false in the quorum test. A quorum compares those present with its base, which is nearly always
    `Base.ENTITLED`; against any other base those present are measured against a part of themselves.
    """

    quorum: Threshold | None
    passing: Threshold
    recused_in_base: bool = True
    recused_in_quorum: bool = True

    @classmethod
    def from_data(cls, data: object) -> PassRule:
        """Read ``{"quorum": threshold|null, "pass": threshold, "recused_in_base"?: bool, "recused_in_quorum"?: bool}``.

        Raises `Invalid` on a missing or unknown entry, or a value of the wrong kind.
        """
        flags = ("recused_in_base", "recused_in_quorum")
        given = read_object(data, "rule", required=("quorum", "pass"), optional=flags)
        quorum = None if given["quorum"] is None else Threshold.from_data(given["quorum"], "rule.quorum")
        in_base, in_quorum = (read_flag(given.get(flag, True), f"rule.{flag}") for flag in flags)
        return cls(quorum, Threshold.from_data(given["pass"], "rule.pass"), in_base, in_quorum)

    def to_data(self) -> dict[str, object]:
        """The shape that `from_data` reads, with both flags written out."""
        return {
            "quorum": self.quorum.to_data() if self.quorum else None,
            "pass": self.passing.to_data(),
            "recused_in_base": self.recused_in_base,
            "recused_in_quorum": self.recused_in_quorum,
        }


@dataclass(frozen=True, slots=True)
class Count:
    """How many people were entitled, present and recused, and how many votes fell on each side.

    ``recused`` are those who signed in and are recused; they are among the ``present``. In a poll by
    correspondence ``present`` is the number of ballots returned. Raises `Invalid` when the numbers are impossible.
    """

    entitled: int
    present: int
    recused: int
    for_: int
    against: int
    abstain: int
    invalid: int

    def __post_init__(self) -> None:
        for field in fields(self):
            _whole(getattr(self, field.name), field.name.rstrip("_"))
        self._plausible()

    def _plausible(self) -> None:
        if self.entitled == 0:
            raise Invalid(N_("Nobody is entitled to vote."), field="entitled")
        if self.present > self.entitled:
            message = N_("%(present)s present are more than the %(entitled)s entitled.")
            raise Invalid(message, field="present", present=self.present, entitled=self.entitled)
        if self.recused > self.present:
            message = N_("%(recused)s recused are more than the %(present)s present.")
            raise Invalid(message, field="recused", recused=self.recused, present=self.present)
        may_vote = self.present - self.recused
        if self.participating > may_vote:
            message = N_("%(votes)s votes are more than the %(voters)s who were present and not recused.")
            raise Invalid(message, field="for", votes=self.participating, voters=may_vote)

    @property
    def participating(self) -> int:
        """All who voted: for, against, abstaining and invalid."""
        return self.for_ + self.against + self.abstain + self.invalid

    def base(self, base: Base, *, with_recused: bool) -> int:
        """How many ``base`` is here, the recused left out of entitled and present unless ``with_recused``.

        Raises `Invalid` when leaving them out leaves nobody.
        """
        match base:
            case Base.ENTITLED | Base.PRESENT:
                people = self.entitled if base is Base.ENTITLED else self.present
                left = people if with_recused else people - self.recused
                if left == 0 and people:
                    raise Invalid(N_("Nobody is left to count when the recused are left out."), field="recused")
                return left
            case Base.PARTICIPATING:
                return self.participating
            case Base.CAST:
                return self.for_ + self.against + self.invalid
            case Base.FOR_AGAINST:
                return self.for_ + self.against

    @classmethod
    def from_data(cls, data: object) -> Count:
        """Read ``{"entitled", "present", "recused", "for", "against", "abstain", "invalid"}``, whole numbers all.

        Raises `Invalid` on a missing or unknown entry, on negative, fractional, boolean or impossible numbers.
        """
        given = read_object(data, "count", required=_COUNTS)
        return cls(*(_whole(given[name], name) for name in _COUNTS))

    def to_data(self) -> dict[str, int]:
        """The shape that `from_data` reads."""
        return {field.name.rstrip("_"): getattr(self, field.name) for field in fields(self)}


_COUNTS = tuple(field.name.rstrip("_") for field in fields(Count))


@dataclass(frozen=True, slots=True)
class Measure:
    """One test of a verdict: how many were ``needed``, how many there were, whether that was enough."""

    needed: int
    have: int
    met: bool

    def to_data(self) -> dict[str, int | bool]:
        """``{"needed": 11, "have": 15, "met": true}``."""
        return {"needed": self.needed, "have": self.have, "met": self.met}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome with everything that led to it.

    ``quorum`` is None when the rule has none. ``passing`` is None when there was no quorum: votes that
    decide nothing are not measured. ``passing.met`` is the threshold alone; a tie may meet it and still fail.
    """

    outcome: Outcome
    quorum: Measure | None
    passing: Measure | None
    count: Count
    rule: PassRule
    void: str | None = None

    def sentence(self) -> Words:
        """The whole arithmetic in plain sentences, such that it can be done again by hand."""
        if self.void is not None:
            return Words(N_("%(first)s %(rest)s"), first=_people(self.count), rest=Words(VOID_WORDS[self.void]))
        parts = [_people(self.count), *self._quorum_words(), *self._passing_words()]
        text = parts.pop()
        while parts:
            text = Words(N_("%(first)s %(rest)s"), first=parts.pop(), rest=text)
        return text

    def _quorum_words(self) -> list[Words]:
        if self.quorum is None or self.rule.quorum is None:
            return [Words(N_("No quorum is required."))]
        base = self.count.base(self.rule.quorum.base, with_recused=self.rule.recused_in_quorum)
        words = []
        if self.count.recused and not self.rule.recused_in_quorum:
            left = N_("The recused are left out of the quorum: %(have)s are counted as present.")
            words.append(Words(left, have=self.quorum.have))
        measure = {"rule": self.rule.quorum.words(), "needed": self.quorum.needed, "base": base}
        if self.quorum.met:
            return [*words, Words(N_("The quorum, %(rule)s, is %(needed)s of %(base)s: it is reached."), **measure)]
        short = self.quorum.needed - self.quorum.have
        lack = Words(N_("The quorum, %(rule)s, is %(needed)s of %(base)s: it is not reached."), **measure)
        return [*words, lack, Words(N_("There is no decision; more people needed: %(short)s."), short=short)]

    def _passing_words(self) -> list[Words]:
        if self.passing is None:
            return []
        base = self.count.base(self.rule.passing.base, with_recused=self.rule.recused_in_base)
        words = [_votes(self.count)]
        if self.count.recused and not self.rule.recused_in_base and self.rule.passing.base in _PEOPLE:
            words.append(Words(N_("The recused are left out of the base: it is %(base)s."), base=base))
        needed = {"rule": self.rule.passing.words(), "needed": self.passing.needed, "base": base}
        words.append(Words(N_("To pass, %(rule)s must be for: %(needed)s of %(base)s."), **needed))
        return [*words, self._result()]

    def _result(self) -> Words:
        count, passing = self.count, self.passing
        if self.outcome is Outcome.ADOPTED:
            return Words(N_("With %(votes)s for, it is adopted."), votes=count.for_)
        if count.for_ == count.against:
            if count.for_ == 0:
                return Words(N_("Without votes for or against nothing is adopted: it is rejected."))
            return Words(N_("There are as many for as against; a tie never adopts: it is rejected."))
        if passing is not None and passing.met:
            return Words(N_("More are against than for: it is rejected."))
        return Words(N_("With %(votes)s for, that is not reached: it is rejected."), votes=count.for_)


_PEOPLE = frozenset({Base.ENTITLED, Base.PRESENT})


def decide(rule: PassRule, count: Count) -> Verdict:
    """Apply ``rule`` to ``count``.

    Adopted needs the quorum, the threshold and more votes for than against, so that a tie and a vote without
    votes fail under every rule and one vote more in favour never harms. Raises `Invalid` when leaving out the
    recused leaves an empty base, whether or not there is a quorum.
    """
    base = count.base(rule.passing.base, with_recused=rule.recused_in_base)
    quorum = None
    if rule.quorum is not None:
        here = count.present if rule.recused_in_quorum else count.present - count.recused
        quorum = _measure(rule.quorum, here, count.base(rule.quorum.base, with_recused=rule.recused_in_quorum))
        if not quorum.met:
            return Verdict(Outcome.NO_DECISION, quorum, None, count, rule)
    passing = _measure(rule.passing, count.for_, base)
    outcome = Outcome.ADOPTED if passing.met and count.for_ > count.against else Outcome.REJECTED
    return Verdict(outcome, quorum, passing, count, rule)


VOID_WORDS = {
    "mismatch": N_("The box did not hold one readable ballot for each person who voted: the vote is void, there is no decision. "
                   "It has to be held again."),
    "sheets": N_("Too few sheets of the key were there to open the box: there is no decision. The vote has to be held again."),
}  # fmt: skip


def declared_void(rule: PassRule, count: Count, why: str) -> Verdict:
    """No decision, whatever the rule says: nobody knows what was voted. ``count`` holds no vote."""
    return Verdict(Outcome.NO_DECISION, None, None, count, rule, why)


def decide_data(obj: object) -> dict[str, object]:
    """Decide one decoded case: ``{"rule": …, "entitled": …, "present": …, …}`` as in ``decisions.json``.

    Returns ``{"outcome": str, "quorum": None | measure, "pass": None | measure, "sentence": Words}``, a measure
    being ``{"needed": int, "have": int, "met": bool}``. Raises `Invalid` with one line that says what is wrong.
    """
    given = read_object(obj, "input", required=("rule", *_COUNTS))
    verdict = decide(PassRule.from_data(given["rule"]), Count.from_data({name: given[name] for name in _COUNTS}))
    return {
        "outcome": verdict.outcome.value,
        "quorum": verdict.quorum.to_data() if verdict.quorum else None,
        "pass": verdict.passing.to_data() if verdict.passing else None,
        "sentence": verdict.sentence(),
    }


def _measure(threshold: Threshold, have: int, base: int) -> Measure:
    needed = threshold.needed(base)
    return Measure(needed, have, have >= needed)


def _whole(value: object, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise Invalid(N_("%(name)s must be a whole number."), field=name, name=name)
    if not 0 <= value <= MOST:
        message = N_("%(name)s must not be negative.") if value < 0 else N_("%(name)s is too large.")
        raise Invalid(message, field=name, name=name)
    return value


def _people(count: Count) -> Words:
    people = {"entitled": count.entitled, "present": count.present}
    if count.recused:
        message = N_("%(entitled)s entitled, %(present)s present, %(recused)s of them recused.")
        return Words(message, recused=count.recused, **people)
    return Words(N_("%(entitled)s entitled, %(present)s present."), **people)


def _votes(count: Count) -> Words:
    votes = {"votes": count.for_, "against": count.against, "abstain": count.abstain}
    if count.invalid:
        message = N_("%(votes)s for, %(against)s against, %(abstain)s abstaining, %(invalid)s invalid.")
        return Words(message, invalid=count.invalid, **votes)
    return Words(N_("%(votes)s for, %(against)s against, %(abstain)s abstaining."), **votes)
