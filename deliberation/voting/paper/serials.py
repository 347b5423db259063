"""What tells one paper from another: a short random code, printed and in a square. Pure.

Six characters out of twenty-one that nobody takes for one another: no 0 and O, 1 and I and L, 2 and Z, 5 and S, 6 and G,
8 and B, U and V, Q. The square holds the poll and the code and no address: a telephone that reads it goes nowhere.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Collection

from deliberation.kernel.errors import Invalid
from deliberation.kernel.words import N_

ALPHABET = "34679ACDEFHJKMNPRTWXY"
LENGTH = 6
LONGEST = 40
"""Characters that somebody may type for one serial, blanks and all."""
SCANNED = re.compile(r"([0-9]{1,10})[:;/](.+)")
BETWEEN = " -·.\u3000\t"


def new(number: int, known: Collection[str] = ()) -> list[str]:
    """So many fresh serials, none of them among ``known``, in no order that means anything."""
    taken = set(known)
    made: list[str] = []
    while len(made) < number:
        one = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        if one not in taken:
            taken.add(one)
            made.append(one)
    return made


def shown(serial: str) -> str:
    """As it is printed: two groups of three."""
    return f"{serial[:3]} {serial[3:]}"


def in_square(poll_id: int, serial: str) -> str:
    """What the square holds."""
    return f"{poll_id}:{serial}"


def read(typed: str, poll_id: int) -> str:
    """The serial as somebody typed or scanned it. Raises `Invalid` saying what cannot be right."""
    text = unicodedata.normalize("NFKC", typed).strip().upper()
    scanned = SCANNED.fullmatch(text)
    if scanned:
        if int(scanned[1]) != poll_id:
            raise Invalid(N_("This paper belongs to another vote: put it aside."), field="serial", code="foreign_paper")
        text = scanned[2]
    serial = text.translate(dict.fromkeys(map(ord, BETWEEN)))
    if len(serial) != LENGTH:
        raise Invalid(N_("A number on a paper has six characters, such as KM4 7PX."), field="serial")
    strange = next((one for one in serial if one not in ALPHABET), None)
    if strange is not None:
        message = N_("“%(one)s” stands on no paper. The characters are %(all)s.")
        raise Invalid(message, field="serial", one=strange, all=ALPHABET)
    return serial
