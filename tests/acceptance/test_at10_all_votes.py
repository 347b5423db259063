"""AT10: all votes of the case, and the four points composed from them."""

from __future__ import annotations

import pytest
from flask import Flask

from deliberation.motions.texts import composed, siblings
from tests.acceptance.session import ORDER, Sitting, case, case_world, in_session, run_votes, scripted

COUNTS = {
    "A1-1": (14, 2, 1, "adopted"),
    "A1": (13, 3, 1, "adopted"),
    "A2": (12, 4, 1, "adopted"),
    "A3": (16, 0, 1, "adopted"),
    "A4": (17, 0, 0, "adopted"),
    "A5": (5, 11, 1, "rejected"),
    "M1": (15, 1, 1, "adopted"),
}


@pytest.fixture
def sitting(app_context: Flask) -> Sitting:
    return in_session(case_world())


def test_at10_every_vote_counts_as_scripted_and_the_text_equals_the_four_points(sitting: Sitting) -> None:
    assert run_votes(sitting) == COUNTS
    version = sitting.matter.current_version
    assert version is not None
    assert [paragraph.text for paragraph in version.paragraphs] == case()["step3_adopt"]["resolved"]
    assert (version.number, version.kind) == (2, "adopted")
    assert sitting.matter.adopted_hash == version.text_hash == sitting.motions["M1"].poll.text_hash


def test_at10_motions_end_as_the_case_says(sitting: Sitting) -> None:
    run_votes(sitting)
    assert {label: motion.state for label, motion in sitting.motions.items()} == {
        label: one["result"] for label, one in scripted().items()
    }


def test_at10_the_text_grows_with_each_carried_amendment(sitting: Sitting) -> None:
    main = sitting.motions["M1"]
    seen = []
    for label in ORDER[:-1]:
        run_votes(sitting, label)
        seen.append([paragraph.text for paragraph in composed(main, siblings(main))])
    first, second = case()["step2_draft"]["text_v1"]
    one, two, three, four = case()["step3_adopt"]["resolved"]
    assert seen == [
        [first, second],
        [one, second],
        [one, two],
        [one, two, three],
        [one, two, three, four],
        [one, two, three, four],
    ]
