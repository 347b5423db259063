"""A count told to people: each round as one sentence, each tie, and how it ended. Pages add the picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce

from deliberation.kernel.words import N_, Words
from deliberation.voting.methods.election import Election, Result, Round, Tie
from deliberation.voting.methods.ties import LOT

Name = str | Words
MOST_NAMES = 20


@dataclass(frozen=True, slots=True)
class Bar:
    """One option in one round: its figure, how much of the longest bar that is (0 to 100), and what became of it."""

    name: str
    figure: str
    share: float
    fate: str
    """``elected``, ``out`` or ``stays``."""


@dataclass(frozen=True, slots=True)
class ToldRound:
    number: int
    sentence: Words
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two options compared directly: how many ballots put the one above the other, and the other above the one."""

    one: str
    other: str
    ahead: int
    behind: int


@dataclass(frozen=True)
class Told:
    """Everything about a count that a page says. ``pairs`` is empty but for methods that compare two by two."""

    ending: Words
    rounds: tuple[ToldRound, ...]
    ties: tuple[Words, ...]
    pairs: tuple[Pair, ...] = ()
    quota: Words | None = None
    is_rounded: bool = False
    """Whether a figure is not whole, so that what is shown is rounded; it was counted exactly."""


def tell(method: str, election: Election, result: Result) -> Told:
    """The words for a result of ``method`` (its name); a method from outside is told in plain words of its figures."""
    teller = _Teller(election, result)
    sentence = SENTENCES.get(method, _Teller.plain)
    rounds = tuple(ToldRound(n, sentence(teller, n, one), teller.bars(one)) for n, one in enumerate(result.rounds, 1))
    return Told(
        teller.ending(method),
        rounds,
        tuple(teller.tie(one) for one in result.ties),
        teller.pairs(),
        teller.quota(),
        any(votes.denominator > 1 for one in result.rounds for votes in (*one.tally.values(), one.exhausted)),
    )


def shown(value: Fraction) -> str:
    """A whole number, or a decimal rounded half to even to the second place."""
    return str(value.numerator) if value.denominator == 1 else f"{float(round(value, 2)):.2f}"


def listed(names: Sequence[Name]) -> Name:
    """The names in one line, with the commas of the reader's language; of very many, the first ones and how many more."""
    if len(names) < 2:
        return names[0] if names else ""
    if len(names) > MOST_NAMES + 1:
        return Words(N_("%(names)s and %(n)s more"), names=_commas(names[:MOST_NAMES]), n=len(names) - MOST_NAMES)
    return Words(N_("%(first)s and %(last)s"), first=_commas(names[:-1]), last=names[-1])


def _commas(names: Sequence[Name]) -> Name:
    return reduce(lambda done, one: Words(N_("%(first)s, %(next)s"), first=done, next=one), names)


