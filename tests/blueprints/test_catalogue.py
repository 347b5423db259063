"""The catalogue of actions: complete, in both languages, and nothing recorded without it."""

import re

from flask_babel import force_locale
from flask_babel import gettext as translated

from deliberation.audit import recorded_tables
from deliberation.audit.actions import ACTIONS
from deliberation.blueprints.catalogue import OTHERS, section_of
from deliberation.extensions import db
from tests.web import in_english, text_of

CHINESE = re.compile(r"[\u4e00-\u9fff]")
PLACES = re.compile(r"%\((\w+)\)s")


def test_every_action_has_a_sentence_in_both_languages_with_the_same_places(app):
    assert len(list(ACTIONS)) > 100
    with app.app_context(), force_locale("zh_Hans_CN"):
        for name, action in ACTIONS.items():
            chinese = translated(action.sentence)
            assert chinese != action.sentence and not CHINESE.search(action.sentence), name
            assert set(PLACES.findall(chinese)) == set(PLACES.findall(action.sentence)), name
            assert action.sentence[0].isupper() or action.sentence.startswith("%("), name
            assert section_of(name) != OTHERS, name


def test_every_column_of_every_recorded_table_is_declared_by_some_action(app):
    made = frozenset().union(*(action.creates for action in ACTIONS.values()))
    changed = {(table, column) for action in ACTIONS.values() for table, names in action.changes.items() for column in names}
    # A row that is made shows every column that is filled at that moment; one that is not made must be changed in each.
    undeclared = {
        (name, column.name)
        for name in recorded_tables()
        for column in db.metadata.tables[name].columns
        if name not in made and (name, column.name) not in changed
    }
    assert undeclared == set()
    gone = frozenset().union(*(action.deletes for action in ACTIONS.values()))
    known = {(name, column.name) for name in recorded_tables() for column in db.metadata.tables[name].columns}
    assert changed <= known and made | gone <= recorded_tables()


class Asked(str):
    """A table's name that equals every other, and keeps what it was compared with."""

    def __new__(cls):
        one = super().__new__(cls, "")
        one.tables = set()
        return one

    def __eq__(self, other):
        self.tables.add(other)
        return True

    __hash__ = None


def test_a_sentence_asks_only_for_what_its_entry_always_holds(app):
    """A value that an act sets again as it was is not in the entry: only these acts change theirs each time."""
    always = {"matter.end", "proposal.settle", "motion.settle", "promise.end"}
    needs = set()
    for name, action in ACTIONS.items():
        asked = Asked()
        try:
            action.details({"rows": [{"table": asked}]})
        except (KeyError, ValueError):
            needs.add(name)
            assert name in always or asked.tables <= action.creates - {"personal_record"}, name
    assert always <= needs, "what asks for nothing needs no exception"


def test_the_catalogue_shows_each_action_with_both_sentences_and_what_it_declares(world, client):
    page = in_english(client).get("/log/actions")
    text = text_of(page)
    assert f"one of these {len(ACTIONS.values())} acts" in text
    for action in ACTIONS.values():
        assert f'id="{action.name}"' in page.text
        assert all(f'href="#t-{table}"' in page.text for table in (*(action.creates - {"personal_record"}), *action.changes))
    assert "‹name› was seconded." in text and "</a>: seconded_at, seconder_id, state" in page.text
    assert 'lang="zh-Hans-CN"' in page.text and "Parts from elsewhere" not in text
    for name in recorded_tables():
        assert f'<details id="t-{name}">' in page.text
    assert "only under a salted commitment" in text


def test_the_trail_leads_to_it(world, client):
    assert 'href="/log/actions"' in client.get("/c/mochou/log/").text
