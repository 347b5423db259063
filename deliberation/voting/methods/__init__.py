"""Counting methods, one a file: each says how it counts what a ballot leaves open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from deliberation.voting.methods.election import Election, Result
from deliberation.voting.methods.rows import Rows


@dataclass(frozen=True)
class Declared:
    """What a method does with what its ballots leave open; "none" where the question cannot arise."""

    unranked: str = "none"
    equal_ranks: str = "none"
    quota: str = "most votes"
    transfer: str = "none"
    decimals: str = "whole votes"
    ties: str = "reported; broken only by a declared rule"


@dataclass(frozen=True)
class Method:
    """A counting method. ``takes`` is the kind of its ballots: ``ranking`` or ``approvals``.

    ``count_rows`` counts very many ballots without equal ranks from an array, and gives what ``count`` gives.
    """

    name: str
    version: int
    takes: str
    declared: Declared
    count: Callable[[Election], Result]
    count_rows: Callable[[Election, Rows], Result] | None = None
