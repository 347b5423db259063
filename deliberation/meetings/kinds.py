"""The kinds of meeting as data: who convenes, who takes part, notice, papers, order of business, record, product. Pure.

What a kind is stands in ``kinds.json``; which of them a council holds, how often, and under what names, in its rules.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from deliberation.councils.rules import Rules
from deliberation.kernel.errors import Invalid
from deliberation.kernel.words import N_


@dataclass(frozen=True)
class MeetingKind:
    """One kind. ``notice`` and ``every`` name the rules that hold the days and the months; texts are by language. ``sides``: the
    group whose parties are offered; ``agrees``: it ends in ``points``, or in one ``agreement`` of all sides (or none)."""

    code: str
    names: Mapping[str, str]
    conveners: tuple[str, ...]
    participants: tuple[str, ...]
    notice: str
    every: str | None
    matters: tuple[str, ...]
    needs_matters: bool
    decides: bool
    hears: bool
    rates: bool
    reports: bool
    sides: str | None
    agrees: str | None
    record: tuple[str, ...]
    papers: Mapping[str, str]
    order: Mapping[str, tuple[str, ...]]
    produces: Mapping[str, str]
    trust: str
    source: str

    def name(self, held: Rules, language: str) -> str:
        """What this council calls it, else its usual name."""
        rule = f"{self.code}_name"
        return (held[rule] if rule in held.entries else "") or self.names[language]

    def who(self, language: str) -> list[str]:
        """Who takes part, in words."""
        return [_data()["groups"][one][language] for one in self.participants]

    @property
    def parties(self) -> Mapping[str, Mapping[str, str]]:
        """The parties that can be put down as sides with one press: code → names."""
        return _data()["groups"][self.sides]["parties"] if self.sides else {}

    @property
    def roster_offices(self) -> tuple[str, ...]:
        """The offices whose holders stand on the roster; other participants are noted on the day."""
        return tuple(office for one in self.participants for office in _data()["groups"][one]["offices"])


@cache
def _data() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(Path(__file__).with_name("kinds.json").read_text(encoding="utf-8"))
    return loaded


@cache
def kinds() -> dict[str, MeetingKind]:
    """Every kind by its code."""
    return {
        code: MeetingKind(
            code, one["name"], tuple(one["conveners"]), tuple(one["participants"]), one["notice"], one["every"],
            tuple(one["matters"]), one["needs_matters"], one["decides"], one.get("hears", False), one.get("rates", False),
            one.get("reports", False), one.get("sides"), one.get("agrees"),
            tuple(one["record"]), one["papers"], one["order"], one["produces"], one["trust"], one["source"],
        )
        for code, one in _data()["kinds"].items()
    }  # fmt: skip


def procedures() -> dict[str, dict[str, str]]:
    """What a meeting may be asked about itself without a topic in the notice: code, and its words by language."""
    found: dict[str, dict[str, str]] = _data()["procedures"]
    return found


def procedures_allowed(rules: Rules) -> dict[str, dict[str, str]]:
    """Those that a council with these rules lets be asked."""
    return {code: procedures()[code] for code in _data()["procedures_allowed"][rules["procedure_votes"]]}


def usual() -> str:
    """The kind that is meant where none is named: the first that decides."""
    return next(code for code, one in kinds().items() if one.decides)


def hearing_kinds() -> list[str]:
    """The kinds that hear people on a matter, and whose findings the council answers."""
    return [code for code, one in kinds().items() if one.hears]


def parties() -> dict[str, Mapping[str, str]]:
    """Every party of the presets, by its code."""
    return {code: names for one in kinds().values() for code, names in one.parties.items()}


def kind_of(code: str) -> MeetingKind:
    if code not in kinds():
        raise Invalid(N_("There is no such kind of meeting."), field="kind")
    return kinds()[code]


def held_by(rules: Rules) -> list[MeetingKind]:
    """The kinds that a council with these rules holds."""
    return [kinds()[code] for code in _data()["presets"][rules["meetings"]]]
