"""What changed between two texts, character by character: written for Chinese, which has no spaces between words.

Python's `difflib` finds the common runs; tiny ones between two changes are given up, because a sentence in which every
second character is struck out cannot be read.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal, Protocol, TypeAlias

from deliberation.kernel.errors import Invalid
from deliberation.kernel.words import N_

Kind: TypeAlias = Literal["same", "removed", "added"]
Status: TypeAlias = Literal["same", "changed", "added", "removed", "moved"]
Piece: TypeAlias = tuple[Kind, str]

FRAGMENT = 2
"""A common run of at most so many characters between two changes that are no shorter is not worth showing."""
MOST_PARTS, MOST_PAIRS = 4_000, 60_000
"""Above so many parts, or pairs of equal parts, the search takes more than about a second: compare coarser parts."""

_AFTER_PUNCTUATION = re.compile(r"(?<=[^\w ])")


class KeyedText(Protocol):
    """A paragraph with an identity that outlives changes of its wording and of its number."""

    @property
    def key(self) -> str: ...

    @property
    def text(self) -> str: ...


@dataclass(frozen=True)
class Row:
    """One line of a comparison. Numbers start at 1 and are None where the paragraph does not exist.

    ``moved`` means that the paragraph changed places with others; its pieces show whether it was reworded as well.
    """

    status: Status
    key: str
    old_number: int | None
    new_number: int | None
    pieces: tuple[Piece, ...]


@dataclass
class _Change:
    """A stretch of the two texts: what was removed, what was added, and the common run that follows."""

    removed: str
    added: str
    same: str


def difference(old: str, new: str) -> list[Piece]:
    """How ``old`` becomes ``new``: pieces (kind, text), none empty, neighbours unlike, removed before added.

    The pieces "same" and "removed" joined give ``old``; "same" and "added" joined give ``new``.
    """
    head = _common_length(old, new)
    tail = _common_length(old[head:][::-1], new[head:][::-1])
    middle = _changes(old[head : len(old) - tail], new[head : len(new) - tail])
    pieces: list[Piece] = [("same", old[:head])]
    for change in _readable([*middle, _Change("", "", old[len(old) - tail :])]):
        pieces += [("removed", change.removed), ("added", change.added), ("same", change.same)]
    return _joined(pieces)


def _common_length(a: str, b: str) -> int:
    """How many characters at the beginning of the two are the same."""
    return next((index for index, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


def _changes(old: str, new: str) -> list[_Change]:
    """The stretches by characters; by clauses in long texts; a single one if even that would take too long."""
    splitters: tuple[Callable[[str], list[str]], ...] = (list, _clauses)
    for parts in splitters:
        old_parts, new_parts = parts(old), parts(new)
        if _is_quick(old_parts, new_parts):
            return _matched(old_parts, new_parts)
    return [_Change(old, new, "")]


def _clauses(text: str) -> list[str]:
    """``text`` cut after every character that is neither a letter nor a digit nor a space."""
    return _AFTER_PUNCTUATION.split(text)


def _is_quick(old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether `difflib`, whose worst case is cubic, is sure to be done soon."""
    in_new = Counter(new)
    pairs = sum(count * in_new[part] for part, count in Counter(old).items())
    return len(old) + len(new) <= MOST_PARTS and pairs <= MOST_PAIRS


def _matched(old: Sequence[str], new: Sequence[str]) -> list[_Change]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    changes, at_old, at_new = [], 0, 0
    for start_old, start_new, size in matcher.get_matching_blocks():
        removed, added = "".join(old[at_old:start_old]), "".join(new[at_new:start_new])
        at_old, at_new = start_old + size, start_new + size
        changes.append(_Change(removed, added, "".join(old[start_old:at_old])))
    return changes


def _readable(changes: list[_Change]) -> list[_Change]:
    """The same stretches with tiny common runs swallowed; joined changes are longer, so this repeats until it rests."""
    done: list[_Change] = []
    for change in changes:
        done.append(change)
        while len(done) > 1 and _is_fragment(done[-2], done[-1]):
            after, before = done.pop(), done.pop()
            removed, added = before.removed + before.same + after.removed, before.added + before.same + after.added
            done.append(_Change(removed, added, after.same))
    return done


def _is_fragment(before: _Change, after: _Change) -> bool:
    longest_before = max(len(before.removed), len(before.added))
    longest_after = max(len(after.removed), len(after.added))
    return len(before.same) <= min(FRAGMENT, longest_before, longest_after)


def _joined(pieces: list[Piece]) -> list[Piece]:
    """Pieces without empty ones, neighbours of one kind joined."""
    joined: list[Piece] = []
    for kind, text in pieces:
        if text and joined and joined[-1][0] == kind:
            joined[-1] = (kind, joined[-1][1] + text)
        elif text:
            joined.append((kind, text))
    return joined


def compare_texts(old: Sequence[KeyedText], new: Sequence[KeyedText]) -> list[Row]:
    """Two versions of a text side by side, paragraphs matched by key: one row for every paragraph of either.

    Rows follow the new text; a removed paragraph stands where it stood, before whatever was put in its place. A mere
    shift of numbers is not a move. Raises `Invalid` when one version uses a key twice.
    """
    was, now = _numbers(old), _numbers(new)
    steady = _in_order([was[key] for key in now if key in was])
    following = _removed_after(old, now, steady)
    rows = list(following[0])
    for number, paragraph in enumerate(new, start=1):
        before = was.get(paragraph.key)
        if before is None:
            rows.append(Row("added", paragraph.key, None, number, tuple(difference("", paragraph.text))))
            continue
        pieces = tuple(difference(old[before - 1].text, paragraph.text))
        status: Status = "changed" if any(kind != "same" for kind, _ in pieces) else "same"
        rows.append(Row(status if before in steady else "moved", paragraph.key, before, number, pieces))
        rows += following.get(before, [])
    return rows


def _numbers(text: Sequence[KeyedText]) -> dict[str, int]:
    numbers = {paragraph.key: number for number, paragraph in enumerate(text, start=1)}
    if len(numbers) != len(text):
        raise Invalid(N_("Two paragraphs of one text carry the same identity."), code="duplicate_paragraph")
    return numbers


def _removed_after(old: Sequence[KeyedText], now: Mapping[str, int], steady: set[int]) -> dict[int, list[Row]]:
    """Rows of removed paragraphs under the old number of the last paragraph before them that kept its place (or 0)."""
    following: dict[int, list[Row]] = {0: []}
    anchor = 0
    for number, paragraph in enumerate(old, start=1):
        if number in steady:
            anchor = number
        elif paragraph.key not in now:
            row = Row("removed", paragraph.key, number, None, tuple(difference(paragraph.text, "")))
            following.setdefault(anchor, []).append(row)
    return following


def _in_order(numbers: Sequence[int]) -> set[int]:
    """A longest increasing selection of distinct ``numbers``: the paragraphs that need not be said to have moved."""
    ends: list[int] = []
    lengths: list[int] = []
    for number in numbers:
        place = bisect_left(ends, number)
        ends[place : place + 1] = [number]
        lengths.append(place + 1)
    chosen: set[int] = set()
    wanted = len(ends)
    for number, length in zip(reversed(numbers), reversed(lengths), strict=True):
        if length == wanted and number < min(chosen, default=number + 1):
            chosen.add(number)
            wanted -= 1
    return chosen
