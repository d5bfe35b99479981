"""The directory: who is proposed for a letter, how surely, and what a person keeps."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.contacts import directory as contacts
from registry.contacts.directory import BadContactError, propose_contacts
from registry.contacts.search import find_contacts
from registry.models.contacts import ContactEvent, ContactKey
from registry.states import ConflictError
from tests.registry.contacts import contact

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("known", "asked"),
    [
        ({"email": "m.alaoui@example.org"}, {"email": "M.Alaoui@Example.org "}),
        ({"phone": "+212 6 12 34 56 78"}, {"phone": "٠٦ ١٢ ٣٤ ٥٦ ٧٨"}),
        ({"customer": "00123456"}, {"customer_number": "123-456"}),
    ],
)
def test_an_identifier_and_the_name_are_sure(known: dict[str, str], asked: dict[str, Any]) -> None:
    alaoui = contact("محمد العلوي", **known)
    contact("Karim Tahiri", email="autre@example.org", phone="0699999999", customer="999999")

    (match, *_others) = propose_contacts(name="Mohamed ALAOUI", limit=5, **asked)

    assert match.contact == alaoui
    assert match.automatic
    assert match.score > 0.95
    assert "name" in match.reasons


def test_an_identifier_alone_is_for_a_person_to_judge() -> None:
    contact("Mohamed Alaoui", phone="0612345678")

    (unnamed,) = propose_contacts(phone="0612345678")
    (other,) = propose_contacts(name="Naima Berrada", phone="0612345678")

    assert not unnamed.automatic
    assert not other.automatic
    assert other.score < unnamed.score
    assert "name_differs" in other.reasons


def test_a_name_alone_is_never_sure_and_the_town_helps() -> None:
    contact("Mohamed Alaoui", address="3 rue Zerktouni, Azemmour")
    here = contact("Mohammed Alaoui", address="12 rue des Amandiers, El Jadida")

    found = propose_contacts(name="محمد العلوي", address="حي السلام، الجديدة")

    assert found[0].contact == here
    assert "town" in found[0].reasons
    assert not any(match.automatic for match in found)


def test_two_who_agree_in_everything_are_for_a_person() -> None:
    contact("Mohamed Alaoui", phone="0612345678")
    contact("Mohammed El Alaoui", phone="0612345678")

    found = propose_contacts(name="Mohamed Alaoui", phone="0612345678")

    assert len(found) == 2
    assert not any(match.automatic for match in found)


def test_a_phone_that_many_share_tells_little() -> None:
    for name in ("Karim Tahiri", "Naima Berrada", "Hassan Bennani", "Amina Skalli", "Omar Tazi"):
        contact(name, phone="0523340000")

    found = propose_contacts(phone="0523340000")

    assert all("shared" in match.reasons and match.score < 0.5 for match in found)


def test_a_misread_word_still_finds_its_contact() -> None:
    tahiri = contact("Abderrahim Tahiri")

    assert propose_contacts(name="Abderrahin Tahiri")[0].contact == tahiri


def test_organisations_meet_across_languages() -> None:
    commune = contact("Commune d'El Jadida", kind="organisation")
    contact("Province d'El Jadida", kind="organisation")

    found = propose_contacts(organisation="جماعة الجديدة")

    assert [match.contact for match in found] == [commune]


def test_nothing_known_proposes_nobody() -> None:
    contact()

    assert propose_contacts() == []
    assert propose_contacts(name="؟؟", phone="-", email="x") == []


def test_proposing_asks_the_database_a_fixed_number_of_times() -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            propose_contacts(name="Mohamed Alaoui", email="a@example.org", phone="0612345678")
        return len(caught)

    contact("Mohamed Alaoui", email="a@example.org")
    few = queries()
    for number in range(15):
        contact("Mohamed Alaoui", phone=f"06123456{number:02d}")

    assert queries() == few


def test_editing_moves_the_keys_and_says_who_was_faster(amina: Any) -> None:
    row = contact("Mohamed Alaoui")
    version = row.version

    contacts.edit_contact(row, actor=amina, changes={"name": "Karim Tahiri"}, version=version)

    assert propose_contacts(name="كريم الطاهري")[0].contact == row
    assert propose_contacts(name="محمد العلوي") == []
    with pytest.raises(ConflictError):
        contacts.edit_contact(row, actor=amina, changes={"name": "X"}, version=version)


def test_what_was_done_is_kept_without_the_values(amina: Any) -> None:
    row = contact("Mohamed Alaoui", phone="0612345678")
    point = row.points.get()
    contacts.verify_point(point, actor=amina)
    contacts.edit_contact(row, actor=amina, changes={"notes": "Appeler"}, version=1)
    contacts.remove_point(point, actor=amina)

    events = list(ContactEvent.objects.filter(contact=row).order_by("pk"))

    assert [event.kind for event in events] == ["created", "verified", "edited", "forgot"]
    assert "0612" not in str([event.data for event in events])
    assert propose_contacts(phone="0612345678") == []


def test_a_verified_mark_says_who_looked(amina: Any) -> None:
    point = contacts.verify_point(contact(email="a@example.org").points.get(), actor=amina)

    assert point.verified_by == amina
    assert point.verified_at


@pytest.mark.parametrize(
    ("kind", "value"), [("email", "nobody"), ("phone", "abc"), ("customer", "-"), ("fax", "1")]
)
def test_a_point_must_be_what_it_says(kind: str, value: str, amina: Any) -> None:
    with pytest.raises(BadContactError):
        contacts.add_point(contact(), kind=kind, value=value, actor=amina)


def test_the_same_point_is_kept_once(amina: Any) -> None:
    row = contact(phone="0612345678")

    contacts.add_point(row, kind="phone", value="+212612345678", actor=amina)

    assert row.points.count() == 1


def test_a_contact_needs_a_name() -> None:
    with pytest.raises(BadContactError):
        contact("  ")


@pytest.mark.parametrize("words", ["العلوي", "Mohamed Alaoui", "alaoui", "0612345678", "moham"])
def test_the_directory_is_searched_by_spelling_phone_and_beginning(words: str) -> None:
    alaoui = contact("Mohamed Alaoui", phone="0612345678")
    contact("Karim Tahiri", phone="0612345679")

    assert list(find_contacts(words)) == [alaoui]


def test_keys_of_a_contact_stay_bounded() -> None:
    row = contact(" ".join(["Mohamed Amine El Alaoui El Idrissi Ben Ali Lahcen Tazi"] * 3))

    assert ContactKey.objects.filter(contact=row).count() <= 80
