"""``deliberation decide``: one case in, its verdict out; impossible input is refused in one line."""

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from deliberation.cli import main
from tests.commands import command

CASES = json.loads((Path(__file__).parent.parent / "data" / "rules" / "decisions.json").read_text(encoding="utf-8"))
GOOD = CASES[0]["input"]


def decide(text):
    return CliRunner().invoke(main, ["decide", "-"], input=text)


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_every_case_is_decided_as_expected(case):
    result = decide(json.dumps(case["input"]))
    assert result.exit_code == 0, result.output
    verdict = json.loads(result.stdout)
    assert verdict["outcome"] == case["outcome"], case["why"]
    assert set(verdict) == {"outcome", "quorum", "pass", "sentence"}
    for part in ("quorum", "pass"):
        assert verdict[part] is None or set(verdict[part]) == {"needed", "have", "met"}
    assert set(verdict["sentence"]) == {"zh", "en"}
    assert any("\u4e00" <= c <= "\u9fff" for c in verdict["sentence"]["zh"])
    assert not any(c.isascii() and c.isalpha() for c in verdict["sentence"]["zh"])


BROKEN = {
    "more votes than present": {"for": 30},
    "present above entitled": {"present": 22},
    "recused above present": {"recused": 19},
    "negative": {"against": -1},
    "fractional": {"for": 1.5},
    "boolean": {"for": True},
    "text": {"for": "15"},
    "null": {"abstain": None},
    "nobody entitled": {"entitled": 0, "present": 0, "recused": 0, "for": 0, "against": 0, "abstain": 0},
    "fraction above one": {"rule": {**GOOD["rule"], "pass": {"fraction": "3/2", "inclusive": False, "base": "entitled"}}},
    "division by zero": {"rule": {**GOOD["rule"], "pass": {"fraction": "1/0", "inclusive": False, "base": "entitled"}}},
    "unknown base": {"rule": {**GOOD["rule"], "pass": {"fraction": "1/2", "inclusive": False, "base": "neighbours"}}},
    "no rule": {"rule": None},
    "unknown key": {"votes": 3},
}


@pytest.mark.parametrize("change", BROKEN.values(), ids=BROKEN.keys())
def test_impossible_input_exits_with_2_and_one_line(change):
    result = decide(json.dumps({**GOOD, **change}))
    assert result.exit_code == 2
    assert result.stdout == ""
    assert len(result.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"a": NaN}', "\ufeff{}", "[" * 100000], ids=range(7))
def test_what_is_not_a_case_exits_with_2_and_one_line(text):
    result = decide(text)
    assert result.exit_code == 2
    assert len(result.stderr.strip().splitlines()) == 1


def test_it_reads_a_file_and_needs_no_database(tmp_path):
    path = tmp_path / "case.json"
    path.write_text(json.dumps(GOOD), encoding="utf-8")
    done = command(["decide", path], tmp_path, os.environ)
    assert (done.returncode, json.loads(done.stdout)["outcome"]) == (0, "adopted")
    assert [p.name for p in tmp_path.iterdir()] == ["case.json"]


def test_a_name_given_twice_is_refused():
    result = decide(json.dumps(GOOD)[:-1] + ', "for": 2}')
    assert (result.exit_code, result.stdout) == (2, "")
