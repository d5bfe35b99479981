"""The page of the register's proof: seen by administrators and auditors, acted on by the former."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from org.models import User
from registry.models.anchors import Anchor
from tests.factories import deposit, person
from tests.signer.running import LocalSigner

pytestmark = pytest.mark.django_db


@pytest.fixture
def signer(tmp_path: Path, settings: Any) -> Iterator[LocalSigner]:
    found = LocalSigner(tmp_path / "signer")
    settings.SIGNER_SOCKET = found.socket
    settings.ANCHOR_URL = f"file://{tmp_path}/store"
    yield found
    found.stop()


def signed_in(duty: User.Duty) -> Client:
    client = Client()
    client.force_login(User.objects.filter(duty=duty, is_active=True).order_by("pk")[0])
    return client


def test_an_administrator_anchors_and_tries_again(signer: LocalSigner) -> None:
    deposit()
    client = signed_in(User.Duty.ADMINISTRATOR)
    assert client.post(reverse("desk:anchor_now")).status_code == 303
    anchor = Anchor.objects.get()
    assert (anchor.state, anchor.size) == ("waiting", signer.log.size)
    Anchor.objects.update(state="failed", why="store_away")
    page = client.get(reverse("desk:proof")).content.decode()
    assert "store_away" in page
    assert reverse("desk:anchor_again", args=[anchor.pk]) in page
    assert client.post(reverse("desk:anchor_again", args=[anchor.pk])).status_code == 303
    anchor.refresh_from_db()
    assert (anchor.state, anchor.why) == ("waiting", "")


def test_an_auditor_sees_it_on_the_page_and_over_the_api(signer: LocalSigner) -> None:
    now = timezone.now()
    Anchor.objects.create(size=7, root="0" * 64, note="n", way="mail", place="p", asked_at=now)
    client = signed_in(User.Duty.AUDITOR)
    page = client.get(reverse("desk:proof")).content.decode()
    assert "anchor/" not in page
    assert client.post(reverse("desk:anchor_now")).status_code == 403
    listed = client.get("/api/v1/anchors").json()["anchors"]
    assert [(row["size"], row["way"], row["state"]) for row in listed] == [(7, "mail", "waiting")]
    proof = client.get("/api/v1/proof").json()
    assert proof["signer_answers"] is True
    assert person("amina").duty == User.Duty.CLERK
    client.force_login(person("amina"))
    assert client.get("/api/v1/anchors").status_code == 403
