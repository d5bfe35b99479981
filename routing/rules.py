"""The office's rules: which fits a letter, and why. Pure: rows and facts in, the first fit out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from language.fold import fold
from language.tokens import tokenize
from routing.models import RoutingRule


@dataclass(frozen=True, slots=True)
class Facts:
    """What a rule may look at. `scores`: department code → what the machine believes (0..1)."""

    kind: str = ""
    language: str = ""
    channel: str = ""
    text: str = ""
    sender: str = ""
    scores: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fit:
    """A rule that fits, and its reasons as `condition:what fitted`."""

    rule: RoutingRule
    reasons: tuple[str, ...]


def first_fit(rules: Iterable[RoutingRule], facts: Facts) -> Fit | None:
    """The first rule all of whose conditions hold, in the order given; None when none does."""
    words = _words(facts.text)
    sender = fold(facts.sender)
    for rule in rules:
        found = _found(rule, facts, words=words, sender=sender)
        if found and all(found.values()):
            return Fit(rule, tuple(f"{name}:{what}" for name, what in found.items()))
    return None


def _found(
    rule: RoutingRule, facts: Facts, *, words: frozenset[str], sender: str
) -> dict[str, str]:
    """Each condition of the rule with what fitted it, "" where nothing did."""
    found: dict[str, str] = {}
    if rule.kind is not None:
        found["kind"] = _same(rule.kind.code, facts.kind)
    if rule.language:
        found["language"] = _same(rule.language, facts.language)
    if rule.channel:
        found["channel"] = _same(rule.channel, facts.channel)
    if rule.words.strip():
        found["words"] = _line_in_words(rule.words, words)
    if rule.sender.strip():
        found["sender"] = _line_in_text(rule.sender, sender)
    if rule.least_score is not None:
        score = facts.scores.get(rule.department.code, 0.0)
        found["score"] = f"{score:.2f}" if score >= rule.least_score else ""
    return found


def _same(wanted: str, actual: str) -> str:
    return wanted if wanted == actual else ""


def _words(text: str) -> frozenset[str]:
    """The folded words of a text."""
    return frozenset(token.folded for token in tokenize(text))


def _line_in_words(lines: str, words: frozenset[str]) -> str:
    """The first line all of whose words are there."""
    for line in lines.splitlines():
        wanted = _words(line)
        if wanted and wanted <= words:
            return line.strip()
    return ""


def _line_in_text(lines: str, text: str) -> str:
    """The first line that stands in the text, letters folded."""
    return next(
        (
            line.strip()
            for line in lines.splitlines()
            if line.strip() and fold(line.strip()) in text
        ),
        "",
    )
