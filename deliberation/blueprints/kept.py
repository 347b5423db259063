"""Parts of public pages, kept until something changes in the council.

The root of a council's log names the state of everything that is recorded in it: a part made under one root is right as
long as that root stands and, where it tells of time, until the instant that it gives itself. Only what everybody may read
is kept; a reader who may do more here gets a page made anew, and what belongs to one reader is put beside the part.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any

from flask_babel import get_locale

from deliberation.audit.queries import frontier
from deliberation.councils.models import Council
from deliberation.kernel import clock

MOST = 128


@dataclass(frozen=True)
class Part:
    """A title and a piece of HTML; ``until`` is the first instant at which it may be wrong, None where it cannot be kept.

    ``rest`` stands below what a page puts in for its reader, who needs ``around`` for it."""

    title: str
    body: Any
    until: datetime | None
    rest: Any = ""
    around: Any = None


class Kept:
    """The parts read last, by root, language and address. One for the process; it never asks anybody else."""

    def __init__(self) -> None:
        self._parts: OrderedDict[tuple[Any, ...], tuple[datetime, Part]] = OrderedDict()
        self._lock = Lock()

    def part(self, council: Council, address: tuple[Any, ...], make: Callable[[], Part]) -> Part:
        """The part at ``address`` as it stands now. The root is read first: what is made may be newer than it, never older."""
        root, now = frontier(council.log_id), clock.now()
        key = (council.log_id, root, str(get_locale()), *address)
        with self._lock:
            found = self._parts.get(key)
            if found is not None:
                self._parts.move_to_end(key)
        if found is not None and found[1].until is not None and found[0] <= now < found[1].until:
            return found[1]
        made = make()
        if made.until is not None and root:
            with self._lock:
                self._parts[key] = (now, made)
                while len(self._parts) > MOST:
                    self._parts.popitem(last=False)
        return made

    def clear(self) -> None:
        with self._lock:
            self._parts.clear()


kept = Kept()
