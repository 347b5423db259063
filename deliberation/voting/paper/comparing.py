"""Two entries of the same papers, made by two people who did not see each other's. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from deliberation.audit import tree
from deliberation.audit.canonical import canonical
from deliberation.kernel.words import N_
from deliberation.voting.results import INVALID

REASON_WORDS = {
    "unclear": N_("It is not clear what is meant"),
    "too_many": N_("More is marked than is allowed"),
    "signed": N_("A name or a sign shows whose it is"),
}


def invalid(reason: str) -> str:
    """A paper that does not count, as it is typed in."""
    return f"{INVALID}:{reason}"


def counted(content: str) -> str:
    """What a typed paper counts as: why it is invalid does not matter."""
    return INVALID if content.startswith(f"{INVALID}:") else content


def differing(first: Mapping[str, str], second: Mapping[str, str]) -> list[str]:
    """The serials that only one of the two has, or that count differently in them."""
    return sorted(
        one for one in first.keys() | second.keys() if counted(first.get(one, "")) != counted(second.get(one, ""))
    )  # fmt: skip


def root(papers: Iterable[tuple[str, str]], salt: bytes) -> str:
    """The Merkle root (RFC 9162) of an entry: two that agree have the same.

    The salt is deleted at the count. Without it nobody can try out what stood on a paper whose number they know.
    """
    built = tree.Builder()
    for serial, content in sorted(papers):
        built.add(canonical([salt.hex(), serial, counted(content)]))
    return built.root().hex()