class _Teller:
    def __init__(self, election: Election, result: Result) -> None:
        self.election, self.result = election, result

    def names(self, which: Sequence[int]) -> Name:
        return listed([self.election.options[one] for one in which])

    def bars(self, here: Round) -> tuple[Bar, ...]:
        longest = max(here.tally.values(), default=Fraction(0)) or Fraction(1)
        fates = dict.fromkeys(here.elected, "elected") | dict.fromkeys(here.eliminated, "out")
        return tuple(
            Bar(self.election.options[one], shown(votes), float(100 * votes / longest), fates.get(one, "stays"))
            for one, votes in sorted(here.tally.items(), key=lambda item: (-item[1], item[0]))
        )

    # What happened in one round.

    def most(self, here: Round, few: str, many: str) -> Words:
        """The largest figures win, in one count."""
        if not here.elected:
            return self.open(here)
        if tie := self.preferred(here):
            return self.by_rule(here, tie)
        if len(here.elected) > 1:
            return Words(many, names=self.names(here.elected))
        return Words(few, name=self.names(here.elected), votes=shown(here.tally[here.elected[0]]), all=self.election.size)

    def preferred(self, here: Round) -> Tie | None:
        """The tie by which somebody of this round was preferred."""
        return next((tie for tie in self.result.ties if set(tie.chosen) & set(here.elected)), None)

    def by_rule(self, here: Round, tie: Tie) -> Words:
        """Somebody was not ahead, but preferred by the rule that was declared for a tie."""
        level, chosen = self.names(tie.options), self.names(tie.chosen)
        said = N_("%(all)s have %(votes)s each and stand level; by the declared rule it is %(names)s.")
        preferred = Words(said, all=level, names=chosen, votes=shown(here.tally[tie.options[0]]))
        ahead = [one for one in here.elected if one not in tie.chosen]
        return Words(N_("Ahead: %(names)s. %(then)s"), names=self.names(ahead), then=preferred) if ahead else preferred

    def open(self, here: Round) -> Words:
        """No rule says who of those level goes on."""
        return Words(N_("Here several stand level, and no rule says who goes on: it stays open."))

    def plurality(self, n: int, here: Round) -> Words:
        said = self.most(
            here,
            N_("%(name)s has the most votes: %(votes)s of %(all)s ballots."),
            N_("%(names)s have the most votes."),
        )
        if not here.exhausted:
            return said
        more = N_("%(said)s Ballots that name nobody, or several in the first place: %(none)s.")
        return Words(more, said=said, none=shown(here.exhausted))

    def approval(self, n: int, here: Round) -> Words:
        return self.most(
            here,
            N_("Most ballots approve of %(name)s: %(votes)s of %(all)s."),
            N_("Most ballots approve of %(names)s."),
        )

    def runoff(self, n: int, here: Round) -> Words:
        standing = sum(here.tally.values(), Fraction(0))
        if here.elected:
            name, votes = self.names(here.elected), here.tally[here.elected[0]]
            if votes * 2 > standing:
                said = N_("%(name)s has %(votes)s of the %(all)s ballots that still name somebody: more than half.")
                return self.spent(here, Words(said, name=name, votes=shown(votes), all=shown(standing)))
            return self.spent(here, Words(N_("Nobody but %(name)s is left."), name=name))
        return self.spent(here, Words(N_("Nobody has more than half. %(then)s"), then=self.leaves(here)))

    def leaves(self, here: Round) -> Words:
        """Who is left out, and why."""
        if not here.eliminated:
            return self.open(here)
        on = Words(N_("Those ballots go to whom they name next."))
        names, votes = self.names(here.eliminated), [here.tally[one] for one in here.eliminated]
        if tie := self.broken(here.eliminated[0]):
            said = N_("%(all)s stand last, level; by the declared rule %(names)s is left out. %(on)s")
            return Words(said, on=on, all=self.names(tie.options), names=names)
        if len(votes) > 1:
            said = N_("%(names)s have %(votes)s together, fewer than the next, and are left out. %(on)s")
            return Words(said, on=on, names=names, votes=shown(sum(votes, Fraction(0))))
        if votes[0] > min(here.tally.values()):
            return Words(N_("%(names)s is left out first, as the rules of this election say."), names=names)
        said = N_("%(names)s has the fewest, %(votes)s, and is left out. %(on)s")
        return Words(said, on=on, names=names, votes=shown(votes[0]))

    def broken(self, out: int) -> Tie | None:
        """The tie by which this one was left out."""
        return next((tie for tie in self.result.ties if tie.chosen and out in tie.options and out not in tie.chosen), None)

    def spent(self, here: Round, said: Words) -> Words:
        if not here.exhausted:
            return said
        return Words(N_("%(said)s Ballots that name nobody who is left: %(none)s."), said=said, none=shown(here.exhausted))

    def transfer(self, n: int, here: Round) -> Words:
        quota = self.result.quota or Fraction(0)
        if not here.elected:
            return self.spent(here, Words(N_("Nobody reaches the quota. %(then)s"), then=self.leaves(here)))
        names = self.names(here.elected)
        if all(here.tally[one] < quota for one in here.elected):
            return self.spent(here, Words(N_("As many are left as there are seats. Elected: %(names)s."), names=names))
        reached = Words(N_("The quota is reached. Elected: %(names)s."), names=names)
        if n == len(self.result.rounds) or all(here.tally[one] <= quota for one in here.elected):
            return self.spent(here, reached)
        said = N_("%(said)s What is above the quota goes on, each ballot with a part of its weight.")
        return self.spent(here, Words(said, said=reached))

    def seat(self, n: int, here: Round) -> Words:
        if not here.elected:
            return self.open(here)
        if tie := self.preferred(here):
            return self.by_rule(here, tie)
        name, votes = self.names(here.elected), shown(here.tally[here.elected[0]])
        if n == 1:
            return Words(N_("Most ballots approve of %(name)s: %(votes)s. That is the first seat."), name=name, votes=votes)
        said = N_("Ballots that have a winner already count for less. Now %(name)s has the most, %(votes)s: seat %(n)s.")
        return Words(said, name=name, votes=votes, n=n)

    def best_set(self, n: int, here: Round) -> Words:
        if not here.elected:
            return self.open(here)
        if self.preferred(here):
            said = N_("Several sets of %(n)s are worth as much as each other; by the declared rule it is %(names)s.")
            return Words(said, n=len(here.elected), names=self.names(here.elected))
        said = N_("No other %(n)s together are worth as much: a ballot counts 1 for one winner, 1 1/2 for two, 1 5/6 for three.")
        return Words(said, n=len(here.elected))

    def plain(self, n: int, here: Round) -> Words:
        parts = [(N_("Elected: %(names)s."), here.elected), (N_("Left out: %(names)s."), here.eliminated)]
        said = [Words(text, names=self.names(which)) for text, which in parts if which]
        if not said:
            return self.open(here)
        return said[0] if len(said) == 1 else Words(N_("%(first)s %(rest)s"), first=said[0], rest=said[1])

    # How it ended.

    def ending(self, method: str) -> Words:
        winners = self.result.winners
        if not self.result.is_decided:
            return Words(N_("Not decided. May still win: %(names)s."), names=self.names(winners))
        if self.result.pairs is not None and len(winners) == 1:
            pairs, best = self.result.pairs, winners[0]
            if all(pairs[best][one] > pairs[one][best] for one in range(len(pairs)) if one != best):
                said = N_("%(name)s wins: compared with each of the others alone, more ballots put %(name)s first.")
            else:
                said = N_("%(name)s wins: nobody beats %(name)s by a stronger chain of comparisons.")
            return Words(said, name=self.names(winners))
        if len(winners) == 1:
            return Words(N_("%(name)s wins."), name=self.names(winners))
        return Words(N_("Elected: %(names)s."), names=self.names(winners))

    def tie(self, tie: Tie) -> Words:
        names = self.names(tie.options)
        if not tie.chosen:
            if tie.places == 1:
                said = N_("%(names)s stand level for one place. No rule was declared for this, so nobody is preferred.")
            else:
                said = N_("%(names)s stand level for %(places)s places. No rule was declared for this, so nobody is preferred.")
            return Words(said, names=names, places=tie.places)
        rule, chosen = self.election.rules.get("tiebreak"), self.names(tie.chosen)
        if isinstance(rule, dict):
            said = N_("%(names)s stand level. The lot with the public seed “%(seed)s” falls on: %(chosen)s.")
            return Words(said, names=names, seed=rule[LOT], chosen=chosen)
        said = N_("%(names)s stand level. By the declared order of the options: %(chosen)s.")
        return Words(said, names=names, chosen=chosen)

    def quota(self) -> Words | None:
        if self.result.quota is None:
            return None
        more = self.election.rules.get("quota") == "hagenbach_bischoff_exact"
        said = N_("Whoever has more than %(quota)s votes is elected.") if more else N_("Whoever has %(quota)s votes is elected.")
        return Words(said, quota=shown(self.result.quota))

    def pairs(self) -> tuple[Pair, ...]:
        """The options in their order, each compared with those behind it."""
        pairs, names = self.result.pairs, self.election.options
        if pairs is None or self.result.order is None:
            return ()
        order = [one for group in self.result.order for one in group]
        return tuple(
            Pair(names[one], names[other], pairs[one][other], pairs[other][one])
            for n, one in enumerate(order)
            for other in order[n + 1 :]
        )


SENTENCES: dict[str, Callable[[_Teller, int, Round], Words]] = {
    "plurality": _Teller.plurality,
    "approval": _Teller.approval,
    "irv": _Teller.runoff,
    "stv-wigm": _Teller.transfer,
    "spav": _Teller.seat,
    "pav": _Teller.best_set,
}
