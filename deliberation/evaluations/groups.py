"""Who rates what, as data: the rater groups, the kinds of subject, from how many ballots on grades are shown. Pure.

The groups stand in ``groups.json`` with their source. They are never mixed: a round has one group, and nothing adds two.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from deliberation.kernel.errors import Invalid
from deliberation.kernel.words import N_

RESOLUTION, MEMBER = "resolution", "member"
"""The kinds of subject that are rows of other tables: a resolution of the council, a person."""


@dataclass(frozen=True)
class Group:
    """One rater group. ``rates``: the kinds of subject it may rate; ``scale``: its usual one. Texts are by language."""

    code: str
    names: Mapping[str, str]
    raters: Mapping[str, str]
    rates: tuple[str, ...]
    scale: str
    trust: str
    source: str


@cache
def _data() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(Path(__file__).with_name("groups.json").read_text(encoding="utf-8"))
    return loaded


@cache
def groups() -> dict[str, Group]:
    """Every rater group by its code."""
    return {
        code: Group(code, one["name"], one["raters"], tuple(one["rates"]), one["scale"], one["trust"], one["source"])
        for code, one in _data()["groups"].items()
    }


def group_of(code: str) -> Group:
    if code not in groups():
        raise Invalid(N_("Please choose one of the groups."), field="group")
    return groups()[code]


def subject_name(kind: str, language: str) -> str:
    """What a kind of subject is called."""
    name: str = _data()["subjects"][kind][language]
    return name


def offices_rated(kind: str) -> tuple[str, ...]:
    """Who is rated together with a subject of this kind, and therefore rates it not."""
    return tuple(_data()["subjects"][kind]["offices"])


def least() -> int:
    """Grades of a thing are shown from so many valid ballots on."""
    number: int = _data()["shown_from"]["least"]
    return number
