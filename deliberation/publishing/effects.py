"""What a resolution can bind: the line that stands under every one (效力说明). Pure."""

from __future__ import annotations

from deliberation.kernel.words import N_, Words

CAREFUL = "persuade"
EFFECTS = {
    "within": N_(
        "This resolution lies within the council's own powers. It binds the council and those whom it charges with tasks."
    ),
    "persuade": N_(
        "This resolution binds party members by their discipline. Everybody else is asked and persuaded; nobody is forced, "
        "and the rights of owners stay as the law has them."
    ),
    "outside": N_(
        "The matter lies outside the council's powers. This resolution is a recommendation to those who decide by law."
    ),
}


def default_effect(powers: str | None) -> Words:
    """The usual line for a plan's check of powers; the careful one where nothing was checked."""
    return Words(EFFECTS.get(powers or "", EFFECTS[CAREFUL]))
