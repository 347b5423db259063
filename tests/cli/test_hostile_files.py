"""Files that are no elections and no cases: each ends with exit 2 and one line, soon, and never with a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from deliberation.cli import main

COMMAND = Path(sys.executable).parent / "deliberation"
CASES = json.loads((Path(__file__).parents[1] / "data" / "rules" / "decisions.json").read_text(encoding="utf-8"))
CASE = CASES[0]["input"]


def election(**changed):
    good = {"format": "neutral-election/1", "method": "irv", "seats": 1, "candidates": ["A", "B"], "rules": {},
            "ballots": [{"count": 2, "ranking": [["A"], ["B"]]}]}  # fmt: skip
    return {**good, **changed}


def ballots(*lines):
    return election(ballots=list(lines))


def many(n):
    return [f"option {k}" for k in range(n)]


HUGE = 10**4000
TEXTS = {
    "nothing": b"",
    "a byte": b"\x00",
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40,
    "half an object": b'{"format": "neutral-election/1", "cand',
    "UTF-16": json.dumps(election()).encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf" + json.dumps(election()).encode(),
    "broken UTF-8": b'{"format": "\xff\xfe"}',
    "deep lists": b"[" * 200_000 + b"]" * 200_000,
    "deep objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "two documents": json.dumps(election()).encode() * 2,
    "a number with a million digits": b"9" * 1_000_000,
    "not a number": b"NaN",
    "a name twice": b'{"format": "neutral-election/1", "format": "neutral-election/1"}',
    "text": "这不是选举".encode(),
    "YAML": b"format: neutral-election/1\n",
}
ELECTIONS = {
    "a list": [election()],
    "null": None,
    "a thousand options": election(candidates=many(1000)),
    "no options": election(candidates=[]),
    "an option that is a number": election(candidates=["A", 2]),
    "an option without a name": election(candidates=["A", " "]),
    "a name with half a character": election(candidates=["A", "B", "\ud800"]),
    "a name that clears the screen": ballots({"count": 1, "ranking": [["\x1b[2J\x1b]0;x\x07\n\u2028"]]}),
    "an unknown name with half a character": ballots({"count": 1, "ranking": [["\udfff"]]}),
    "the same option twice": election(candidates=["A", "A"]),
    "options as an object": election(candidates={"A": 1}),
    "NaN seats": election(seats=float("nan")),
    "endless seats": election(seats=float("inf")),
    "very many seats": election(seats=HUGE),
    "seats as a boolean": election(seats=True),
    "very many ballots": ballots({"count": HUGE, "ranking": [["A"]]}),
    "too many ballots": ballots({"count": 10**9, "ranking": [["A"]]}, {"count": 1, "ranking": [["A"]]}),
    "part of a ballot": ballots({"count": 1.5, "ranking": [["A"]]}),
    "a ranking that is a word": ballots({"count": 1, "ranking": "A"}),
    "a place that is a word": ballots({"count": 1, "ranking": ["A"]}),
    "a place in a place": ballots({"count": 1, "ranking": [[["A"]]]}),
    "an object as a place": ballots({"count": 1, "ranking": [{"A": 1}]}),
    "both kinds": ballots({"count": 1, "ranking": [["A"]], "approve": ["A"]}),
    "a ballot that is a list": ballots([1, ["A"]]),
    "ballots as an object": election(ballots={"count": 1}),
    "a wrong sum": election(total_ballots=HUGE),
    "a sum that is an object": election(total_ballots={"a": [1]}),
    "an unknown method": election(method="x" * 100_000),
    "a method with half a character": election(method="\ud800"),
    "a method that is a list": election(method=["irv"]),
    "rules as a list": election(rules=[1]),
    "a lot without a seed": election(ballots=[], rules={"tiebreak": {"lot": 7}}),
    "a lot with half a character": election(ballots=[], rules={"tiebreak": {"lot": "\ud800"}}),
    "a quota of lists": election(method="stv-wigm", rules={"quota": ["hare"]}),
    "a strength of objects": election(method="schulze", rules={"strength": {"a": 1}}),
    "an unranked that is a list": election(method="schulze", rules={"unranked": [1]}),
    "too many sets": election(method="pav", seats=200, candidates=many(400), ballots=[]),
    "two seats in a runoff": election(seats=2),
}
DECISIONS = {
    "a list": [CASE],
    "NaN": {**CASE, "for": float("nan")},
    "endless": {**CASE, "for": float("inf")},
    "a rule of lists": {**CASE, "rule": [1]},
    "a fraction of a million digits": {**CASE, "rule": {**CASE["rule"], "pass": {"fraction": "1/" + "9" * 5000}}},
    "a fraction that is an object": {**CASE, "rule": {**CASE["rule"], "pass": {"fraction": {}}}},
    "an unknown name with half a character": {**CASE, "\ud800": 1},
    "very large": {**CASE, "entitled": HUGE, "present": HUGE, "for": HUGE},
}


def refused(command, content):
    # What is meant is that no input makes it run away; the process of the tests may be collecting its own garbage meanwhile.
    start = time.process_time()
    answer = CliRunner().invoke(main, [command, "-"], input=content)
    assert time.process_time() - start < 5
    assert (answer.exit_code, answer.stdout) == (2, ""), answer.output
    assert len(answer.stderr.splitlines()) == 1
    assert 0 < len(answer.stderr) < 400
    assert answer.stderr.rstrip("\n").isprintable()


@pytest.mark.parametrize("command", ["tally", "decide"])
@pytest.mark.parametrize("content", TEXTS.values(), ids=TEXTS)
def test_what_is_no_json_is_refused_in_one_line(command, content):
    refused(command, content)


@pytest.mark.parametrize("data", ELECTIONS.values(), ids=ELECTIONS)
def test_what_is_no_election_is_refused_in_one_line(data):
    refused("tally", json.dumps(data).encode())


@pytest.mark.parametrize("data", DECISIONS.values(), ids=DECISIONS)
def test_what_is_no_case_is_refused_in_one_line(data):
    refused("decide", json.dumps(data).encode())


@pytest.mark.parametrize("command", ["tally", "decide"])
def test_what_is_no_readable_file_is_refused(command, tmp_path):
    locked, gone, loop = tmp_path / "locked.json", tmp_path / "gone.json", tmp_path / "loop.json"
    locked.write_text("{}", encoding="utf-8")
    locked.chmod(0)
    loop.symlink_to(loop)
    paths = [tmp_path, gone, loop, *([locked] if os.geteuid() else []), Path("/dev/null")]
    for path in paths:
        ended = CliRunner().invoke(main, [command, str(path)])
        assert (ended.exit_code, ended.stdout) == (2, ""), path
        assert len(ended.stderr.splitlines()) == 1, ended.stderr


def test_the_command_itself_says_no_more_than_the_one_line(tmp_path):
    file = tmp_path / "election.json"
    file.write_bytes(TEXTS["a picture"])
    ended = subprocess.run([COMMAND, "tally", file], capture_output=True, text=True, check=False, timeout=30)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("this is not JSON: ") and ended.stderr.count("\n") == 1


@pytest.mark.parametrize("method", ["plurality", "approval", "irv", "stv-wigm", "schulze", "spav"])
@pytest.mark.parametrize("kind", ["nobody", "one each", "in a ring"])
def test_as_many_options_as_are_allowed_and_all_of_them_level_cost_a_bounded_time(method, kind):
    names = many(400)
    ring = [{"count": 1, "ranking": [[names[k]], [names[(k + 1) % 400]], [names[(k + 7) % 400]]]} for k in range(400)]
    lines = {"nobody": [], "one each": [{"count": 1, "ranking": [[name]]} for name in names], "in a ring": ring}[kind]
    if method in ("approval", "spav"):
        lines = [{"count": 1, "approve": [one for (one,) in line["ranking"]]} for line in lines]
    start = time.process_time()
    answer = CliRunner().invoke(main, ["tally", "-"], input=json.dumps(election(method=method, candidates=names, ballots=lines)))
    assert time.process_time() - start < 2
    assert answer.exit_code == 0, answer.output
    got = json.loads(answer.stdout)
    assert (len(got["winners"]), got["decided"]) == (400, False)
