"""Plan texts as numbered paragraphs, and the operations by which amendments change them.

A text is a tuple of `Paragraph`. A paragraph's number is its place, counted from 1, and shifts; its key never does,
so that an amendment still finds its paragraph after others have been inserted above it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import combinations
from typing import TypeAlias

from deliberation.agenda import texts
from deliberation.kernel.errors import Invalid, Refused
from deliberation.kernel.words import N_

_NEWLINES = re.compile(r"\r\n?")
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that show characters in another order than the one that is stored and hashed (Unicode UAX #9)."""


class Op(StrEnum):
    """What an amendment does to the text."""

    REPLACE = "replace"
    INSERT_AFTER = "insert_after"
    INSERT_AT_END = "insert_at_end"
    INSERT_AT_START = "insert_at_start"
    DELETE = "delete"


_ANCHORED = frozenset({Op.REPLACE, Op.INSERT_AFTER, Op.DELETE})
_INSERTS = frozenset({Op.INSERT_AFTER, Op.INSERT_AT_END, Op.INSERT_AT_START})


@dataclass(frozen=True)
class Paragraph:
    """One paragraph: ``key`` is unique within its text and stays when the wording or the place changes."""

    key: str
    text: str


Text: TypeAlias = tuple[Paragraph, ...]


@dataclass(frozen=True)
class Operation:
    """One change of a text; ``paragraph`` is the key of the paragraph that it names, not its number.

    Replace, insert_after and delete name a paragraph, the other two do not; all but delete have a text, which is kept
    normalised; inserts (and only they) bring the key of the paragraph that they create. Raises `Invalid` otherwise.
    """

    op: Op
    paragraph: str | None = None
    text: str | None = None
    new_key: str | None = None

    def __post_init__(self) -> None:
        try:
            object.__setattr__(self, "op", Op(self.op))
        except ValueError:
            raise Invalid(N_("There is no such kind of amendment."), code="unknown_operation", field="op") from None
        self._check_paragraph()
        self._check_new_key()
        object.__setattr__(self, "text", self._checked_text())

    def _check_paragraph(self) -> None:
        if self.op in _ANCHORED and not self.paragraph:
            raise Invalid(N_("Say which paragraph it is about."), code="paragraph_missing", field="paragraph")
        if self.op not in _ANCHORED and self.paragraph is not None:
            message = N_("A paragraph at the start or at the end names no other paragraph.")
            raise Invalid(message, code="paragraph_not_wanted", field="paragraph")

    def _check_new_key(self) -> None:
        if self.op in _INSERTS and not self.new_key:
            raise Invalid(N_("A new paragraph needs an identity."), code="new_key_missing", field="new_key")
        if self.op not in _INSERTS and self.new_key is not None:
            message = N_("Only a new paragraph is given an identity.")
            raise Invalid(message, code="new_key_not_wanted", field="new_key")

    def _checked_text(self) -> str | None:
        if self.op is Op.DELETE:
            if self.text is not None:
                message = N_("To delete a paragraph, give no text; to reword it, replace it.")
                raise Invalid(message, code="text_not_wanted", field="text")
            return None
        text = normalise(self.text or "")
        if not text:
            raise Invalid(N_("Write the text of the paragraph."), code="text_missing", field="text")
        return text


def normalise(text: str) -> str:
    """``text`` in Unicode NFC, lines ended by LF, without space at either end.

    Raises `Invalid` (code "control_character") for NUL and every other control character but the line feed, for marks
    that turn the direction of writing, and for halves of surrogate pairs: what is shown must be what is stored.
    """
    tidy = _tidy(text)
    for char in tidy:
        if (char != "\n" and unicodedata.category(char) in {"Cc", "Cs"}) or char in _BIDI:
            message = N_("The text holds a character that cannot be shown (%(name)s). Remove it and try again.")
            raise Invalid(message, code="control_character", field="text", name=f"U+{ord(char):04X}")
    return tidy


