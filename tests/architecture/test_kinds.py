"""Kinds of events and jobs are members of the packages' enumerations, never loose strings.

Types check what is written (`record_change`, `enqueue`); these tests check what no type sees: that
no kind is forgotten or doubly defined, each has a step and words, and queries name members.
"""

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django.utils.translation import override

from config.kinds import EVENT_KINDS, JOB_KINDS, job_table, united
from config.letter_path import JOBS
from jobs.kinds import JobKind
from jobs.table import Step
from registry.kinds import EventKind, RegistryEvent
from tests.architecture.test_house import ROOT, modules, name_of
from tools.check import HOUSE
from web.desk.letter.history import WORDS
from web.desk.office.page import KINDS
from web.shared.public_words import EVENTS

WRITERS = {"record_change", "record", "move_stage", "enqueue", "enqueue_all", "others_wait"}
ASKERS = {"filter", "exclude", "get", "create", "Q", *WRITERS}
LANGUAGES = ("ar", "fr", "en")


class Other(EventKind):
    """A family that takes a value of another."""

    READ = "read"


def families(base: type[EventKind] | type[JobKind]) -> set[type]:
    """Return the house's enumerations of this base, those in tests left out."""
    for path in ROOT.glob("*/kinds.py"):
        import_module(f"{path.parent.name}.kinds")
    return {
        one for one in base.__subclasses__() if one.__module__.split(".")[0] in HOUSE and list(one)
    }


def texts(node: ast.expr | None) -> Iterator[str]:
    """Yield the strings of an expression: itself, one of two, or a collection's."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from (*texts(node.body), *texts(node.orelse))
    elif isinstance(node, (ast.Tuple, ast.List, ast.Set)):
        yield from (text for item in node.elts for text in texts(item))


def given(node: ast.AST) -> Iterator[str]:
    """Yield the strings given as a kind: to a writer, query or comparison, or as keys."""
    if isinstance(node, ast.Call):
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        named = [word.value for word in node.keywords if word.arg in ("kind", "kind__in")]
        plain = node.args[:2] if name in WRITERS else []
        yield from (text for one in [*plain, *named] if name in ASKERS for text in texts(one))
    elif isinstance(node, ast.Compare) and getattr(node.left, "attr", "") == "kind":
        yield from (text for one in node.comparators for text in texts(one))
    elif isinstance(node, (ast.Dict, ast.Set)):
        items = node.keys if isinstance(node, ast.Dict) else node.elts
        keys = [text for key in items for text in texts(key)]
        yield from keys if len(keys) == len(items) > 1 and set(keys) <= set(EVENT_KINDS) else ()


def loose(source: str) -> set[str]:
    """Return the kinds that a module gives as strings. A job's name is none of anything else."""
    nodes = list(ast.walk(ast.parse(source)))
    known = EVENT_KINDS.keys() | JOB_KINDS.keys()
    found = {text for node in nodes for text in given(node)} & known
    return found | ({text for node in nodes for text in _constant(node)} & JOB_KINDS.keys())


def _constant(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def sources() -> list[Path]:
    more = [path for name in ("benches", "samples", "tools") for path in (ROOT / name).glob("*.py")]
    return [path for path in [*modules(), *more] if path.name != "kinds.py"]


def test_every_family_is_united_with_the_others() -> None:
    assert {type(kind) for kind in EVENT_KINDS.values()} == families(EventKind)
    assert {type(kind) for kind in JOB_KINDS.values()} == families(JobKind)


def test_a_kind_defined_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="READ"):
        united(RegistryEvent, Other)


def test_an_event_and_a_job_never_share_a_value_nor_outgrow_their_column() -> None:
    assert EVENT_KINDS.keys().isdisjoint(JOB_KINDS)
    assert max(map(len, (*EVENT_KINDS, *JOB_KINDS))) <= 40


def test_a_value_is_its_members_name() -> None:
    """Values stand in databases and hashes: whoever renames a member sees that it must not."""
    assert {kind.name.lower() for kind in EVENT_KINDS.values()} == EVENT_KINDS.keys()
    assert {kind.name.lower().replace("_", ".", 1) for kind in JOB_KINDS.values()} == set(JOB_KINDS)


@pytest.mark.parametrize("odd", ["missing", "unknown", "twice"])
def test_a_table_that_misses_a_kind_or_has_an_odd_one_is_refused(odd: str) -> None:
    whole = job_table(JOBS)
    step = next(iter(whole))
    parts: dict[str, tuple[dict[JobKind, Step], ...]] = {
        "missing": ({kind: one for kind, one in whole.items() if kind != step},),
        "twice": (whole, {step: whole[step]}),
        "unknown": (whole,),
    }
    kinds = {k: v for k, v in JOB_KINDS.items() if (odd, k) != ("unknown", str(step))}
    with pytest.raises(ValueError, match=step):
        job_table(*parts[odd], kinds=kinds)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_has_words_of_its_own(language: str) -> None:
    with override(language):
        for table, kinds in ((WORDS, EVENT_KINDS), (KINDS, JOB_KINDS)):
            assert set(table) == set(kinds)
            words = [str(one) for one in table.values()]
            assert all(words)
            assert sorted(words) == sorted(set(words))


def test_citizens_read_words_of_events_that_exist() -> None:
    assert set(EVENTS) <= set(EVENT_KINDS)


@pytest.mark.parametrize(
    ("source", "kinds"),
    [
        ('record_change(letter, "refused", actor=actor)', {"refused"}),
        ('change.record("refused", rows=rows)', {"refused"}),
        ('move_stage(letter, stage, kind="voided")', {"voided"}),
        ('record_change(letter, "read" if one else "unread")', {"read", "unread"}),
        ('LetterEvent.objects.filter(kind="reopened")', {"reopened"}),
        ('rows.exclude(kind__in=["linked", "unlinked"])', {"linked", "unlinked"}),
        ('event.kind in ("read", "registered")', {"read", "registered"}),
        ('WORDS = {"read": 1, "voided": 2}', {"read", "voided"}),
        ('STEP = "letter.read"', {"letter.read"}),
        ('Assignment.objects.filter(state="refused")', set()),
        ("record_change(letter, RegistryEvent.READ)", set()),
        ('{"read": 1, "other": 2}', set()),
    ],
)
def test_a_loose_kind_is_found(source: str, kinds: set[str]) -> None:
    assert loose(source) == kinds


def test_no_kind_is_a_loose_string() -> None:
    found = {
        name_of(path): kinds for path in sources() if (kinds := loose(path.read_text("utf-8")))
    }
    assert not found, f"name the member of its enumeration: {found}"
