"""Which changes owe themselves to comments alone."""

import pytest

from deliberation.kernel.errors import Invalid
from deliberation.review.revision import changed, is_caused, read_causes

BEFORE = [("p1", "a"), ("p2", "b"), ("p3", "c")]


@pytest.mark.parametrize(
    ("after", "causes", "caused"),
    [
        (BEFORE, [], True),
        ([("p1", "a"), ("p2", "B"), ("p3", "c")], [("p2", "B")], True),
        ([("p1", "a"), ("p2", "B"), ("p3", "c")], [], False),
        ([("p1", "a"), ("p2", "B"), ("p3", "c")], [("p2", "b")], False),
        ([("p1", "A"), ("p2", "B"), ("p3", "c")], [("p2", "B")], False),
        ([*BEFORE, ("p4", "d")], [("p4", "d")], True),
        ([*BEFORE, ("p4", "d")], [], False),
        ([("p1", "a"), ("p3", "c")], [], False),
        ([("p2", "b"), ("p1", "a"), ("p3", "c")], [], False),
    ],
)
def test_every_changed_paragraph_names_its_comment_or_the_text_goes_out_again(after, causes, caused):
    assert is_caused(BEFORE, after, causes) is caused


def test_changed_are_the_new_and_the_reworded():
    assert changed(BEFORE, [("p1", "a"), ("p2", "B"), ("p9", "c")]) == [("p2", "B"), ("p9", "c")]


def test_causes_are_read_with_chinese_and_western_punctuation():
    ids = {"C-03": 3, "C-09": 9}
    assert read_causes("2: C-03, c-09\n\n4：C-09、C-03", ids) == {2: [3, 9], 4: [9, 3]}


@pytest.mark.parametrize("text", ["C-03", "2 C-03", "2: C-04", "zwei: C-03"])
def test_a_line_that_is_not_understood_is_named(text):
    with pytest.raises(Invalid) as refusal:
        read_causes(text, {"C-03": 3})
    assert refusal.value.field == "causes"