def _tidy(text: str) -> str:
    return unicodedata.normalize("NFC", _NEWLINES.sub("\n", text)).strip()


def apply(text: Text, operation: Operation) -> Text:
    """``text`` as changed by ``operation``; every paragraph that it does not name is kept as it is.

    An insertion stands directly after its paragraph, so that of two at one place the later stands first; at the end
    they stand in the order in which they come. Raises `Refused`: "anchor_gone" when the paragraph is no longer there,
    "key_taken" when the new paragraph's key is already in use.
    """
    if operation.new_key is not None and any(paragraph.key == operation.new_key for paragraph in text):
        message = N_("This paragraph is in the text already: the amendment was applied before.")
        raise Refused(message, code="key_taken")
    match operation.op:
        case Op.INSERT_AT_START:
            return _new(operation) + text
        case Op.INSERT_AT_END:
            return text + _new(operation)
    at = _place(text, operation.paragraph)
    match operation.op:
        case Op.INSERT_AFTER:
            return text[: at + 1] + _new(operation) + text[at + 1 :]
        case Op.DELETE:
            return text[:at] + text[at + 1 :]
        case _:
            return (*text[:at], replace(text[at], text=operation.text or ""), *text[at + 1 :])


def apply_all(text: Text, operations: Iterable[Operation]) -> Text:
    """``text`` as changed by all ``operations``, one after another in the order given. Raises as `apply` does."""
    for operation in operations:
        text = apply(text, operation)
    return text


def _new(operation: Operation) -> Text:
    return (Paragraph(operation.new_key or "", operation.text or ""),)


def _place(text: Text, key: str | None) -> int:
    for index, paragraph in enumerate(text):
        if paragraph.key == key:
            return index
    message = N_("The paragraph that the amendment names is no longer in the text. Propose it for another paragraph.")
    raise Refused(message, code="anchor_gone", field="paragraph")


def amend_operation(operation: Operation, secondary_text: str) -> Operation:
    """The amendment as changed by a carried secondary amendment: its own text is replaced, what it does stays.

    Raises `Invalid` for an amendment without a text (a deletion), for an empty text and as `normalise` does.
    """
    if operation.op is Op.DELETE:
        raise Invalid(N_("A deletion has no text that could be amended."), code="nothing_to_amend")
    return replace(operation, text=secondary_text)


def no_change(text: Text, operation: Operation) -> bool:
    """Whether ``operation`` would leave ``text`` as it is (a replacement by the same words).

    Raises `Refused` "anchor_gone" when the paragraph to be replaced is no longer there.
    """
    if operation.op is not Op.REPLACE:
        return False
    return _tidy(text[_place(text, operation.paragraph)].text) == operation.text


def same_proposal(a: Operation, b: Operation) -> bool:
    """Whether two operations propose the same thing: same kind, same paragraph, same words. Keys do not matter."""
    return (a.op, a.paragraph, a.text) == (b.op, b.paragraph, b.text)


def conflicts(operations: Sequence[Operation]) -> set[tuple[int, int]]:
    """Pairs of indices (lower first) of operations that touch the same paragraph: they name it or bring it in.

    Touching is not forbidden (replace a paragraph and insert another after it); it is what the chair should look at
    before the vote. Insertions at the start or at the end touch no paragraph but the one that they bring.
    """
    touched = [{operation.paragraph, operation.new_key} - {None} for operation in operations]
    return {(i, j) for i, j in combinations(range(len(touched)), 2) if touched[i] & touched[j]}


def text_hash(text: Text) -> str:
    """The fingerprint of the words of ``text``: 64 lower-case hexadecimal digits.

    SHA-256 over the canonical JSON (RFC 8785), in UTF-8, of the list of the paragraphs' texts in their order:
    ``["first","second"]``, no spaces, non-ASCII characters as they are. Keys are left out: a reader who has only the
    printed text can compute it. Where one paragraph ends and the next begins counts as part of the wording.
    """
    return texts.text_hash(paragraph.text for paragraph in text)
