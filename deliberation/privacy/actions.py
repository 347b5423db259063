"""What the room records."""

from collections.abc import Iterable, Mapping
from typing import Any

from deliberation.audit.actions import WIPED, action, changed
from deliberation.kernel.words import N_, Words
from deliberation.privacy.holdings import HOLDINGS
from deliberation.privacy.states import STATE_WORDS, WISH_WORDS, State, Wish


def _wish(body: Mapping[str, Any]) -> dict[str, Any]:
    return {"wish": Words(WISH_WORDS.get(changed(body, "data_request", "kind"), WISH_WORDS[Wish.ASK]))}


def _state(body: Mapping[str, Any]) -> dict[str, Any]:
    return {"state": Words(STATE_WORDS.get(changed(body, "data_request", "state"), STATE_WORDS[State.GRANTED]))}


def _holders() -> Mapping[str, Iterable[str]]:
    """The columns that may point to a new text, by table."""
    found: dict[str, list[str]] = {}
    for one in HOLDINGS:
        found.setdefault(one.column.class_.__tablename__, []).append(one.column.key)
    found["data_request"].append("record_id")  # what waits for an answer goes along
    return found


REQUEST = action(
    "data_request.make", N_("A request about a personal text came in: %(wish)s."), creates=("data_request",), details=_wish
)
WITHDRAW = action(
    "data_request.withdraw", N_("A request about a personal text was withdrawn."), changes={"data_request": ("state",)}
)
ANSWER = action(
    "data_request.answer",
    N_("%(office)s answered a request about a personal text: %(state)s."),
    changes={"data_request": ("state", "answered_by_id", "answered_at", "answer_id")},
    details=_state,
)
CORRECT = action(
    "personal_data.correct",
    N_("A personal text was corrected: a new one took its place, the old one was erased."),
    changes={**_holders(), "personal_record": WIPED},
)
CUT = action("personal_data.cut_tie", N_("The tie between this log and a person who left was cut."))
