"""People's pages: created, invited by a link that works once, deactivated, found, as a table."""

import html
import re
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from config.organisation import DEMO_PASSWORD
from identity.invitations import invite, invite_all, link_of
from identity.models import SecurityEvent
from org.models import Invitation, OrgChange, User
from tests.factories import drain, person

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
HOME = "/administration/people/"
NEW = {
    "username": "k.alaoui",
    "first_name": "Karim",
    "last_name": "Alaoui",
    "email": "k.alaoui@house.example",
    "duty": "clerk",
    "clearance": "0",
    "language": "fr",
    "role_BO": "member",
}
PASSWORD = {"new_password1": "le-bureau-ouvre-a-8h", "new_password2": "le-bureau-ouvre-a-8h"}


def path_of(link: str) -> str:
    return "/invitation/" + link.split("/invitation/")[1]


def test_a_person_is_invited_by_mail_and_logs_in(browser: Browser) -> None:
    admin = browser("admin")
    made = admin.post(f"{HOME}new/", NEW)
    assert made.status_code == 303
    assert "invitation est en cours" in admin.get(made["Location"]).content.decode()
    drain()

    assert mail.outbox[0].to == ["k.alaoui@house.example"]
    found = re.search(r"https?://\S+", str(mail.outbox[0].body))
    assert found
    link, guest = path_of(found[0]), Client(headers={"accept-language": "fr"})
    assert "k.alaoui" in guest.get(link).content.decode()
    assert guest.post(link, PASSWORD | {"new_password2": "other"}).status_code == 422
    assert guest.post(link, PASSWORD).status_code == 302
    assert guest.login(username="k.alaoui", password=PASSWORD["new_password1"])
    assert guest.get("/tray/").status_code == 200
    assert Client().get(link).status_code == 404
    assert Client().post(link, PASSWORD).status_code == 404
    actions = OrgChange.objects.filter(key="k.alaoui").values_list("action", flat=True)
    assert list(actions) == ["password_set", "invited", "created"]


def test_a_link_ends_with_time_a_newer_one_and_deactivation(admin: User, badr: User) -> None:
    first = invite(badr, actor=admin)
    old = path_of(link_of(first))
    second = path_of(link_of(invite(badr, actor=admin)))
    assert Client().get(old).status_code == 404
    assert Client().get(second).status_code == 200
    assert Client().get(second[:-2] + "x/").status_code == 404
    User.objects.filter(pk=badr.pk).update(is_active=False)
    assert Client().get(second).status_code == 404
    User.objects.filter(pk=badr.pk).update(is_active=True)
    Invitation.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    assert Client().get(second).status_code == 404


def test_a_password_set_by_a_link_is_on_record_and_told_where_there_was_one(
    admin: User, badr: User
) -> None:
    User.objects.filter(pk=badr.pk).update(email="badr@house.example")
    badr.refresh_from_db()
    link = path_of(link_of(invite(badr, actor=admin)))
    drain()
    mail.outbox.clear()
    assert Client(REMOTE_ADDR="203.0.113.9").post(link, PASSWORD).status_code == 302
    row = SecurityEvent.objects.get(kind="password_changed")
    assert (row.subject, row.address) == (badr, "203.0.113.9")
    assert row.detail == {"way": "invitation"}
    drain()
    assert [one.to for one in mail.outbox] == [["badr@house.example"]]


def test_the_first_password_is_on_record_and_told_to_nobody(browser: Browser) -> None:
    browser("admin").post(f"{HOME}new/", NEW)
    made = person("k.alaoui")
    drain()
    mail.outbox.clear()
    link = path_of(link_of(Invitation.objects.get(person=made)))
    assert Client().post(link, PASSWORD).status_code == 302
    drain()
    assert SecurityEvent.objects.filter(kind="password_changed", subject=made).exists()
    assert mail.outbox == []


def test_a_link_of_one_person_opens_nobody_elses(admin: User, badr: User, chafik: User) -> None:
    mine, theirs = invite(badr, actor=admin), invite(chafik, actor=admin)
    token = path_of(link_of(mine)).split("/")[3]

    assert Client().get(f"/invitation/{theirs.pk}/{token}/").status_code == 404


def test_without_a_mail_server_the_page_shows_the_link(browser: Browser, settings: object) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"  # type: ignore[attr-defined]
    client = browser("admin")
    sent = client.post(f"{HOME}new/", NEW)
    assert "remettez-lui le lien" in client.get(sent["Location"]).content.decode()
    made = person("k.alaoui")

    page = client.get(f"{HOME}{made.pk}/").content.decode()

    assert "/invitation/" in page
    assert "Aucun serveur de messagerie" in page


def test_deactivation_shows_the_work_and_ends_the_session(browser: Browser, case: object) -> None:
    badr = person("badr")
    client, theirs = browser("admin"), browser("badr")
    assert theirs.get("/inbox/").status_code == 200
    assert "courrier" in client.get(f"{HOME}{badr.pk}/").content.decode()

    assert client.post(f"{HOME}{badr.pk}/deactivate/").status_code == 303

    assert not person("badr").is_active
    assert theirs.get("/inbox/").status_code != 200
    client.get(HOME)  # says that it was done
    assert "Lahlou" not in client.get(HOME).content.decode()
    assert "Lahlou" in client.get(HOME, {"show": "inactive"}).content.decode()
    client.post(f"{HOME}{badr.pk}/deactivate/", {"back": "1"})
    assert person("badr").is_active


