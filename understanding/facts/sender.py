"""Who wrote the letter: the result of the rules, corrected by the evidence for another name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Final

from language.fold import fold
from understanding.facts.bodies import body_of_office, names_body
from understanding.facts.chosen_names import (
    Chosen,
    Weights,
    body_choice,
    choose,
    describe,
    learnt_weights,
    person_choice,
)
from understanding.facts.letterhead_words import OF_MASTER
from understanding.facts.likeness import plain
from understanding.facts.lines import text_lines
from understanding.facts.sender_rules import Sender, read_by_rules
from understanding.facts.subject_dates import Fact

_LIKELY: Final = 0.8  # a body so likely is the sender, whoever signs for it
_LEAST: Final = 0.4
_MOST: Final = 0.68  # below "sure": where rules and weights differ, a person decides
_OPEN: Final = re.compile(r"\s*\([^()]*$")  # a bracket whose other half was cut off
_ADDRESS: Final = re.compile(r"\s*<\s*[\w.+%\-]+@[\w.\-]+\s*>?\s*$")  # of a mail's header
_STRAY: Final = " \"'<>‹›"
_REASONS: Final = {"head": "letterhead", "address": "letterhead", "text": "declaration"}


@lru_cache(maxsize=1)  # each of the three is asked for of the same letter
def read_sender(text: str) -> Sender:
    """Return body, person and office of the letter's writer."""
    found = set_right(text, read_by_rules(text), learnt_weights())
    return Sender(_tidy(found.organisation), _tidy(found.person), found.role, _tidy(found.main))


def _tidy(name: Fact | None) -> Fact | None:
    """Return the name without its e-mail address, a bracket left open and stray signs around."""
    if name is None:
        return None
    value = _OPEN.sub("", _ADDRESS.sub("", name.value) or name.value).strip(_STRAY)
    return replace(name, value=value) if value else name


def set_right(text: str, rules: Sender, weights: Mapping[str, Weights]) -> Sender:
    """Return the names with the highest scores by these weights, in place of the rules' own.

    A declared body stays, and whether it or the person is the sender is left to the rules.
    """
    if not text_lines(text):
        return rules
    described = describe(text)
    signs = choose(person_choice(described, rules.person), weights["person"])
    person = _fact(signs, rules.person)
    writes = choose(
        body_choice(described, rules.organisation, person.value if person else ""), weights["body"]
    )
    organisation, likely = _fact(writes, rules.organisation), writes.likely
    if _declared(rules):
        organisation, likely = rules.organisation, float(rules.main == rules.organisation)
    if organisation == rules.organisation and person == rules.person and _of_mail(rules):
        return rules
    main = _main(organisation, person, likely, signs.likely)
    return Sender(organisation, person, rules.role, main or _of_mail(rules))


def _declared(rules: Sender) -> bool:
    """Return whether the letter declares for which body it is written."""
    body, person = rules.organisation, rules.person
    if body is None:
        return False
    with_office = person and person.reasons == ("declaration",) and person.words == body.words
    return bool(with_office) or body.reasons == ("declaration",) or _stated(body)


def _stated(body: Fact) -> bool:
    """Return whether a mail's header, an office at the foot or a master's sign says the body."""
    if body.reasons == ("mail_header",):
        return names_body(body.value)
    if body.reasons == ("signature",):
        return body_of_office(body.words) == body.value
    return OF_MASTER.match(fold(body.value)) is not None


def _main(
    organisation: Fact | None, person: Fact | None, body_likely: float, person_likely: float
) -> Fact | None:
    """Return the body, unless it is in doubt and the person, whose name it has not, less so."""
    if organisation and person and body_likely < min(_LIKELY, person_likely):
        return organisation if plain(person.value) in plain(organisation.value) else person
    return organisation or person


def _of_mail(rules: Sender) -> Fact | None:
    """Return the sender of a mail's header, where it is neither a body nor a person's name."""
    return rules.main if rules.main and rules.main.reasons == ("mail_header",) else None


def _fact(chosen: Chosen, rule: Fact | None) -> Fact | None:
    one = chosen.candidate
    if one is None:
        return None
    if rule and plain(rule.value) == plain(one.value):
        return rule
    score = round(_LEAST + (_MOST - _LEAST) * chosen.likely, 2)
    return Fact(one.value, score, (_REASONS.get(one.zone, "signature"),), one.words)
