"""API tokens: several a person, limited, ending, and nowhere readable."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.utils import timezone

from config.organisation import DEMO_PASSWORD
from identity.models import ApiToken, SecurityEvent
from identity.tokens import MOST, MOST_LOGGED_IN, find_token, hash_of, make_token
from org.models import User
from tests.factories import api_key, deposit
from web.api.tokens import ALWAYS, AREAS
from web.api.urls import urlpatterns
from web.throttle import TOKEN_BY_NAME_ANYWHERE

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
NEW = {"name": "Sauvegarde", "access": "read", "areas": ["letters"], "days": "30"}


def ask(key: str, address: str = "/api/v1/me", method: str = "get", **more: Any) -> Any:
    headers = {"authorization": f"Token {key}"}
    call = getattr(Client(), method)
    return call(address, content_type="application/json", headers=headers, **more)


def test_a_token_is_made_on_the_page_shown_once_and_kept_as_a_hash(client_as: Browser) -> None:
    browser = client_as("badr")
    page = browser.post("/account/tokens/new/", NEW).content.decode()
    row = ApiToken.objects.get()
    key = page.partition('class="key">')[2].partition("<")[0]
    assert row.key_hash == hash_of(key)
    assert key not in str(ApiToken.objects.values())
    assert ask(key).json()["username"] == "badr"
    again = browser.get("/account/tokens/").content.decode()
    assert key not in again
    assert "Sauvegarde" in again
    made = SecurityEvent.objects.get(kind="token_made")
    assert (made.person, made.detail["areas"]) == (row.person, ["letters"])
    assert key not in str(SecurityEvent.objects.values())


def test_when_it_was_last_used_is_shown(client_as: Browser) -> None:
    key = api_key("badr")
    ApiToken.objects.update(used_on=None)
    ask(key)
    assert ApiToken.objects.get().used_on == timezone.localdate()
    assert "dernier usage" in client_as("badr").get("/account/tokens/").content.decode()


def test_a_token_that_reads_changes_nothing(amina: User) -> None:
    letter = deposit(actor=amina).letter
    key = api_key("amina", access="read")
    assert ask(key, f"/api/v1/letters/{letter.pk}").status_code == 200
    answer = ask(key, f"/api/v1/letters/{letter.pk}/assign", "post", data={"department": "EAU"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "out_of_scope")
    assert not letter.assignments.exists()


@pytest.mark.parametrize("limits", [{"access": "read"}, {"areas": ["contacts"]}])
def test_a_limited_token_ends_itself_and_no_other(limits: dict[str, Any], badr: User) -> None:
    whole, key = api_key("badr"), api_key("badr", **limits)
    other = ApiToken.objects.get(key_hash=hash_of(whole))
    answer = ask(key, f"/api/v1/me/tokens/{other.pk}", "delete")
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "out_of_scope")
    assert ask(whole).status_code == 200
    assert ask(key, "/api/v1/me/token", "delete").status_code == 204
    assert ask(key).status_code == 401
    itself = ApiToken.objects.get(key_hash=hash_of(whole))
    assert ask(whole, f"/api/v1/me/tokens/{itself.pk}", "delete").status_code == 204


def test_a_token_of_one_area_opens_no_other(amina: User) -> None:
    key = api_key("amina", areas=["contacts"])
    assert ask(key, "/api/v1/contacts").status_code == 200
    assert ask(key, "/api/v1/me").status_code == 200
    for address in ("/api/v1/letters", "/api/v1/search", "/api/v1/jobs", "/api/v1/drafts"):
        answer = ask(key, address)
        assert (address, answer.status_code) == (address, 403)


def test_every_address_has_its_area() -> None:
    named = {pattern.name for pattern in urlpatterns if getattr(pattern, "name", None)}
    without = named - set(AREAS) - ALWAYS
    public = {"services", "service", "service_requests", "follow", "followed_document"}
    assert without == {"token", "schema", "partner_letters", "partner_letter", *public}
    assert set(AREAS) <= named


def test_a_token_gives_no_more_than_its_person_may(chafik: User, amina: User) -> None:
    letter = deposit(actor=amina).letter
    assert ask(api_key("chafik"), f"/api/v1/letters/{letter.pk}").status_code == 404


def test_tokens_end(badr: User, client_as: Browser) -> None:
    key, other = api_key("badr"), api_key("badr")
    token = ApiToken.objects.get(key_hash=hash_of(key))
    assert client_as("chafik").post(f"/account/tokens/{token.pk}/revoke/").status_code == 404
    assert client_as("badr").post(f"/account/tokens/{token.pk}/revoke/").status_code == 303
    assert ask(key).status_code == 401
    assert ask(other).status_code == 200
    ApiToken.objects.filter(key_hash=hash_of(other)).update(
        expires_at=timezone.now() - timedelta(seconds=1)
    )
    assert ask(other).status_code == 401
    assert "expiré" in client_as("badr").get("/account/tokens/").content.decode()


def test_a_token_of_somebody_who_left_never_comes_back(badr: User) -> None:
    key = api_key("badr")
    User.objects.filter(pk=badr.pk).update(is_active=False)
    assert ask(key).status_code == 401
    User.objects.filter(pk=badr.pk).update(is_active=True)
    assert ask(key).status_code == 401


def test_guesses_of_one_name_from_everywhere_are_braked(badr: User) -> None:
    given = {"username": "badr", "password": "guess"}
    count, by_one = TOKEN_BY_NAME_ANYWHERE.most, 5
    for number in range(count // by_one):
        client = Client(REMOTE_ADDR=f"203.0.113.{number}")
        for _ in range(by_one):
            answer = client.post("/api/v1/token", given, content_type="application/json")
            assert answer.status_code == 401
    for username, status in (("badr", 429), ("amina", 200)):
        right = {"username": username, "password": DEMO_PASSWORD}
        elsewhere = Client(REMOTE_ADDR="198.51.100.7")
        answer = elsewhere.post("/api/v1/token", right, content_type="application/json")
        assert answer.status_code == status


def test_name_and_password_give_a_program_a_token_of_its_own(badr: User) -> None:
    given = {"username": "badr", "password": DEMO_PASSWORD}
    keys = [
        Client().post("/api/v1/token", given, content_type="application/json").json()["token"]
        for _ in range(MOST_LOGGED_IN + 2)
    ]
    assert len(set(keys)) == MOST_LOGGED_IN + 2
    assert [ask(key).status_code for key in keys[:3]] == [401, 401, 200]
    assert ask(keys[-1], "/api/v1/me/token", "delete").status_code == 204
    assert ask(keys[-1]).status_code == 401
    assert ask(keys[-2]).status_code == 200


def test_with_a_second_step_the_password_gives_no_token(badr: User, settings: Any) -> None:
    settings.MFA_REQUIRED_DUTIES = {"member"}
    given = {"username": "badr", "password": DEMO_PASSWORD}
    answer = Client().post("/api/v1/token", given, content_type="application/json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "second_step")
    assert not ApiToken.objects.exists()


def test_tokens_are_listed_and_revoked_over_the_api(badr: User, chafik: User) -> None:
    key, other = api_key("badr", name="un"), api_key("chafik")
    listed = ask(key, "/api/v1/me/tokens").json()["tokens"]
    assert [(row["name"], row["begins"]) for row in listed] == [("un", key[:12])]
    theirs = ApiToken.objects.get(key_hash=hash_of(other)).pk
    assert ask(key, f"/api/v1/me/tokens/{theirs}", "delete").status_code == 404
    assert ask(key, f"/api/v1/me/tokens/{listed[0]['id']}", "delete").status_code == 204
    assert ask(key).status_code == 401


def test_nobody_has_tokens_without_end(badr: User, client_as: Browser) -> None:
    for number in range(MOST):
        make_token(person=badr, name=str(number), access="read")
    answer = client_as("badr").post("/account/tokens/new/", NEW)
    assert answer.status_code == 422
    assert ApiToken.objects.count() == MOST


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"access": "all"}, {"areas": ["moon"]}, {"days": "0"}, {"days": "9999"}]
)
def test_what_cannot_be_is_said(client_as: Browser, wrong: dict[str, Any]) -> None:
    answer = client_as("badr").post("/account/tokens/new/", NEW | wrong)
    assert answer.status_code == 422
    assert not ApiToken.objects.exists()


def test_the_command_makes_lists_and_revokes(badr: User, capsys: Any) -> None:
    call_command("api_tokens", "make", "badr", "--name", "Robot", "--read", "--days", "5")
    key = capsys.readouterr().out.strip().splitlines()[-1]
    assert find_token(key) is not None
    call_command("api_tokens", "list", "badr")
    told = capsys.readouterr().out
    assert "Robot" in told
    assert key not in told
    call_command("api_tokens", "revoke", "badr", key[:12])
    assert find_token(key) is None
    for wrong in (("revoke", "badr", "none"), ("list", "nobody"), ("make", "badr", "--days", "0")):
        with pytest.raises(CommandError) as refused:
            call_command("api_tokens", *wrong)
        assert refused.value.returncode == 2


@pytest.mark.django_db(transaction=True)
def test_tokens_of_before_go_on(badr: User) -> None:
    before, after = [("identity", "0001_initial")], [("identity", "0002_record_and_tokens")]
    MigrationExecutor(connection).migrate(before)
    try:
        old = MigrationExecutor(connection).loader.project_state(
            [("authtoken", "0004_alter_tokenproxy_options"), ("org", "0001_initial")]
        )
        tokens = old.apps.get_model("authtoken", "Token")
        tokens.objects.create(key="0123456789abcdef0123456789abcdef01234567", user_id=badr.pk)
    finally:
        MigrationExecutor(connection).migrate(after)
    assert ask("0123456789abcdef0123456789abcdef01234567").json()["username"] == "badr"
    assert not tokens.objects.exists()
