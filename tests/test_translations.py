"""Every sentence that a person may meet exists in Chinese: nothing missing, nothing fuzzy, the same places in both."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from deliberation.audit.actions import ACTIONS

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "deliberation" / "translations" / "zh_Hans_CN" / "LC_MESSAGES" / "messages.po"
KEYWORDS = ["N_", "_", "_l", "gettext", "lazy_gettext", "ngettext:1,2", "Words"]
PLACE = re.compile(r"%\((\w+)\)[sd]")
# “还剩3天”, not “还剩 3 天”; a blank stays in “8:00 至 24:00”, in “3日 24:00” and before an address.
BLANK = re.compile(r"(?<![至日])(?<=[一-鿿]) (?=%\((?!address)|\d)|(?<=\)[sd]) (?!至)(?=[一-鿿])")


@pytest.fixture(scope="module")
def catalogue():
    with CATALOGUE.open("rb") as file:
        return {m.id if isinstance(m.id, str) else m.id[0]: m for m in read_po(file, locale="zh_Hans_CN") if m.id}


def messages():
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = set()
    for folder in ("deliberation", "templates"):
        patterns = [(pattern.removeprefix(f"{folder}/"), how) for pattern, how in methods]
        for _, _, message, _, _ in extract_from_dir(
            ROOT / folder, method_map=patterns, options_map=options, keywords=parse_keywords(KEYWORDS),
            directory_filter=lambda path: True,
        ):
            found.add(message if isinstance(message, str) else message[0])
    return found - {""}


def test_every_sentence_of_code_and_templates_is_translated(catalogue):
    missing = sorted(m for m in messages() if m not in catalogue or not catalogue[m].string)
    assert missing == []


def test_the_extraction_sees_code_and_templates():
    found = messages()
    assert "Skip to the content" in found
    assert "Please sign in first." in found
    assert len(found) > 300


def test_no_entry_is_fuzzy_or_empty_or_has_other_places(catalogue):
    wrong = []
    for key, message in catalogue.items():
        strings = [message.string] if isinstance(message.string, str) else list(message.string)
        if message.fuzzy or not all(strings):
            wrong.append(f"{key}: fuzzy or empty")
        places = set(PLACE.findall(message.id if isinstance(message.id, str) else " ".join(message.id)))
        wrong += [f"{key}: {s}" for s in strings if set(PLACE.findall(s)) - places]
    assert wrong == []


def test_no_blank_stands_between_a_figure_and_its_words(catalogue):
    strings = [one for m in catalogue.values() for one in ([m.string] if isinstance(m.string, str) else m.string)]
    assert [one for one in strings if BLANK.search(one)] == []


def test_every_action_has_a_sentence_in_both_languages(app, catalogue):
    for action in ACTIONS.values():
        assert action.sentence.strip(), action.name
        assert catalogue[action.sentence].string, action.name


def test_the_compiled_catalogue_is_that_of_the_source(catalogue):
    compiled = CATALOGUE.with_suffix(".mo")
    with compiled.open("rb") as file:
        built = {m.id: m.string for m in read_mo(file) if m.id and isinstance(m.id, str)}
    assert built == {key: m.string for key, m in catalogue.items() if isinstance(m.id, str)}
