"""``deliberation tally``: one election in, its result out; broken files are refused in one line."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from deliberation.cli import main

CASES = Path(__file__).parents[1] / "data" / "tabulation"


def tally(text):
    return CliRunner().invoke(main, ["tally", "-"], input=text)


def test_a_file_is_counted():
    answer = CliRunner().invoke(main, ["tally", str(CASES / "tennessee_irv.json")])
    assert answer.exit_code == 0
    result = json.loads(answer.stdout)
    assert result["winners"] == ["Knoxville"]
    assert [one["eliminated"] for one in result["rounds"]] == [["Chattanooga"], ["Nashville"], []]


BROKEN = ["", "{", "[]", '{"format": 1, "format": 2}', "[" * 100_000, '{"format": "neutral-election/1"}', "\ud800"]


@pytest.mark.parametrize("text", BROKEN)
def test_what_is_no_election_exits_with_2_and_one_line(text):
    answer = tally(text.encode("utf-8", "surrogatepass"))
    assert answer.exit_code == 2
    assert answer.stdout == ""
    assert len(answer.stderr.strip().splitlines()) == 1
    assert "Traceback" not in answer.stderr
