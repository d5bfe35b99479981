"""Administrators write rules: history, order, two at once, and rules carried to another office."""

import io
import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from org.models import User
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError
from routing.models.rules import RoutingRule, RuleChange
from routing.rules import editing
from routing.rules.format import BadRuleError, plain_rule
from routing.rules.reading import listed_rules
from tests.factories import person

pytestmark = pytest.mark.django_db


def words(title: str = "Fuites", **given: Any) -> dict[str, Any]:
    """A rule as plain values."""
    conditions = [{"field": "words", "value": "fuite", "negated": False}]
    return {"title": title, "conditions": conditions, "department": "EAU", **given}


def titles() -> list[str]:
    return [rule.title for rule in listed_rules()]


def test_a_rule_keeps_who_did_what_and_how_it_stood(admin: User) -> None:
    rule = editing.create_rule(actor=admin, given=words())
    editing.change_rule(rule.pk, actor=admin, version=1, given=words(department="COM"))
    editing.switch_rule(rule.pk, actor=admin, version=2, on=False)
    editing.remove_rule(rule.pk, actor=admin, version=3)
    history = RuleChange.objects.filter(rule=rule).order_by("id")
    assert [(one.what, one.version) for one in history] == [
        ("created", 1), ("changed", 2), ("off", 3), ("removed", 4),
    ]  # fmt: skip
    assert [one.content["department"] for one in history] == ["EAU", "COM", "COM", "COM"]
    assert {one.actor for one in history} == {admin}
    assert titles() == []
    assert editing.create_rule(actor=admin, given=words()).pk != rule.pk  # its title is free again


