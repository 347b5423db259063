"""A council's rules as data: parsing, presets, and what each rule is called in words. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from deliberation.councils.thresholds import Threshold
from deliberation.kernel.errors import Invalid
from deliberation.kernel.words import N_, Words

DEFAULT = "council"

RULE_WORDS: dict[str, str] = {
    "notice_days": N_("Clear days between the notice and the meeting"),
    "quorum": N_("Quorum"),
    "pass": N_("A motion passes with"),
    "recused_in_base": N_("Recused members count among those entitled"),
    "recused_in_quorum": N_("Recused members count towards the quorum"),
    "second_required": N_("A motion needs a second"),
    "committee_motion_exempt": N_("Motions of the committee need no second"),
    "chair_votes": N_("The chair votes"),
    "remote_vote": N_("Members who are not in the room may vote"),
    "speech_minutes": N_("Minutes for one speech"),
    "speech_times": N_("Speeches of one member on one matter"),
    "review_days": N_("Days of public review"),
    "review_day_kind": N_("Days are counted as"),
    "changed_text_needs_window": N_("A text changed after the review is published for comment again"),
    "first_reply_working_days": N_("Working days until the first response to an appeal"),
    "final_reply_months": N_("Months until the final reply to an appeal"),
    "public_name": N_("Residents are shown as"),
    "meetings": N_("Which other meetings are held"),
    "procedure_votes": N_("Questions that need no topic in the notice"),
    "joint_months": N_("Months between joint meetings"),
    "report_months": N_("Months between report meetings"),
    "evaluation_months": N_("Months between evaluation meetings"),
    "hearing_notice_days": N_("Clear days between the notice and a hearing"),
    "objection_days": N_("Days in which those who were there may object to the minutes"),
    "joint_name": N_("Name of the joint meeting here"),
    "report_name": N_("Name of the report meeting here"),
    "evaluation_name": N_("Name of the evaluation meeting here"),
    "hearing_name": N_("Name of the hearing here"),
    "coordination_name": N_("Name of the co-ordination meeting here"),
}
CHOICES: dict[str, dict[str, str]] = {
    "review_day_kind": {"calendar": N_("calendar days"), "working": N_("working days")},
    "changed_text_needs_window": {
        "always": N_("always"),
        "unless_caused_by_comments": N_("unless every changed paragraph names the comment that caused it"),
    },
    "public_name": {
        "resident": N_("“resident”"),
        "alias": N_("the name they chose"),
    },
    "meetings": {
        "four": N_("the four: joint, report and evaluation meeting, hearing"),
        "three": N_("the three: hearing, co-ordination and evaluation meeting"),
        "five": N_("the four, and the co-ordination meeting"),
    },
    "procedure_votes": {
        "all": N_("who counts the votes, and how this meeting goes on"),
        "tellers": N_("who counts the votes"),
        "order": N_("how this meeting goes on"),
        "none": N_("none"),
    },
}
RANGES: dict[str, tuple[int, int]] = {
    "notice_days": (1, 15),
    "speech_minutes": (1, 5),
    "speech_times": (1, 3),
    "review_days": (3, 30),
    "first_reply_working_days": (1, 15),
    "final_reply_months": (1, 3),
    "joint_months": (1, 12),
    "report_months": (1, 12),
    "evaluation_months": (1, 24),
    "hearing_notice_days": (1, 30),
    "objection_days": (1, 15),
}
# How long what somebody types may be; empty is the usual.
TEXTS = dict.fromkeys(("joint_name", "report_name", "evaluation_name", "hearing_name", "coordination_name"), 20)
# Rule sets from before these rules have them as the default set does.
ADDED = (
    "meetings", "procedure_votes", "joint_months", "report_months", "evaluation_months", "hearing_notice_days", "objection_days",
    *TEXTS,
)  # fmt: skip
TRUST_WORDS = {
    "V": N_("the passage itself was read"),
    "S": N_("from a secondary source"),
    "M": N_("from memory: check before use"),
    "choice": N_("a default that the council may change, not law"),
    "own": N_("set by this council, not law"),
}


@dataclass(frozen=True)
class Rules:
    """One version of a council's rules. ``entries``: name → {"value", "trust", "source"?}."""

    entries: Mapping[str, Mapping[str, Any]]

    def __getitem__(self, name: str) -> Any:
        return self.entries[name]["value"]

    @property
    def quorum(self) -> Threshold | None:
        value = self["quorum"]
        return None if value is None else Threshold.from_data(value)

    @property
    def passing(self) -> Threshold:
        return Threshold.from_data(self["pass"])

    def poll_rule(self) -> dict[str, Any]:
        """The part that a poll freezes, in the form that ``deliberation decide`` reads."""
        return {name: self[name] for name in ("quorum", "pass", "recused_in_base", "recused_in_quorum")}

    def words(self, name: str) -> Words:
        """One rule's value in words."""
        value = self[name]
        if name in ("quorum", "pass"):
            return Words(N_("no quorum")) if value is None else Threshold.from_data(value).words()
        if isinstance(value, bool):
            return Words(N_("yes") if value else N_("no"))
        if name in CHOICES:
            return Words(CHOICES[name][value])
        if name in TEXTS and not value:
            return Words(N_("the usual name"))
        return Words("%(value)s", value=value)


def parse(data: str) -> Rules:
    """Rules from their stored JSON; raises `Invalid` for what does not hold together."""
    usual = presets()[DEFAULT]["rules"]
    entries = {**{name: usual[name] for name in ADDED}, **json.loads(data)}
    check(entries)
    return Rules(entries)


def check(entries: Mapping[str, Any]) -> None:
    """Raise `Invalid` naming the first rule that is missing, unknown, of the wrong type or out of its range."""
    for name in sorted(set(RULE_WORDS) ^ set(entries)):
        raise Invalid(N_("The rule “%(name)s” is missing or unknown."), name=name)
    for name, entry in entries.items():
        value = entry["value"]
        if name in RANGES:
            low, high = RANGES[name]
            good = isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
        elif name in CHOICES:
            good = value in CHOICES[name]
        elif name in TEXTS:
            good = isinstance(value, str) and len(value) <= TEXTS[name]
        elif name in ("quorum", "pass"):
            good = (value is None and name == "quorum") or bool(Threshold.from_data(value))
        else:
            good = isinstance(value, bool)
        if not good:
            raise Invalid(N_("The rule “%(name)s” has an impossible value."), name=name)


@cache
def presets() -> dict[str, Any]:
    """The shipped presets by name, as they stand in ``presets.json``."""
    loaded: dict[str, Any] = json.loads(Path(__file__).with_name("presets.json").read_text(encoding="utf-8"))
    return loaded


def preset(name: str) -> str:
    """A preset's full set of rules as canonical JSON: what it does not name is as in the default set.

    Raises `Invalid` for an unknown preset.
    """
    shipped = presets()
    if name not in shipped:
        raise Invalid(N_("There is no preset “%(name)s”."), name=name)
    entries = {**shipped[DEFAULT]["rules"], **shipped[name]["rules"]}
    check(entries)
    return json.dumps(entries, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
