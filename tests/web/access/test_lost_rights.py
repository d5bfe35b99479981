"""What somebody still opens once a right is lost, in the session and by the key of before.

Each address is asked with `If-None-Match: *` too, which any answer would meet: what one may not
open any more is not said to be unchanged either.
"""

from typing import Final

import pytest
from django.utils import timezone

from channels.partners.models import PartnerKey
from channels.services import revoke_key
from identity.ending import end_access
from identity.models import ApiToken
from org.models import Absence, Membership, User
from tests import every
from tests.factories import department, drain, person
from tests.web.access.kinds import Call, callers
from tests.web.access.places import addresses
from tests.web.access.scene import Scene
from tests.web.access.tables import Row, parts, rows
from tests.web.access.test_access import FITTING, sign_of
from tests.web.undone import undone

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CLOSED: Final = "-0"
# One's own things; what letters a search, an export or an order holds is asked anew.
OWN: Final = {
    *("api:saved_search", "api:export", "desk:open_saved", "desk:fetch_export"),
    *("desk:bulk_order", "desk:bulk_order_live"),
}


def opens_no_more(scene: Scene, ask: Call, *, was: str, now: str) -> None:
    """Ask what one of kind `was` opens and one of kind `now` does not."""
    paths = addresses(scene)
    lost = [
        row
        for part in parts()
        for row in rows(part)
        if row.method == "GET" and row.signs[was] in FITTING and row.signs[now] in CLOSED
        if row.name not in OWN and not row.name.startswith("biller:")  # by a bank's signature
    ]
    assert lost

    def attempt(row: Row) -> None:
        with undone():
            answer = ask("GET", paths[row.name])
        assert sign_of(answer) in CLOSED, answer.status_code

    every.each(lost, attempt)


@pytest.fixture(autouse=True)
def _any_state_of_before(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.test.client import RequestFactory

    base = RequestFactory._base_environ  # type: ignore[attr-defined]

    def environ(self: RequestFactory, **request: object) -> dict[str, object]:
        given: dict[str, object] = base(self, **request)
        return given | {"HTTP_IF_NONE_MATCH": "*"}

    monkeypatch.setattr(RequestFactory, "_base_environ", environ)


def test_a_clerk_who_is_a_member_elsewhere_now(scene: Scene) -> None:
    asks = callers(scene)
    chafik = person("chafik")
    User.objects.filter(username="amina").update(duty=chafik.duty, clearance=chafik.clearance)
    Membership.objects.create(user=person("amina"), department=department("SI"), role="member")
    opens_no_more(scene, asks["C"], was="C", now="O")


def test_a_head_who_is_a_member_elsewhere_now(scene: Scene) -> None:
    asks = callers(scene)
    User.objects.filter(username="dounia").update(clearance=person("chafik").clearance)
    Absence.objects.update(ended_at=timezone.now())  # of others for whom she stands in
    Membership.objects.filter(user__username="dounia").update(
        department=department("SI"), role="member"
    )
    opens_no_more(scene, asks["H"], was="H", now="O")


def test_an_administrator_whose_access_ended(scene: Scene) -> None:
    asks = callers(scene)
    assert sign_of(asks["M"]("GET", "/administration/")) == "+"
    end_access(person("admin"), actor=None, reason="command")
    User.objects.filter(username="admin").update(is_active=False)
    opens_no_more(scene, asks["M"], was="M", now="n")


def test_a_partner_whose_key_is_revoked(scene: Scene) -> None:
    ask, letters = callers(scene)["P"], "/api/v1/partner/letters"
    with undone():
        assert sign_of(ask("POST", letters)) == "+"
    revoke_key(PartnerKey.objects.get().pk, actor=person("admin"))
    assert sign_of(ask("POST", letters)) == "-"


def test_a_token_that_is_revoked(scene: Scene) -> None:
    asks = callers(scene)
    ApiToken.objects.update(revoked_at=timezone.now())
    opens_no_more(scene, asks["T"], was="T", now="n")


def test_a_token_of_who_is_a_member_elsewhere_now(scene: Scene) -> None:
    ask, letter = callers(scene)["T"], scene.case.letter
    search = f"/api/v1/search?q={letter.number}"
    drain("letter.index")
    assert str(letter.pk) in ask("GET", search).content.decode()
    User.objects.filter(username="amina").update(duty="member", clearance=0)
    Membership.objects.create(user=person("amina"), department=department("SI"), role="member")
    answer = ask("GET", search)
    assert answer.status_code == 200
    assert str(letter.pk) not in answer.content.decode()
