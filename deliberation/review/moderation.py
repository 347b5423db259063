"""The published rules under which a comment may be masked or hidden. An opinion is never a ground. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from deliberation.kernel.words import N_, Words

MASKED, HIDDEN = "masked", "hidden"


@dataclass(frozen=True)
class ModerationRule:
    """``kinds``: what the rule permits. ``name`` and ``text`` are what residents read."""

    code: str
    name: str
    text: str
    kinds: frozenset[str]


RULES = {
    rule.code: rule
    for rule in (
        ModerationRule(
            "personal_details",
            N_("Personal details"),
            N_("Telephone numbers, addresses, identity numbers and names of private persons are covered; the rest stays."),
            frozenset({MASKED, HIDDEN}),
        ),
        ModerationRule(
            "insult",
            N_("Insults and threats"),
            N_("Words that insult or threaten somebody are covered, or the comment is hidden where nothing else is left."),
            frozenset({MASKED, HIDDEN}),
        ),
        ModerationRule(
            "advertising",
            N_("Advertising"),
            N_("Comments that only offer goods or services are hidden."),
            frozenset({HIDDEN}),
        ),
        ModerationRule(
            "repeated",
            N_("The same comment again"),
            N_("The same words sent several times by one person stand once; the others are hidden."),
            frozenset({HIDDEN}),
        ),
        ModerationRule(
            "unlawful",
            N_("Unlawful contents"),
            N_("What the law forbids to publish is hidden."),
            frozenset({HIDDEN}),
        ),
    )
}


def rules_for(kind: str) -> list[ModerationRule]:
    """The rules that permit this kind of moderation."""
    return [rule for rule in RULES.values() if kind in rule.kinds]


def rule_words(code: str) -> Words:
    """A rule's name; a code that is no longer published shows itself."""
    return Words(RULES[code].name) if code in RULES else Words("%(code)s", code=code)