def test_a_change_is_seen_in_the_history(browser: Browser) -> None:
    client, badr = browser("admin"), person("badr")
    fields = {k: v for k, v in NEW.items() if k != "username"} | {"email": badr.email}
    assert client.post(f"{HOME}{badr.pk}/", fields).status_code == 303

    page = client.get(f"{HOME}{badr.pk}/").content.decode()

    assert "Lahlou" in page
    assert "Alaoui" in page
    assert {row.department.code for row in person("badr").memberships.all()} == {"BO"}


def test_what_is_wrong_is_said_and_nothing_is_kept(browser: Browser) -> None:
    client = browser("admin")
    answer = client.post(f"{HOME}new/", {**NEW, "username": "badr"})
    assert answer.status_code == 422
    assert "déjà pris" in answer.content.decode()
    admin = person("admin")
    answer = client.post(f"{HOME}{admin.pk}/", {**NEW, "email": ""})
    assert answer.status_code == 422
    assert person("admin").duty == "administrator"


def test_a_table_is_looked_at_first_and_then_kept(browser: Browser) -> None:
    client, page = browser("admin"), "/administration/tables/people/"
    text = "username,last_name,duty\nz.naji,Naji,clerk\n"
    seen = client.post(page, {"file": SimpleUploadedFile("p.csv", text.encode(), "text/csv")})
    assert "z.naji" in seen.content.decode()
    assert not User.objects.filter(username="z.naji").exists()

    kept = client.post(page, {"text": text, "sure": "1"})

    assert kept.status_code == 303
    assert User.objects.filter(username="z.naji").exists()
    table = client.get(f"{page}file.csv").content.decode("utf-8-sig")
    assert "z.naji" in table
    assert "password" not in table


def test_a_table_of_people_asks_who_it_is_before_it_is_kept(browser: Browser) -> None:
    client, page = browser("admin"), "/administration/tables/people/"
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() - 3600}]
    session.save()
    given = {"text": "username,last_name,duty\nz.naji,Naji,director\n", "sure": "1"}
    upload = SimpleUploadedFile("p.csv", given["text"].encode(), "text/csv")
    assert client.post(page, {"file": upload}).status_code == 200  # only looked at

    asked = client.post(page, given)

    assert asked.status_code == 401
    assert "z.naji" in asked.content.decode()
    assert not User.objects.filter(username="z.naji").exists()
    assert client.post(page, given | {"confirm_password": DEMO_PASSWORD}).status_code == 303
    assert User.objects.filter(username="z.naji").exists()


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"salary\n1\n", b""])
def test_a_bad_table_is_told_so(content: bytes, browser: Browser) -> None:
    upload = SimpleUploadedFile("p.csv", content or b"\n", "text/csv")
    answer = browser("admin").post("/administration/tables/people/", {"file": upload})
    assert answer.status_code == 422
    assert browser("admin").get("/administration/tables/other/").status_code == 404


def test_people_of_a_table_are_invited_at_once(browser: Browser) -> None:
    for name in ("salma", "youssef"):
        _new(name, email=f"{name}@house.example")
    administrator = browser("admin")
    assert "2 personnes n’ont pas encore de mot de passe" in _text(administrator, HOME)
    page = _text(administrator, f"{HOME}invitations/")
    assert "Inviter 2 personnes" in page
    assert administrator.post(f"{HOME}invitations/").status_code == 303
    drain()
    assert sorted(each.to[0] for each in mail.outbox) == [
        "salma@house.example",
        "youssef@house.example",
    ]
    page = _text(administrator, f"{HOME}invitations/")
    assert "Inviter 2 personnes" not in page
    assert "/invitation/" not in page.replace("/people/invitations/", "")  # the mail has it alone
    administrator.post(f"{HOME}invitations/")
    assert Invitation.objects.filter(revoked_at=None).count() == 2  # the first ones hold


def test_links_of_people_without_a_mail_are_shown_to_be_handed_over(browser: Browser) -> None:
    who = _new("salma", email="")
    administrator = browser("admin")
    administrator.post(f"{HOME}invitations/")
    link = link_of(Invitation.objects.get(person=who))
    assert link in _text(administrator, f"{HOME}invitations/")
    assert Client().get(path_of(link)).status_code == 200


def test_those_beyond_the_most_at_once_are_invited_the_next_time(admin: User) -> None:
    for name in ("salma", "youssef"):
        _new(name, email="")
    assert [invite_all(actor=admin, most=1) for _ in range(3)] == [1, 1, 0]


def test_the_invitations_take_as_many_queries_for_many(
    browser: Browser, django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    for number in range(12):
        _new(f"new{number}", email="")
    administrator = browser("admin")
    administrator.post(f"{HOME}invitations/")
    with django_assert_max_num_queries(14):
        administrator.get(f"{HOME}invitations/")


def test_a_new_link_that_no_mail_takes_is_not_said_to_be_on_its_way(browser: Browser) -> None:
    who = _new("salma", email="")
    answer = browser("admin").post(f"{HOME}{who.pk}/invite/", follow=True)
    text = html.unescape(answer.content.decode())
    assert "en route" not in text
    assert link_of(Invitation.objects.get(person=who)) in text


def test_the_page_of_an_invitation_says_how_long_a_password_is(admin: User, badr: User) -> None:
    link = path_of(link_of(invite(badr, actor=admin)))
    guest = Client(headers={"accept-language": "fr"})
    assert "Douze caractères au moins" in html.unescape(guest.get(link).content.decode())
    short = {"new_password1": "xk7-dune-pa", "new_password2": "xk7-dune-pa"}
    assert guest.post(link, short).status_code == 422


def _text(client: Client, path: str) -> str:
    return html.unescape(client.get(path).content.decode())


def _new(username: str, *, email: str) -> User:
    who = User(username=username, email=email)
    who.set_unusable_password()
    who.save()
    return who
