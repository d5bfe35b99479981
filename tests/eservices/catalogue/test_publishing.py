"""Versions of a service: append-only, never two published at once, each read once."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from eservices.catalogue.models import ServiceType, ServiceTypeVersion
from eservices.catalogue.publishing import (
    OverlapError,
    definition_of,
    keep_version,
    publish,
    published,
    published_types,
    withdraw,
)
from org.models import OrgChange, User
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError
from tests.eservices.office import content_of, kept, published_type

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def other_title(text: str) -> dict[str, str]:
    return {"ar": text, "fr": text, "en": text}


def test_the_same_content_makes_no_version_and_another_one_does() -> None:
    first = published_type().version
    assert kept(content_of()) == first
    second = kept(content_of(title=other_title("Fuite")))
    assert (second.version, second.published_from) == (first.version + 1, None)
    first.refresh_from_db()
    assert first.content == content_of()


def test_a_person_who_edited_an_older_version_is_told(admin: User) -> None:
    content = content_of(title=other_title("Fuite"))
    keep_version(content, actor=admin, seen=1)
    with pytest.raises(ConflictError):
        keep_version(content_of(title=other_title("Autre")), actor=admin, seen=1)


def test_a_new_version_succeeds_the_one_that_was_open(admin: User) -> None:
    old = published_type().version
    start = timezone.now() + DAY
    new = publish(kept(content_of(title=other_title("Demain"))), actor=admin, start=start)
    old.refresh_from_db()
    assert old.published_to == start
    today, then = published("complaint_water"), published("complaint_water", at=start)
    assert today
    assert today.version == old
    assert then
    assert then.version == new
    assert then.definition.title.fr == "Demain"


def test_overlapping_publications_are_refused(admin: User) -> None:
    now = timezone.now()
    second = kept(content_of(title=other_title("Deux")))
    publish(second, actor=admin, start=now + 2 * DAY, end=now + 5 * DAY)
    third = kept(content_of(title=other_title("Trois")))
    for start, end in ((now, None), (now + DAY, now + 3 * DAY)):
        with pytest.raises(OverlapError):
            publish(third, actor=admin, start=start, end=end)
    with pytest.raises(OverlapError) as told:
        publish(third, actor=admin, start=now + 3 * DAY, end=now + 9 * DAY)
    assert told.value.version == second
    assert publish(third, actor=admin, start=now + 5 * DAY).published_to is None


def test_what_is_withdrawn_is_gone_and_can_come_back(admin: User) -> None:
    version = published_type().version
    withdraw(version, actor=admin)
    assert published("complaint_water") is None
    assert "complaint_water" not in [one.code for one in published_types()]
    with pytest.raises(ConflictError):
        withdraw(version, actor=admin)
    publish(version, actor=admin)
    assert published_type().version == version


def test_a_publication_that_has_not_begun_is_a_draft_again(admin: User) -> None:
    later = kept(content_of(title=other_title("Plus tard")))
    publish(later, actor=admin, start=timezone.now() + DAY)
    assert withdraw(later, actor=admin).published_from is None


def test_a_time_that_ends_before_it_starts_is_refused(admin: User) -> None:
    version, now = kept(content_of(title=other_title("Deux"))), timezone.now()
    with pytest.raises(NotAllowedError):
        publish(version, actor=admin, start=now + 2 * DAY, end=now + DAY)


def test_only_administrators_keep_and_publish(amina: User) -> None:
    version = published_type().version
    with pytest.raises(NotAllowedError):
        keep_version(content_of(position=3), actor=amina)
    with pytest.raises(NotAllowedError):
        withdraw(version, actor=amina)
    with pytest.raises(NotAllowedError):
        publish(version, actor=amina)


def test_who_published_stands_in_the_history(admin: User) -> None:
    version = keep_version(content_of(position=3), actor=admin, note="shorter")
    publish(version, actor=admin)
    rows = OrgChange.objects.filter(noun="service", key="complaint_water")
    told = [(row.action, row.after["version"], row.actor) for row in rows]
    assert told == [("published", "2", admin), ("ended", "1", admin), ("version", "2", admin)]
    assert ServiceType.objects.get(code="complaint_water").position == 3


def test_the_catalogue_is_read_with_one_query(django_assert_num_queries: Any) -> None:
    published_types()
    with django_assert_num_queries(1):
        found = published_types()
    assert "complaint_water" in [one.code for one in found]
    again = ServiceTypeVersion.objects.get(pk=found[0].version.pk)
    assert definition_of(again) is found[0].definition


def test_a_type_that_cannot_be_read_does_not_close_the_others() -> None:
    broken = published_type().version
    ServiceTypeVersion.objects.filter(pk=broken.pk).update(content={}, digest="broken")
    assert "complaint_water" not in [one.code for one in published_types()]
