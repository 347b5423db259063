"""What the publishing room records."""

from collections.abc import Mapping
from typing import Any

from deliberation.audit.actions import action
from deliberation.kernel.words import N_, Words


def _number(body: Mapping[str, Any]) -> dict[str, Any]:
    year, _, number = str(body.get("label", "")).partition("/")
    return {"number": Words(N_("[%(year)s] No. %(number)s"), year=year, number=number)}


ISSUE = action(
    "resolution.issue",
    N_("%(office)s issued the resolution %(number)s."),
    creates=("document_number", "resolution"),
    details=_number,
)
VOID = action(
    "resolution.void",
    N_("%(office)s voided the number %(number)s; it stays listed."),
    changes={"document_number": ("voided_at", "void_reason")},
    details=_number,
)
