"""Thresholds: a fraction, whether the fraction itself is enough, and of whom. Exact integers, no floats.

Source: Civil Code of the PRC, art. 1259 (DOMAIN.md §0.6): "half or more" includes the half, "more than half" does not.
The bases are those of ``shared/data/rules/README.md``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from deliberation.kernel.errors import Invalid
from deliberation.kernel.words import N_, Words

_FRACTION = re.compile(r"(-?[0-9]{1,9})/([0-9]{1,9})")


class Base(StrEnum):
    """Of whom a threshold is a part."""

    ENTITLED = "entitled"
    PRESENT = "present"
    PARTICIPATING = "participating"
    CAST = "cast"
    FOR_AGAINST = "for_against"

    def words(self) -> Words:
        """The people or votes counted, in words that fit after "of"."""
        return Words(_BASE_WORDS[self])


_BASE_WORDS = {
    Base.ENTITLED: N_("those entitled"),
    Base.PRESENT: N_("those present"),
    Base.PARTICIPATING: N_("those taking part in the vote"),
    Base.CAST: N_("the votes cast (abstentions not counted)"),
    Base.FOR_AGAINST: N_("the votes for and against"),
}


@dataclass(frozen=True, slots=True)
class Threshold:
    """``fraction`` of ``base``: at least that much where ``inclusive``, more than that where not.

    Raises `Invalid` when the fraction is not an exact one between 0 and 1, or a part has the wrong type.
    """

    fraction: Fraction
    inclusive: bool
    base: Base

    def __post_init__(self) -> None:
        if not isinstance(self.fraction, Fraction):
            raise Invalid(N_("A threshold needs an exact fraction."), field="fraction")
        if not 0 <= self.fraction <= 1:
            raise Invalid(N_("A fraction must lie between 0 and 1."), field="fraction")
        if not isinstance(self.inclusive, bool):
            raise Invalid(N_("Whether a threshold is inclusive is true or false."), field="inclusive")
        if not isinstance(self.base, Base):
            raise Invalid(N_("A threshold needs a known base."), field="base")

    def needed(self, base_count: int) -> int:
        """The smallest whole number that meets the threshold when the base is ``base_count`` (people or votes).

        It is 0 for "at least 0", and one above the base for "more than all". Raises `Invalid` below zero.
        """
        if isinstance(base_count, bool) or not isinstance(base_count, int) or base_count < 0:
            raise Invalid(N_("The base of a threshold is a whole number, zero or more."), field="base")
        share = self.fraction.numerator * base_count
        if self.inclusive:
            return -(-share // self.fraction.denominator)
        return share // self.fraction.denominator + 1

    def met(self, have: int, base_count: int) -> bool:
        """Whether ``have`` of ``base_count`` meets the threshold. Raises `Invalid` as `needed` does."""
        return have >= self.needed(base_count)

    def words(self) -> Words:
        """The threshold in plain words, such as "more than 1/2 of those entitled"."""
        base = self.base.words()
        if self.inclusive and self.fraction == 1:
            return Words(N_("all of %(base)s"), base=base)
        if self.inclusive:
            return Words(N_("at least %(fraction)s of %(base)s"), fraction=self._ratio(), base=base)
        return Words(N_("more than %(fraction)s of %(base)s"), fraction=self._ratio(), base=base)

    def to_data(self) -> dict[str, object]:
        """``{"fraction": "1/2", "inclusive": false, "base": "entitled"}``, the fraction in lowest terms."""
        return {"fraction": self._ratio(), "inclusive": self.inclusive, "base": self.base.value}

    @classmethod
    def from_data(cls, data: object, where: str = "threshold") -> Threshold:
        """Read the shape of `to_data`, strictly. ``where`` is the path that a refusal names.

        Raises `Invalid` for a missing or unknown key, a fraction that is not a string "p/q" between 0 and 1
        (a float, a boolean and a zero denominator included), ``inclusive`` not a boolean, an unknown base.
        """
        given = read_object(data, where, required=("fraction", "inclusive", "base"))
        inclusive = read_flag(given["inclusive"], f"{where}.inclusive")
        return cls(_read_fraction(given["fraction"], f"{where}.fraction"), inclusive, _read_base(given["base"], where))

    def _ratio(self) -> str:
        return f"{self.fraction.numerator}/{self.fraction.denominator}"


def read_object(data: object, where: str, required: Iterable[str], optional: Iterable[str] = ()) -> dict[str, object]:
    """``data`` itself when it is a dict with all ``required`` keys and none but these and the ``optional`` ones.

    Raises `Invalid`, whose one-line sentence and ``field`` name the path ``where``.
    """
    if not isinstance(data, dict):
        raise Invalid(N_("%(where)s must be an object with named values."), field=where, where=where)
    required = tuple(required)
    for key in data:
        if key not in required and key not in tuple(optional):
            raise Invalid(N_("%(where)s has an unknown entry %(key)s."), field=where, where=where, key=repr(key)[:60])
    for key in required:
        if key not in data:
            raise Invalid(N_("%(where)s lacks the entry %(key)s."), field=where, where=where, key=repr(key))
    return data


def read_flag(value: object, where: str) -> bool:
    """``value`` when it is true or false; raises `Invalid` otherwise."""
    if not isinstance(value, bool):
        raise Invalid(N_("%(where)s must be true or false."), field=where, where=where)
    return value


def _read_fraction(value: object, where: str) -> Fraction:
    found = _FRACTION.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise Invalid(N_('%(where)s must be a text of the form "p/q", such as "2/3".'), field=where, where=where)
    numerator, denominator = int(found[1]), int(found[2])
    if denominator == 0:
        raise Invalid(N_("%(where)s has a zero below the line."), field=where, where=where)
    if not 0 <= numerator <= denominator:
        raise Invalid(N_("%(where)s must lie between 0 and 1."), field=where, where=where)
    return Fraction(numerator, denominator)


def _read_base(value: object, where: str) -> Base:
    for base in Base:
        if isinstance(value, str) and base.value == value:
            return base
    known = ", ".join(base.value for base in Base)
    raise Invalid(N_("%(where)s must be one of: %(known)s."), field=f"{where}.base", where=f"{where}.base", known=known)
