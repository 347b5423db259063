"""The catalogue of everything that can be recorded: what an action may touch, and the sentence that tells of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from deliberation.kernel.registry import Registry
from deliberation.kernel.words import N_, Words

Details = Callable[[Mapping[str, Any]], dict[str, Any]]


def _no_details(body: Mapping[str, Any]) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Action:
    """``creates``: tables in which rows may appear; ``changes``: columns that may change, by table; ``deletes``: tables
    that may lose rows. ``sentence`` has the places ``%(office)s`` and ``%(label)s`` and whatever ``details(body)``
    returns."""

    name: str
    sentence: str
    creates: frozenset[str] = frozenset()
    changes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    deletes: frozenset[str] = frozenset()
    details: Details = _no_details


ACTIONS: Registry[Action] = Registry("action")


def action(
    name: str,
    sentence: str,
    *,
    creates: Iterable[str] = (),
    changes: Mapping[str, Iterable[str]] | None = None,
    deletes: Iterable[str] = (),
    details: Details = _no_details,
) -> Action:
    """Declare one action. Personal records may be created by every action."""
    columns = {table: frozenset(names) for table, names in (changes or {}).items()}
    made = Action(name, sentence, frozenset(creates) | {"personal_record"}, columns, frozenset(deletes), details)
    return ACTIONS.add(name, made)


def changed(body: Mapping[str, Any], table: str, column: str) -> Any:
    """The value that the entry gives ``table.column`` (the first row that has one), or None."""
    for row in body.get("rows", ()):
        if row["table"] == table and column in row.get("set", {}):
            return row["set"][column]
    return None


UNREADABLE = N_("This entry cannot be read: it is not what was written here.")


def sentence(body: Mapping[str, Any], office_words: Callable[[str], Words]) -> Words:
    """What the entry says, as translatable words. An entry that somebody changed in the database says that it cannot be read."""
    if "action" not in body:
        return Words(UNREADABLE)
    known = ACTIONS[body["action"]] if body["action"] in ACTIONS else None
    if known is None:
        return Words(N_("An entry of a part that is not installed here (%(action)s)."), action=body["action"])
    label = body.get("label") or ""
    try:
        return Words(known.sentence, office=office_words(body.get("office", "")), label=label, **known.details(body))
    except (KeyError, ValueError):
        return Words(UNREADABLE)


WIPED = ("value", "salt", "erased_at", "basis", "restricted_at", "restriction")


def _basis(body: Mapping[str, Any]) -> dict[str, Any]:
    return {"basis": Words(BASIS_WORDS.get(str(changed(body, "personal_record", "basis")), BASIS_WORDS["author_request"]))}


LAPSED = "lapsed"
BASIS_WORDS = {
    LAPSED: N_("because what it was given for has lapsed"),
    "author_request": N_("at the wish of the person concerned"),
    "corrected": N_("because it was corrected"),
    "replaced": N_("because another one took its place"),
    "kin_request": N_("at the wish of the next of kin"),
    "restored_backup": N_("again, after an older copy of the database was put back"),
}
ERASE = action(
    "personal_data.erase", N_("A personal text was erased %(basis)s."), changes={"personal_record": WIPED}, details=_basis
)
RESTRICT = action(
    "personal_data.restrict",
    N_("A personal text was restricted: it stays stored and is used for nothing."),
    changes={"personal_record": ("restricted_at", "restriction")},
)
LIFT = action(
    "personal_data.lift",
    N_("The restriction of a personal text was lifted."),
    changes={"personal_record": ("restricted_at", "restriction")},
)
KEY_ADD = action("log.key_add", N_("A key that signs the logs was added."), creates=("audit_key",))
LOSS = action(
    "log.loss_acknowledge",
    N_(
        "A copy from before was restored: of %(origin)s, %(published)s entries were published, of which this log goes on from"
        " %(kept)s. The rest is lost."
    ),
    creates=("audit_loss",),
    details=lambda body: {name: changed(body, "audit_loss", name) for name in ("origin", "published", "kept")},
)
KEY_RETIRE = action(
    "log.key_retire", N_("A key that signed the logs was retired."), changes={"audit_key": ("retired_at",)}
)
