"""The key of a sealed box, and the printed sheets into which it is split. Pure; nothing here is ever stored.

The key pair is one of HPKE (RFC 9180): X25519, HKDF-SHA256. The private key is split by SLIP-39 into ``n`` sheets of which
any ``k`` give it back; fewer tell nothing. A sheet is 33 numbers from 0 to 1023, printed as groups of four digits; the last
three are SLIP-39's checksum, which notices every mistake in up to three groups.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from shamir_mnemonic import MnemonicError, Share, combine_mnemonics, generate_mnemonics
from shamir_mnemonic.wordlist import WORDLIST, mnemonic_from_indices, mnemonic_to_indices

from deliberation.kernel.errors import Invalid
from deliberation.kernel.words import N_

GROUPS = 33
DIGITS = 4
LEAST_NEEDED = 2
MOST_SHEETS = 16
"""SLIP-39 knows no more."""
FINGERPRINT = b"deliberation/sheet/v1\0"


class WrongSheet(Invalid):
    """What was entered is no sheet, or not one of this key."""

    code = "wrong_sheet"


@dataclass(frozen=True)
class Sheet:
    """One printed sheet. ``groups`` is a secret: it is left out wherever the object is shown."""

    groups: tuple[int, ...] = field(repr=False)

    @property
    def digits(self) -> list[str]:
        """The groups as they are printed."""
        return [f"{group:0{DIGITS}d}" for group in self.groups]

    @property
    def fingerprint(self) -> str:
        """The hash by which a sheet is known again. 256 random bits stand behind it: it tells nothing about them."""
        return hashlib.sha256(FINGERPRINT + "".join(self.digits).encode()).hexdigest()

    @property
    def words(self) -> str:
        return str(mnemonic_from_indices(self.groups))


@dataclass(frozen=True)
class Made:
    """A new key: the public half to be published, the sheets to be printed once. The private half is nowhere."""

    public: bytes
    sheets: tuple[Sheet, ...] = field(repr=False)


def make(sheets: int, needed: int) -> Made:
    """A new key pair, its private half split into ``sheets`` of which ``needed`` open. Raises `Invalid` for impossible numbers."""
    if not LEAST_NEEDED <= needed <= sheets <= MOST_SHEETS:
        raise Invalid(
            N_("At least %(least)s sheets must be needed to open the box, and at most as many as there are."),
            field="needed", least=LEAST_NEEDED,
        )  # fmt: skip
    private = X25519PrivateKey.generate()
    texts = generate_mnemonics(1, [(needed, sheets)], private.private_bytes_raw(), iteration_exponent=0)[0]
    printed = tuple(Sheet(tuple(mnemonic_to_indices(text))) for text in texts)
    return Made(private.public_key().public_bytes_raw(), printed)


def read(typed: str, known: Collection[str] = ()) -> Sheet:
    """A sheet as somebody typed or scanned it; blanks, line breaks and full-width digits do not matter.

    ``known`` are the fingerprints of the key's sheets: with their help one wrong group is named, and only when it is certain.
    Raises `WrongSheet` saying what to look at; what was typed never stands in the message.
    """
    digits = "".join(one for one in unicodedata.normalize("NFKC", typed) if not one.isspace() and one not in "-·.,;")
    if not digits.isascii() or (digits and not digits.isdigit()):
        raise WrongSheet(N_("A sheet has digits only. Please type the groups as they are printed."))
    if len(digits) != GROUPS * DIGITS:
        message = N_("A sheet has %(all)s groups of four digits, %(wanted)s digits together; these are %(have)s.")
        raise WrongSheet(message, all=GROUPS, wanted=GROUPS * DIGITS, have=len(digits))
    groups = tuple(int(digits[at : at + DIGITS]) for at in range(0, len(digits), DIGITS))
    for place, group in enumerate(groups, 1):
        if group >= len(WORDLIST):
            raise WrongSheet(N_("Group %(n)s cannot be right: no group is larger than 1023."), n=place)
    sheet = Sheet(groups)
    try:
        Share.from_mnemonic(sheet.words)
    except MnemonicError:
        wrong = wrong_group(groups, known)
        if wrong is not None:
            raise WrongSheet(N_("Group %(n)s is not as it is printed. The others are right."), n=wrong) from None
        message = N_("A digit is not as it is printed. Please compare every group with the sheet.")
        raise WrongSheet(message) from None
    return sheet


def matches(sheet: Sheet, fingerprint: str) -> bool:
    """Whether this is the sheet with that fingerprint, compared in constant time."""
    return hmac.compare_digest(sheet.fingerprint, fingerprint)


def combine(sheets: Sequence[Sheet], needed: int, public: bytes) -> X25519PrivateKey:
    """The private key, from at least ``needed`` different sheets. Raises `WrongSheet` where they are too few, belong to
    another key, or give a key whose public half is not the published one."""
    different = list({sheet.groups: sheet for sheet in sheets}.values())
    if len(different) < needed:
        message = N_("%(needed)s different sheets open the box; these are %(have)s.")
        raise WrongSheet(message, needed=needed, have=len(different))
    try:
        raw = combine_mnemonics([sheet.words for sheet in different[:needed]])
    except MnemonicError:
        raise WrongSheet(N_("These sheets do not belong together.")) from None
    private = X25519PrivateKey.from_private_bytes(raw)
    if not hmac.compare_digest(private.public_key().public_bytes_raw(), public):
        raise WrongSheet(N_("These sheets do not open this box."))
    return private


# The checksum is linear: a wrong group changes it by what the difference alone makes of it, so that the one group which
# would set it right is found without trying them all.
GENERATOR = (
    0xE0E040, 0x1C1C080, 0x3838100, 0x7070200, 0xE0E0009, 0x1C0C2412, 0x38086C24, 0x3090FC48, 0x21B1F890, 0x3F3F120,
)  # fmt: skip


def _remainder(values: Sequence[int], start: int) -> int:
    for value in values:
        top, start = start >> 20, (start & 0xFFFFF) << 10 ^ value
        for bit, term in enumerate(GENERATOR):
            if top >> bit & 1:
                start ^= term
    return start


def wrong_group(groups: Sequence[int], known: Collection[str]) -> int | None:
    """Which one group (from 1) differs from a sheet with one of these fingerprints; None where it is not exactly one."""
    wrong = _remainder(groups, _remainder(list(b"shamir_extendable"), 1)) ^ 1
    for place in range(len(groups)):
        behind = [0] * (len(groups) - place - 1)
        bits = [_remainder([1 << bit, *behind], 0) for bit in range(10)]
        difference = _solve(bits, wrong)
        if difference is None:
            continue
        right = [*groups[:place], groups[place] ^ difference, *groups[place + 1 :]]
        if any(matches(Sheet(tuple(right)), one) for one in known):
            return place + 1
    return None


def _solve(bits: Sequence[int], wanted: int) -> int | None:
    """The sum (by exclusive or) of some of ``bits`` that is ``wanted``, as a mask of which; None where there is none."""
    rows: list[tuple[int, int]] = []
    for number, value in enumerate(bits):
        mask = 1 << number
        for other, its_mask in rows:
            if value ^ other < value:
                value, mask = value ^ other, mask ^ its_mask
        if value:
            rows.append((value, mask))
            rows.sort(reverse=True)
    found = 0
    for value, mask in rows:
        if wanted ^ value < wanted:
            wanted, found = wanted ^ value, found ^ mask
    return None if wanted else found
