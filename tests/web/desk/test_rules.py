"""Administrators write, order, try and keep rules; pages for those who only look."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from org.models import User
from registry.models.events import LetterEvent
from routing.assigning import giving
from routing.models.rules import RoutingRule, RuleTrial
from routing.rules import deciding, editing, trials
from routing.rules import trials as rule_trials
from routing.rules.reading import listed_rules
from tests.factories import department, deposit

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
INLINE = r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:"


def make(admin: User, title: str = "Fuites", value: str = "fuite", **given: Any) -> RoutingRule:
    conditions = [{"field": "words", "value": value}]
    given = {"title": title, "conditions": conditions, "department": "EAU", **given}
    return editing.create_rule(actor=admin, given=given)


def sent(*conditions: tuple[str, str], version: Any = 0, **fields: Any) -> dict[str, Any]:
    """The form as a browser sends it."""
    form: dict[str, Any] = {
        "version": version,
        "title": "Fuites",
        "department": "EAU",
        "confidentiality": 0,
        "place": 0,
        "active": "on",
        "c-TOTAL_FORMS": len(conditions),
        "c-INITIAL_FORMS": 0,
        **fields,
    }
    for number, (field, value) in enumerate(conditions):
        form |= {f"c-{number}-field": field, f"c-{number}-value": value}
    return form


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_rule_is_written_with_rows_added_without_javascript(browser: Browser) -> None:
    client, address = browser("admin"), reverse("desk:rule_new")
    assert text(client.get(address)).count("data-condition") == 2
    more = client.post(address, sent(("words", "fuite"), more="1"))
    assert text(more).count("data-condition") == 3
    assert "fuite</textarea>" in text(more)
    assert not RoutingRule.objects.exists()
    rows = (("words", "fuite\r\nتسرب"), ("", ""), ("kind", "request"))
    fields = {"copies": ["DG", "SI"], "automatic": "on", "save": "1", "c-2-negated": "on"}
    answer = client.post(address, sent(*rows, **fields))
    assert answer.status_code == 303
    rule = RoutingRule.objects.get()
    assert rule.conditions == [
        {"field": "words", "value": "fuite\nتسرب", "negated": False},
        {"field": "kind", "value": "request", "negated": True},
    ]
    assert (rule.copies, rule.automatic) == (["DG", "SI"], True)


@pytest.mark.parametrize(
    ("conditions", "fields"),
    [
        ([("words", "…")], {}),
        ([("kind", "invoise")], {}),
        ([], {}),
        ([("words", "x")], {"title": ""}),
        ([("words", "x")], {"department": ""}),
        ([("words", "x")], {"copies": ["DG"]}),
        ([("nothing", "x")], {}),
        ([("words", "x")], {"valid_from": "2026-02-02", "valid_until": "2026-01-01"}),
        ([("words", "x" * 5000)], {}),
    ],
)
def test_what_makes_no_rule_comes_back_with_what_was_typed(
    browser: Browser, conditions: list[tuple[str, str]], fields: dict[str, Any]
) -> None:
    form = sent(*conditions, **{"title": "Mein Titel", **fields}, save="1")
    answer = browser("admin").post(reverse("desk:rule_new"), form)
    assert answer.status_code == 422
    assert 'role="alert"' in text(answer)
    assert form["title"] in text(answer)
    assert not RoutingRule.objects.exists()


def test_who_saw_an_older_version_keeps_what_they_typed_and_is_told(
    admin: User, browser: Browser
) -> None:
    rule = make(admin)
    editing.switch_rule(rule.pk, actor=admin, version=1, on=False)
    form = sent(("words", "mes mots"), version=1, save="1")
    answer = browser("admin").post(reverse("desk:rule", args=[rule.pk]), form)
    assert answer.status_code == 409
    assert "Salma Idrissi" in text(answer)
    assert "mes mots</textarea>" in text(answer)
    assert RoutingRule.objects.get().version == 2


def test_rules_are_moved_switched_copied_and_removed_from_their_list(
    admin: User, browser: Browser
) -> None:
    first, second, client = make(admin, "a"), make(admin, "b"), browser("admin")

    def do(rule: RoutingRule, what: str, **fields: Any) -> None:
        answer = client.post(reverse("desk:rule_do", args=[rule.pk, what]), fields)
        assert (answer.status_code, answer["Location"]) == (303, f"/rules/#rule-{rule.pk}")

    do(second, "up")
    assert [rule.title for rule in listed_rules()] == ["b", "a"]
    do(second, "down")
    do(first, "copy")
    assert [rule.title for rule in listed_rules()] == ["a", "a (2)", "b"]
    do(first, "off", version=1)
    do(second, "remove", version=1)
    do(first, "on", version="²")  # no number: nothing is switched
    assert [(r.title, r.active) for r in listed_rules()] == [("a", False), ("a (2)", False)]
    page = text(client.get(reverse("desk:rules")))
    assert "Quelqu’un a modifié cette règle" in page
    assert client.post(reverse("desk:rule_do", args=[first.pk, "dance"])).status_code == 404
    assert client.get(reverse("desk:rule_history", args=[second.pk])).status_code == 200


def test_a_draft_is_tried_taken_up_again_and_kept(
    admin: User, amina: User, browser: Browser
) -> None:
    letter = deposit(actor=amina, subject="Fuite rue X").letter
    giving.assign(letter, department=department("EAU"), actor=amina)
    events = LetterEvent.objects.count()
    client = browser("admin")
    form = {"try": "1", "newest": "10", "title": "Mon essai", "place": 0}
    answer = client.post(reverse("desk:rule_new"), sent(("words", "fuite"), **form))
    assert answer.status_code == 303
    trial = RuleTrial.objects.get()
    page = text(client.get(answer["Location"]))
    assert "100 %" in page
    assert letter.number not in page  # who administers reads no letters
    seen = text(browser("direction").get(answer["Location"]))
    assert letter.number in seen
    assert "est question de" in seen
    assert "Enregistrer ainsi" not in seen
    draft = text(client.get(f"{reverse('desk:rule_new')}?trial={trial.pk}"))
    assert 'value="Mon essai"' in draft
    assert (LetterEvent.objects.count(), RoutingRule.objects.count()) == (events, 0)
    assert client.post(reverse("desk:rule_trial_keep", args=[trial.pk])).status_code == 303
    assert RoutingRule.objects.get().title == "Mon essai"


def test_a_long_dry_run_shows_how_far_it_is(
    admin: User, amina: User, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rule_trials, "AT_ONCE", 0)
    deposit(actor=amina, subject="Fuite")
    trial = rule_trials.request_trial(
        actor=admin,
        given={"title": "t", "department": "EAU", "words": "fuite"},
    )
    client, live = browser("audit"), reverse("desk:rule_trial_live", args=[trial.pk])
    assert "sont essayés" in text(client.get(reverse("desk:rule_trial", args=[trial.pk])))
    assert client.get(live).status_code == 200
    trials.save_trial(str(trial.pk), trials.try_rules_work(str(trial.pk), lambda _d, _t: None))
    assert client.get(live, headers={"HX-Request": "true"})["HX-Redirect"].endswith(f"{trial.pk}/")


def test_the_letters_of_a_dry_run_come_page_by_page(
    admin: User, amina: User, browser: Browser
) -> None:
    for number in range(35):
        deposit(actor=amina, subject=f"Fuite {number}")
    given = {"title": "t", "department": "EAU", "words": "fuite"}
    trial = rule_trials.request_trial(actor=admin, given=given)
    client, address = browser("audit"), reverse("desk:rule_trial", args=[trial.pk])
    first = text(client.get(address))
    link = re.search(r'href="(\?show=[^"]+)"', first.split("more-link")[1])
    assert link
    second = text(client.get(address + link[1].replace("&amp;", "&")))
    assert (first.count("data-row"), second.count("data-row")) == (30, 5)
    assert client.get(f"{address}?from=x").status_code == 404
    assert text(client.get(f"{address}?show=worse")).count("data-row") == 0


@pytest.mark.parametrize("username", ["audit", "direction"])
def test_who_only_looks_sees_rules_and_no_verbs(
    admin: User, browser: Browser, username: str
) -> None:
    rule, client = make(admin), browser(username)
    for address in (reverse("desk:rules"), reverse("desk:rule", args=[rule.pk])):
        page = text(client.get(address))
        assert "Fuites" in page
        assert f"/rules/{rule.pk}/up/" not in page
        assert 'name="save"' not in page
    form = sent(("words", "x"), version=1, save="1")
    assert client.post(reverse("desk:rule", args=[rule.pk]), form).status_code == 403
    assert RoutingRule.objects.get().version == 1


def test_a_rule_that_fails_says_so_without_words_of_letters(admin: User, browser: Browser) -> None:
    rule = make(admin)
    RoutingRule.objects.filter(pk=rule.pk).update(
        failures=3, last_failure="amount:ValueError", last_failed_at="2026-01-01T10:00Z",
        conditions=[{"field": "gone"}, 7],
    )  # fmt: skip
    page = text(browser("admin").get(reverse("desk:rules")))
    assert "une valeur ne peut pas servir" in page
    assert browser("admin").get(reverse("desk:rule", args=[rule.pk])).status_code == 200


def test_the_list_takes_no_more_queries_for_more_rules(
    admin: User, amina: User, browser: Browser
) -> None:
    client = browser("admin")

    def queries() -> int:
        client.get("/rules/")
        with CaptureQueriesContext(connection) as caught:
            client.get("/rules/")
        return len(caught)

    make(admin, "a", person="badr", automatic=True, copies=["DG"])
    before = queries()
    for number in range(6):
        make(admin, f"r{number}", department="COM", gives_kind="request", automatic=True)
    assert queries() == before


def test_pages_of_rules_hold_no_inline_script_or_style(
    admin: User, amina: User, browser: Browser
) -> None:
    deposit(actor=amina, subject="Fuite")
    rule = make(admin, automatic=True)
    given = {"title": "t", "department": "COM", "words": "fuite"}
    trial = rule_trials.request_trial(actor=admin, given=given)
    client = browser("admin")
    for name, *args in (
        ("rules",), ("rule_new",), ("rule", rule.pk), ("rule_history", rule.pk),
        ("rule_trial", trial.pk),
    ):  # fmt: skip
        page = text(client.get(reverse(f"desk:{name}", args=args)))
        assert not re.search(INLINE, page), name


def test_a_letters_history_says_which_rule_decided_and_why(
    admin: User, amina: User, browser: Browser
) -> None:
    make(admin, "Nos fuites", automatic=True)
    letter = deposit(actor=amina, subject="Fuite rue X").letter
    key = str(letter.pk)
    deciding.save_route(key, deciding.route_letter_work(key, lambda _d, _t: None))
    page = text(browser("amina").get(reverse("desk:letter", args=[letter.pk])))
    assert "Nos fuites" in page
    assert "est question de" in page


def test_hostile_forms_are_answered_and_write_nothing(browser: Browser) -> None:
    client, address = browser("admin"), reverse("desk:rule_new")
    for fields in (
        {"c-TOTAL_FORMS": "999999"},
        {"c-TOTAL_FORMS": "x"},
        {"version": "x" * 50},
        {"place": "-5"},
        {"title": "a\0b"},
        {"newest": "0", "try": "1"},
    ):
        answer = client.post(address, {**sent(("words", "…")), **fields})
        assert answer.status_code in {400, 422}, fields
    assert client.get(f"{address}?trial=x").status_code == 200
    assert not RoutingRule.objects.exists()
