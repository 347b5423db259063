"""AT17: twelve comments, each answered before there is a resolution."""

from functools import cache
from pathlib import Path

import pytest
import yaml

from deliberation.kernel import clock
from deliberation.kernel.errors import Refused
from deliberation.publishing import services as publishing
from deliberation.review import listing, queries, services
from tests.builders import at, do
from tests.review.scenes import AFTER, answer, comment, opened
from tests.web import in_english, text_of

FILE = Path(__file__).parents[1] / "data" / "case" / "mochou-farmland.yaml"


@cache
def script():
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))["step4_public_review"]


@pytest.fixture
def twelve(world):
    """The comments of the case, the tenth from paper, in its call for comment."""
    window, made = opened(world), []
    for one in script()["comments"]:
        if one.get("channel") == "paper":
            with clock.frozen(at("2026-03-29T10:00")):
                made.append(do(lambda one=one: services.transcribe(
                    window, one["stance"], one["text"], paper_no="Z-10", actor=world["C01"])))  # fmt: skip
        else:
            made.append(comment(world, window, one["stance"], one["text"]))
    return made


def resolve(world, matter):
    with clock.frozen(at(AFTER)):
        return do(lambda: publishing.resolve(matter, "It binds members.", actor=world["S01"]))


def test_twelve_comments_are_numbered_and_tallied_8_2_1_1(world, twelve, client):
    assert [one.label for one in twelve] == [one["id"] for one in script()["comments"]]
    tally = listing.forum(twelve[0].window.matter).tally
    assert {**tally.stances, "total": tally.total} == script()["tally"]
    shown = text_of(in_english(client).get("/c/mochou/forum/2026-1"))
    assert "In favour 8 In favour on a condition 2 Opposed 1 A question 1" in shown


def test_no_resolution_while_one_is_unanswered_and_the_refusal_names_it(world, twelve):
    matter = twelve[0].window.matter
    for one, scripted in zip(twelve, script()["comments"], strict=True):
        if one.label not in ("C-03", "C-11"):
            answer(world, one, scripted["disposition"], scripted["reply"])
    with pytest.raises(Refused) as refusal:
        resolve(world, matter)
    assert refusal.value.code == "unanswered_comments"
    assert "C-03, C-11" in refusal.value.words.render()
    answer(world, twelve[2], "adopted")
    answer(world, twelve[10], "noted")
    assert resolve(world, matter).number.number == 1


def test_withdrawn_and_hidden_ones_need_no_answer(world, twelve):
    matter = twelve[0].window.matter
    with clock.frozen(at("2026-03-30T10:00")):
        do(lambda: services.withdraw(twelve[0], actor=world["R01"]))
        do(lambda: services.hide(twelve[1], "advertising", "It sells seeds.", actor=world["C01"]))
    for one in twelve[2:]:
        answer(world, one)
    assert queries.unanswered(matter) == []
    assert resolve(world, matter).number.number == 1