@pytest.mark.parametrize("username", ["amina", "badr", "direction", "audit"])
def test_only_administrators_write_rules(admin: User, username: str) -> None:
    rule, other = editing.create_rule(actor=admin, given=words()), person(username)
    for deed in (
        lambda: editing.create_rule(actor=other, given=words("Autre")),
        lambda: editing.change_rule(rule.pk, actor=other, version=1, given=words()),
        lambda: editing.move_rule(rule.pk, actor=other, up=True),
        lambda: editing.order_rules([rule.pk], actor=other),
        lambda: editing.switch_rule(rule.pk, actor=other, version=1, on=False),
        lambda: editing.copy_rule(rule.pk, actor=other),
        lambda: editing.remove_rule(rule.pk, actor=other, version=1),
    ):
        with pytest.raises(NotAllowedError):
            deed()
    assert RuleChange.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"title": " "}, "title"),
        ({"conditions": []}, "conditions"),
        ({"conditions": [{"field": "words", "value": ""}]}, "conditions.0"),
        ({"conditions": [{"field": "kind", "value": "invoise"}]}, "conditions.0"),
        ({"conditions": [{"field": "amount", "value": "x"}]}, "conditions.0"),
        ({"department": "NOPE"}, "department"),
        ({"department": ""}, "department"),
        ({"copies": ["DG"], "automatic": False}, "automatic"),
        ({"copies": ["NOPE"], "automatic": True}, "copies"),
        ({"person": "amina"}, "person"),
        ({"confidentiality": 3, "automatic": True}, "confidentiality"),
        ({"valid_from": "2026-13-01"}, "valid_from"),
        ({"valid_from": "2026-02-01", "valid_until": "2026-01-01"}, "valid_until"),
    ],
)
def test_what_makes_no_rule_is_said_where_it_stands(
    admin: User, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(BadRuleError) as caught:
        editing.create_rule(actor=admin, given=words(**given))
    assert field in caught.value.fields
    assert not RoutingRule.objects.exists()


def test_the_database_refuses_what_makes_no_rule(admin: User) -> None:
    rule = editing.create_rule(actor=admin, given=words())
    impossible: list[dict[str, Any]] = [
        {"conditions": []},
        {"department": None},
        {"copies": ["DG"]},
        {"confidentiality": 1},
        {"removed": True},
        {"valid_from": "2026-02-01", "valid_until": "2026-01-01"},
    ]
    for columns in impossible:
        with pytest.raises(IntegrityError), transaction.atomic():
            RoutingRule.objects.filter(pk=rule.pk).update(**columns)


def test_the_order_is_moved_set_and_kept_whole(admin: User) -> None:
    a, b, c = (editing.create_rule(actor=admin, given=words(t)) for t in "abc")
    assert editing.move_rule(c.pk, actor=admin, up=True)
    assert titles() == ["a", "c", "b"]
    assert not editing.move_rule(a.pk, actor=admin, up=True)
    editing.order_rules([b.pk, a.pk, c.pk], actor=admin)
    assert titles() == ["b", "a", "c"]
    with pytest.raises(ConflictError):
        editing.order_rules([b.pk, a.pk], actor=admin)
    editing.change_rule(c.pk, actor=admin, version=1, given=words("c"), place=0)
    assert titles() == ["c", "b", "a"]
    editing.create_rule(actor=admin, given=words("new"), place=1)
    assert titles() == ["c", "new", "b", "a"]


def test_a_copy_stands_below_and_is_off(admin: User) -> None:
    first = editing.create_rule(actor=admin, given=words("a", automatic=True, copies=["DG"]))
    editing.create_rule(actor=admin, given=words("b"))
    copy = editing.copy_rule(first.pk, actor=admin)
    assert titles() == ["a", "a (2)", "b"]
    same = {**plain_rule(first), "title": "a (2)", "active": False}
    assert plain_rule(copy) == same


def test_who_saw_an_older_version_is_told_and_writes_nothing(admin: User) -> None:
    rule = editing.create_rule(actor=admin, given=words())
    editing.change_rule(rule.pk, actor=admin, version=1, given=words(department="COM"))
    with pytest.raises(ConflictError):
        editing.change_rule(rule.pk, actor=admin, version=1, given=words(department="ASS"))
    with pytest.raises(ConflictError):
        editing.switch_rule(rule.pk, actor=admin, version=1, on=False)
    assert RoutingRule.objects.get().department.code == "COM"  # type: ignore[union-attr]


def test_editing_a_rule_forgets_what_failed(admin: User) -> None:
    rule = editing.create_rule(actor=admin, given=words())
    RoutingRule.objects.update(failures=3, last_failure="words:TooMuchError")
    fresh = editing.change_rule(rule.pk, actor=admin, version=1, given=words())
    assert (fresh.failures, fresh.last_failure) == (0, "")


def test_rules_are_carried_to_another_office(rules: None, admin: User, tmp_path: Any) -> None:
    rich = words(
        "Riche",
        automatic=True,
        copies=["DG"],
        gives_kind="reminder",
        confidentiality=1,
        person="badr",
        go_on=True,
        valid_from="2026-01-01",
    )
    editing.create_rule(actor=admin, given=rich)
    file = tmp_path / "rules.json"
    call_command("rules", "--export", str(file))
    before = [plain_rule(rule) for rule in listed_rules()]
    RuleChange.objects.all().delete()
    RoutingRule.objects.all().delete()
    told = io.StringIO()
    call_command("rules", "--import", str(file), "--json", stdout=told)
    assert [plain_rule(rule) for rule in listed_rules()] == before
    assert len(json.loads(told.getvalue())["created"]) == len(before)
    again = io.StringIO()
    call_command("rules", "--import", str(file), "--json", stdout=again)
    assert len(json.loads(again.getvalue())["same"]) == len(before)
    told = io.StringIO()
    call_command("rules", "--import", str(file), stdout=told)
    assert f"Règles déjà identiques\u00a0: {len(before)}\n" in told.getvalue()


def test_the_short_form_of_a_rule_is_read_and_a_bad_file_changes_nothing(
    admin: User, tmp_path: Any
) -> None:
    file = tmp_path / "rules.json"
    short = {"title": "Actes", "department": "JUR", "position": 20, "kind": "legal_notice"}
    file.write_text(json.dumps([short, {**short, "title": "x", "department": "NOPE"}]))
    with pytest.raises(CommandError, match=r"1\.department"):
        call_command("rules", "--import", str(file))
    assert not RoutingRule.objects.exists()
    file.write_text(json.dumps([{**short, "least_score": 0.6, "words": "huissier"}]))
    call_command("rules", "--import", str(file))
    fields = [one["field"] for one in RoutingRule.objects.get().conditions]
    assert fields == ["kind", "words", "score"]
    for text, words in (
        ("{", "sa ligne 1"),
        ('{"rules": 1}', "liste de règles"),
        ("[1]", "liste de règles"),
        ("[{}]", "Aucune règle n’a été reprise"),
    ):
        file.write_text(text)
        with pytest.raises(CommandError, match=words):
            call_command("rules", "--import", str(file))
    file.write_bytes(b"[\xff]")
    with pytest.raises(CommandError, match="UTF-8"):
        call_command("rules", "--import", str(file))
    with pytest.raises(CommandError, match="n’existe pas"):
        call_command("rules", "--import", str(tmp_path / "typo.json"))


def together(deeds: list[Callable[[], object]]) -> list[str]:
    ready, told = threading.Barrier(len(deeds)), []

    def one(deed: Callable[[], object]) -> None:
        ready.wait()
        try:
            deed()
            told.append("done")
        except ConflictError as error:
            told.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(told)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_edit_at_once_one_wins_and_the_other_is_told() -> None:
    admin = person("admin")
    rule = editing.create_rule(actor=admin, given=words())

    def edit(code: str) -> Callable[[], object]:
        return lambda: editing.change_rule(
            rule.pk, actor=admin, version=1, given=words(department=code)
        )

    told = together([edit(code) for code in ("COM", "ASS", "ELEC", "REC")])
    assert told == ["ConflictError"] * 3 + ["done"]
    fresh = RoutingRule.objects.get()
    assert (fresh.version, fresh.changes.count()) == (2, 2)


@pytest.mark.django_db(transaction=True)
def test_moves_at_once_leave_every_rule_in_one_place() -> None:
    admin = person("admin")
    made = [editing.create_rule(actor=admin, given=words(t)) for t in "abcd"]
    deeds: list[Callable[[], object]] = [
        lambda rule=rule, up=up: editing.move_rule(rule.pk, actor=admin, up=up)  # type: ignore[misc]
        for rule, up in zip(made, (False, True, False, True), strict=True)
    ]
    assert together(deeds) == ["done"] * 4
    assert sorted(titles()) == list("abcd")
    positions = list(RoutingRule.objects.values_list("position", flat=True))
    assert sorted(positions) == [10, 20, 30, 40]
