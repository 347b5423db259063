"""What the implementation's room records."""

from collections.abc import Mapping
from typing import Any

from deliberation.audit.actions import action, changed
from deliberation.implementation.kinds import owner_words
from deliberation.kernel.words import N_, Words


def _set(body: Mapping[str, Any]) -> dict[str, Any]:
    return {"owner": owner_words(changed(body, "task", "owner_kind")), "due": changed(body, "task", "due_on")}


def _reported(body: Mapping[str, Any]) -> dict[str, Any]:
    left = changed(body, "progress", "remaining")
    return {"how": Words(N_("a note")) if left is None else Words(N_("%(n)s left"), n=left)}


def _slips(body: Mapping[str, Any]) -> dict[str, Any]:
    return {"n": sum(row["table"] == "satisfaction" for row in body.get("rows", ()))}


SET = action(
    "task.set",
    N_("%(office)s set task %(label)s for %(owner)s, due %(due)s."),
    creates=("task", "task_cause"),
    details=_set,
)
REPORT = action("task.report", N_("%(office)s reported on task %(label)s: %(how)s."), creates=("progress",), details=_reported)
COMPLETE = action(
    "task.complete",
    N_("%(office)s declared task %(label)s done."),
    changes={"task": ("done_on", "done_note_id")},
)
ANSWER = action(
    "satisfaction.answer",
    N_("%(office)s said how satisfied they are with matter %(label)s."),
    creates=("satisfaction",),
)
SLIPS = action(
    "satisfaction.slips",
    N_("%(office)s entered %(n)s paper slips on matter %(label)s."),
    creates=("satisfaction",),
    details=_slips,
)
