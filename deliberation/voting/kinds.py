"""Kinds of poll, and what a ballot of each may say. Pure.

A ballot is kept as one short text, the same for every way by which it came in:

========  =====================================  ==========================================
kind      text                                   meaning
========  =====================================  ==========================================
yes_no    ``for``, ``against``, ``abstain``
single    ``3``                                  the third option
approval  ``1,4``                                the first and the fourth
ranked    ``4>1>2``                              the fourth first; whoever is not named stands below
rating    ``1:4,2:1``                            the first thing the fourth grade, the second the first
========  =====================================  ==========================================

Every kind also takes ``abstain``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from deliberation.kernel.errors import Invalid
from deliberation.kernel.words import N_, Words
from deliberation.voting.methods.election import Ranking
from deliberation.voting.states import CHOICE_WORDS, Choice

MOST_OPTIONS = 40
ABSTAIN = Choice.ABSTAIN.value


class Kind(StrEnum):
    YES_NO = "yes_no"
    SINGLE = "single"
    APPROVAL = "approval"
    RANKED = "ranked"
    RATING = "rating"


class Mode(StrEnum):
    """How a vote is kept: by name (own phone, roll call, show of hands taken down by the clerk) or sealed."""

    RECORDED = "recorded"
    SECRET = "secret"


KIND_WORDS = {
    Kind.YES_NO: N_("For, against or abstain"),
    Kind.SINGLE: N_("One option out of several"),
    Kind.APPROVAL: N_("Every option that one approves of"),
    Kind.RANKED: N_("Options in order of preference"),
    Kind.RATING: N_("A grade out of four for each"),
}
MODE_WORDS = {
    Mode.RECORDED: N_("Recorded by name"),
    Mode.SECRET: N_("Secret"),
}
METHODS = {
    Kind.SINGLE: ("plurality",),
    Kind.APPROVAL: ("approval", "pav", "spav"),
    Kind.RANKED: ("irv", "stv-wigm", "schulze"),
}
"""The methods that count a kind, the usual one first. Methods of plugins count what their ballots are: see `counting`."""

METHOD_WORDS = {
    "plurality": N_("Most votes win"),
    "approval": N_("The options that most approve of win"),
    "pav": N_("Proportional approval: the set of winners in which most find themselves again"),
    "spav": N_("Proportional approval, one winner after another"),
    "irv": N_("Instant runoff: the last is left out until one has more than half"),
    "stv-wigm": N_("Transferable vote: several places, shared out in proportion"),
    "schulze": N_("Schulze: who beats every other in pairs, by the strongest paths"),
}

TAKES = {Kind.SINGLE: "ranking", Kind.APPROVAL: "approvals", Kind.RANKED: "ranking"}

SCALES: dict[str, tuple[str, ...]] = {
    "satisfaction": (N_("Satisfied"), N_("Mostly satisfied"), N_("Not satisfied"), N_("I cannot judge")),
    "appraisal": (N_("Excellent"), N_("Qualified"), N_("Basically qualified"), N_("Not qualified")),
}
CANNOT_JUDGE = {"satisfaction": 4}
"""The grade of a scale that says nothing about the thing."""
SCALE_WORDS = {
    "satisfaction": N_("Satisfied, mostly satisfied, not satisfied, cannot judge"),
    "appraisal": N_("Excellent, qualified, basically qualified, not qualified"),
}


@dataclass(frozen=True)
class Paper:
    """What a ballot of one poll looks like: so many ``options``, of which at most ``most`` may be named."""

    kind: Kind
    options: int = 0
    most: int = 1
    scale: str | None = None

    @property
    def grades(self) -> int:
        return len(SCALES[self.scale]) if self.scale else 0

    def judging(self, spread: Sequence[int]) -> int:
        """How many of the ballots, counted by grade, say something about the thing."""
        silent = CANNOT_JUDGE.get(self.scale or "")
        return sum(number for grade, number in enumerate(spread, 1) if grade != silent)


def read(paper: Paper, text: str) -> str:
    """The ballot in its kept form. Raises `Invalid` saying which option is unknown, repeated or missing, or how many are
    too many."""
    if text == ABSTAIN:
        return ABSTAIN
    return _READERS[paper.kind](paper, text)


def _yes_no(paper: Paper, text: str) -> str:
    if text not in CHOICE_WORDS:
        raise Invalid(N_("Please choose one of these."), field="choice")
    return text


def _single(paper: Paper, text: str) -> str:
    (one,) = _options(paper, text.split(","), 1)
    return str(one)


def _approval(paper: Paper, text: str) -> str:
    return ",".join(str(one) for one in sorted(_options(paper, text.split(","), paper.most)))


def _ranked(paper: Paper, text: str) -> str:
    return ">".join(str(one) for one in _options(paper, text.split(">"), paper.most))


def _options(paper: Paper, given: Sequence[str], most: int) -> list[int]:
    found: list[int] = []
    for name in given:
        one = _number(name, paper.options)
        if one in found:
            raise Invalid(N_("Option %(n)s is named twice."), field="choice", n=one)
        found.append(one)
    if len(found) > most:
        raise Invalid(N_("This names %(n)s options; at most %(most)s may be named."), field="choice", n=len(found), most=most)
    return found


def _number(name: str, most: int) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,2}", name, re.ASCII):
        raise Invalid(N_("Please choose at least one option, or abstain."), field="choice")
    if int(name) > most:
        raise Invalid(N_("There is no option %(n)s."), field="choice", n=int(name))
    return int(name)


def _rating(paper: Paper, text: str) -> str:
    grades: dict[int, int] = {}
    for part in text.split(","):
        name, _colon, grade = part.partition(":")
        one = _number(name, paper.options)
        if one in grades:
            raise Invalid(N_("Option %(n)s is named twice."), field="choice", n=one)
        if grade not in {str(n) for n in range(1, paper.grades + 1)}:
            raise Invalid(N_("Please give number %(n)s one of the grades."), field="choice", n=one)
        grades[one] = int(grade)
    missing = [one for one in range(1, paper.options + 1) if one not in grades]
    if missing:
        raise Invalid(N_("Please give number %(n)s one of the grades."), field="choice", n=missing[0])
    return ",".join(f"{one}:{grades[one]}" for one in sorted(grades))


_READERS = {
    Kind.YES_NO: _yes_no,
    Kind.SINGLE: _single,
    Kind.APPROVAL: _approval,
    Kind.RANKED: _ranked,
    Kind.RATING: _rating,
}


def by_ranks(ranks: Mapping[int, int | None]) -> str:
    """A ranked ballot from the place that each option was given; no place: not named.

    Raises `Invalid` for a place that was given twice or left out: nobody can say what was meant.
    """
    placed = sorted((place, one) for one, place in ranks.items() if place is not None)
    if not placed:
        raise Invalid(N_("Please give at least one option a place, or abstain."), field="choice")
    for wanted, (place, _one) in enumerate(placed, 1):
        if place < wanted:
            raise Invalid(N_("Place %(n)s is given twice."), field="choice", n=place)
        if place > wanted:
            raise Invalid(N_("Place %(n)s is missing, though a later one is given."), field="choice", n=wanted)
    return ">".join(str(one) for _place, one in placed)


def ranking(kind: Kind, text: str) -> Ranking:
    """A kept ballot as the counting methods take it: options from 0; nothing for who abstained."""
    if text == ABSTAIN:
        return ()
    if kind is Kind.RANKED:
        return tuple((int(one) - 1,) for one in text.split(">"))
    return (tuple(int(one) - 1 for one in text.split(",")),)


def grades_of(text: str) -> dict[int, int]:
    """A kept rating: grade by option, both from 1."""
    return {int(one): int(grade) for one, _colon, grade in (part.partition(":") for part in text.split(","))}


def words(paper: Paper, text: str, options: Sequence[str]) -> list[Words]:
    """What a kept ballot says, line by line, with the options' own words."""
    if paper.kind is Kind.YES_NO or text == ABSTAIN:
        return [Words(CHOICE_WORDS[Choice(text)])]
    if paper.kind is Kind.RATING:
        assert paper.scale is not None
        scale = SCALES[paper.scale]
        return [
            Words(N_("%(option)s: %(grade)s"), option=options[one - 1], grade=Words(scale[grade - 1]))
            for one, grade in grades_of(text).items()
        ]
    if paper.kind is Kind.RANKED:
        return [
            Words(N_("%(place)s. %(option)s"), place=place, option=options[int(one) - 1])
            for place, one in enumerate(text.split(">"), 1)
        ]
    return [Words("%(option)s", option=options[int(one) - 1]) for one in text.split(",")]


def kind_words(kind: str) -> Words:
    return Words(KIND_WORDS[Kind(kind)])


def mode_words(mode: str) -> Words:
    return Words(MODE_WORDS[Mode(mode)])


def scale_words(scale: str) -> list[Words]:
    return [Words(word) for word in SCALES[scale]]


def method_words(method: str) -> Words:
    """How a method counts, in words; a plugin's by its name."""
    return Words(METHOD_WORDS[method]) if method in METHOD_WORDS else Words("%(method)s", method=method)


def longest(paper: Paper) -> int:
    """The most bytes that a kept ballot of this paper can have: sealed ballots are all made that long."""
    digits = len(str(max(paper.options, 1)))
    named = {Kind.SINGLE: 1, Kind.RATING: paper.options}.get(paper.kind, min(paper.most, paper.options))
    each = digits + 1 + (2 if paper.kind is Kind.RATING else 0)
    return max(len(Choice.AGAINST.value), named * each)


def every(paper: Paper) -> Iterable[str]:
    """Every ballot that a yes or no, or a single choice, can have: for tests and count sheets."""
    if paper.kind is Kind.YES_NO:
        return [one.value for one in Choice]
    return [*(str(one) for one in range(1, paper.options + 1)), ABSTAIN]
