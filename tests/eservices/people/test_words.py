"""Words that name two things in one language are told apart in another."""

import pytest
from django.utils.translation import override

from eservices.catalogue.labels import KEYS
from eservices.people.models import Person


@pytest.mark.parametrize(
    ("language", "people", "services"), [("fr", "Famille", "Famille"), ("ar", "أسرة", "الفئة")]
)
def test_a_family_of_people_is_no_family_of_services(
    language: str, people: str, services: str
) -> None:
    with override(language):
        assert (str(Person.Kind.FAMILY.label), str(KEYS["family"])) == (people, services)
