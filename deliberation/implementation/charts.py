"""Figures as bars: where each one stands in a drawing of fixed height and any width. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

HEIGHT = 6.0
TOP = 1.5
FEWEST_SLOTS = 8
MOST_NUMBERED = 12
"""With more bars than this only the first and the last carry their number, so that numbers never touch."""


@dataclass(frozen=True)
class Bar:
    """``x`` and ``width`` in per cent of the drawing, ``y`` and ``height`` in em; ``label`` is empty where it would touch."""

    on_day: date
    value: int
    x: float
    width: float
    y: float
    height: float
    label: str


def bars(figures: Sequence[tuple[date, int]], total: int | None) -> list[Bar]:
    """One bar a report, on a scale from 0 to the largest figure or the total. Nothing for fewer than two reports."""
    if len(figures) < 2:
        return []
    top = max([total or 0, 1, *(value for _, value in figures)])
    slot = 100 / max(len(figures), FEWEST_SLOTS)
    numbered = set(range(len(figures))) if len(figures) <= MOST_NUMBERED else {0, len(figures) - 1}
    return [
        Bar(
            on_day=on_day,
            value=value,
            x=round(at * slot + slot * 0.12, 3),
            width=round(slot * 0.76, 3),
            y=round(TOP + HEIGHT * (1 - value / top), 3),
            height=round(HEIGHT * value / top, 3),
            label=str(value) if at in numbered else "",
        )
        for at, (on_day, value) in enumerate(figures)
    ]
