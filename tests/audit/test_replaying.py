"""The log alone tells what stands in every recorded table: whatever is changed there by hand is named."""

import re

import pytest
from flask.cli import ScriptInfo
from sqlalchemy import select

from deliberation.audit import recorded_tables
from deliberation.audit.replaying import differences, rederived
from deliberation.cli import main
from deliberation.extensions import db
from tests.audit.test_verifying import tamper


def found():
    db.session.remove()
    return list(differences({name: db.metadata.tables[name] for name in recorded_tables()}))


def first(table, column="id"):
    name = db.metadata.tables[table]
    return db.session.scalars(select(name.columns[column]).order_by(name.columns[column])).first()


# What is changed by hand → the table and the column that are named.
CHANGES = {
    "a tally": ("UPDATE verdict SET votes_for = votes_for - 1 WHERE poll_id = {poll}", "verdict", "votes_for"),
    "an outcome": ("UPDATE verdict SET pass_needed = pass_needed + 1 WHERE poll_id = {poll}", "verdict", "pass_needed"),
    "the rule of a vote": ("UPDATE poll_rule SET rule_version = 77 WHERE poll_id = {poll}", "poll_rule", "rule_version"),
    "the electorate": ("UPDATE poll_voter SET may_vote = false WHERE poll_id = {poll} AND may_vote", "poll_voter", "may_vote"),
    "a ballot": ("UPDATE ballot SET choice = 'abstain' WHERE choice <> 'abstain'", "ballot", "person_id, choice"),
    "the text of a plan": ("UPDATE plan_paragraph SET text = text || '.'", "plan_paragraph", "text"),
    "the text of a motion": ("UPDATE motion SET text = text || '.' WHERE text IS NOT NULL", "motion", "text"),
    "a resolution": ("UPDATE resolution SET effect = effect || '.'", "resolution", "effect"),
    "a number": ("UPDATE document_number SET number = number + 100", "document_number", "number"),
    "a role": ("UPDATE appointment SET office = 'administrator' WHERE office = 'clerk'", "appointment", "office"),
    "the end of a role": ("UPDATE appointment SET ends_on = '2030-01-01'", "appointment", "ends_on"),
    "the rules": ("UPDATE rule_set SET preset = 'another'", "rule_set", "preset"),
    "a disposition": ("UPDATE comment_reply SET text = text || '.'", "comment_reply", "text"),
    "words of a resident": ("UPDATE personal_record SET value = value || '.' WHERE value IS NOT NULL", "personal_record", "value"),
    "who commented": ("UPDATE comment SET author_id = 1 WHERE author_id <> 1", "comment", "author_id"),
    "an instant": ("UPDATE handover SET at = '2020-01-01 00:00:00+00:00'", "handover", "at"),
}
LITE = {"'2020-01-01 00:00:00+00:00'": "'2020-01-01 00:00:00.000000'"}


def test_the_whole_demonstration_follows_from_its_logs(demo):
    assert found() == []


def test_every_kind_of_change_by_hand_is_named(demo):
    poll, lite = first("verdict", "poll_id"), db.engine.dialect.name == "sqlite"
    statements = [sql.format(poll=poll) for sql, _table, _column in CHANGES.values()]
    if lite:
        for there, here in LITE.items():
            statements = [sql.replace(there, here) for sql in statements]
    tamper(*statements)
    named = found()
    assert {(table, column) for _sql, table, column in CHANGES.values()} == {(one.table, one.column) for one in named}
    assert all(one.seq is not None and one.problem for one in named)
    assert {one.key for one in named if one.table == "verdict"} == {(poll,)}


def test_a_row_taken_away_and_a_row_slipped_in_are_named(demo):
    task, resolution = first("task"), first("resolution")
    columns = ", ".join(c.name for c in db.metadata.tables["task"].columns if c.name not in ("id", "number"))
    tamper(
        f"DELETE FROM resolution WHERE id = {resolution}",
        f"INSERT INTO task (id, number, {columns}) SELECT 900, 99, {columns} FROM task WHERE id = {task}",
    )
    told = {(one.table, one.key, one.problem) for one in found()}
    assert told == {("resolution", (resolution,), "the row is gone"), ("task", (900,), "the log knows no such row")}


def test_a_person_whose_tie_to_the_log_was_cut_is_no_difference(demo):
    person = first("poll_voter", "person_id")
    tamper(f"DELETE FROM audit_actor WHERE person_id = {person}")
    assert found() == []
    tamper(f"UPDATE poll_voter SET person_id = 900 + person_id WHERE person_id <> {person}")
    assert {one.table for one in found()} == {"poll_voter"}


def test_the_command_says_so_in_one_line_a_difference(app, world):
    def run():
        db.session.remove()
        return app.test_cli_runner().invoke(main, ["log", "audit"], obj=ScriptInfo(create_app=lambda: app))

    good = run()
    assert (good.exit_code, good.stderr) == (0, "")
    assert "tables agree with the log" in good.stdout
    tamper("UPDATE appointment SET office = 'administrator' WHERE office = 'clerk'")
    bad = run()
    (line,) = bad.stderr.splitlines()
    assert bad.exit_code == 1
    wanted = r'appointment \d+ office: the table says "administrator", the log "clerk" \(entry \d+ of council/mochou\)'
    assert re.fullmatch(wanted, line)


def derived():
    db.session.remove()
    return {(one.table, one.column) for again in rederived.values() for one in again()}


def test_every_outcome_and_every_hash_of_the_demonstration_is_made_again_from_what_it_comes_from(demo):
    assert set(rederived) >= {"voting", "agenda", "publishing"}
    assert derived() == set()


# What the log could be made to agree with, since it was rewritten too: only counting and hashing again tells.
UNDERNEATH = {
    "a ballot": ("UPDATE ballot SET choice = 'against' WHERE choice = 'for'", ("verdict", "votes_for")),
    "a ranking": ("UPDATE ballot SET choice = 'abstain' WHERE choice LIKE '%>%'", ("poll_result", "result")),
    "who was present": ("UPDATE poll_voter SET present = true", ("verdict", "present")),
    "the rule": ("UPDATE poll_rule SET rule = replace(rule, '1/2', '3/4')", ("verdict", "pass_needed")),
    "who stepped back": ("UPDATE poll_voter SET recused = true, may_vote = false", ("verdict", None)),
    "a paragraph": ("UPDATE plan_paragraph SET text = text || '.'", ("plan_version", "text_hash")),
    "the text of a resolution": ("UPDATE resolution SET text_hash = log_root", ("resolution", "text_hash")),
}


@pytest.mark.parametrize("what", UNDERNEATH)
def test_what_does_not_follow_any_more_is_named(demo, what):
    statement, named = UNDERNEATH[what]
    tamper(statement)
    assert named in derived()
