"""Scenes for the review and what comes after it: a matter whose adopted text lies at the forum."""

from __future__ import annotations

from collections.abc import Sequence

from deliberation.agenda import services as agenda
from deliberation.agenda.models import Matter
from deliberation.agenda.states import Act
from deliberation.councils.authority import authorize
from deliberation.kernel import clock
from deliberation.people.permissions import Permission
from deliberation.review import services
from deliberation.review.models import Comment, CommentWindow
from tests.builders import World, at, do

TEXT = ("Clear the vegetables.", "Step by step, day by day.", "Members' families at once.", "Plant flowers.")
OPENING = "2026-03-27T08:00"
AFTER = "2026-04-07T09:00"


def adopt(world: World, matter: Matter, paragraphs: Sequence[str] | None = None) -> None:
    """Keep a text as the council's votes would: the current one, or other paragraphs."""
    texts = paragraphs or [p.text for p in matter.current_version.paragraphs]
    capacity = lambda: authorize(world["P01"], Permission.MOTION_PUT, world.council)  # noqa: E731
    do(lambda: agenda.adopt_text(matter, agenda.keyed(matter, texts), capacity=capacity()))


def at_the_forum(world: World, title: str = "Vegetables on the green", text: Sequence[str] = TEXT) -> Matter:
    """A matter handed over to the forum at 8:00 on 27 March 2026, not yet opened for comment."""
    with clock.frozen(at("2026-03-16T09:00")):
        matter = do(lambda: agenda.open_matter(world.council, title=title, problem="It smells.", actor=world["C01"]))
        do(lambda: agenda.hand_over(matter, Act.TO_COMMITTEE, actor=world["S01"]))
        do(lambda: agenda.write_plan(matter, list(text), powers="persuade", actor=world["S01"]))
        do(lambda: agenda.hand_over(matter, Act.TO_COUNCIL, actor=world["S01"]))
    with clock.frozen(at("2026-03-26T16:00")):
        adopt(world, matter)
    with clock.frozen(at(OPENING)):
        do(lambda: agenda.hand_over(matter, Act.TO_FORUM, actor=world["S01"]))
    return matter


def opened(world: World, matter: Matter | None = None, when: str = OPENING) -> CommentWindow:
    """The call for comment on a matter, opened at 8:00 on 27 March 2026."""
    matter = matter or at_the_forum(world)
    with clock.frozen(at(when)):
        return do(lambda: services.open_window(matter, actor=world["S01"]))


def comment(
    world: World,
    window: CommentWindow,
    stance: str = "support",
    text: str = "Good.",
    *,
    key: str | None = None,
    by: str = "R01",
    when: str = "2026-03-28T10:00",
) -> Comment:
    with clock.frozen(at(when)):
        return do(lambda: services.comment(window, stance, text, key, actor=world[by]))


def answer(world: World, one: Comment, disposition: str = "noted", text: str = "Thank you.", when: str = AFTER) -> None:
    with clock.frozen(at(when)):
        do(lambda: services.reply(one, disposition, text, actor=world["C01"]))


def back_and_adopted_again(world: World, matter: Matter, when: str = "2026-04-08T09:00") -> None:
    """The matter goes back, its present text is voted again, and it returns to the forum."""
    with clock.frozen(at(when)):
        do(lambda: agenda.hand_over(matter, Act.REOPEN, note="Changed after the comments.", actor=world["S01"]))
        adopt(world, matter)
        do(lambda: agenda.hand_over(matter, Act.TO_FORUM, actor=world["S01"]))
