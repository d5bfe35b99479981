"""What ships comes once, follows the program while the office leaves it alone, and no longer."""

import re
from pathlib import Path

import pytest
from django.core.management import call_command

from eservices.catalogue.loading import load_shipped, shipped_types
from eservices.catalogue.models import ServiceTypeVersion
from eservices.catalogue.publishing import keep_version, published, published_types, withdraw
from org.models import OrgChange, User
from tests.eservices.office import content_of, published_type

pytestmark = pytest.mark.django_db
FILE = Path("eservices/catalogue/types/complaint_water.toml")


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """A folder with one type, as a later program would bring it."""
    text = re.sub(r"position = \d+", "position = 931", FILE.read_text(encoding="utf-8"))
    (tmp_path / "complaint_water.toml").write_text(text)
    return tmp_path


def test_each_file_that_ships_is_published_under_its_name() -> None:
    codes = {one.code for one in published_types()}
    assert codes == set(shipped_types())
    assert not OrgChange.objects.filter(noun="service").exists()


def test_loading_again_changes_nothing() -> None:
    before = list(ServiceTypeVersion.objects.values())
    assert load_shipped() == 0
    assert list(ServiceTypeVersion.objects.values()) == before


def test_set_up_brings_the_services(db: None) -> None:
    ServiceTypeVersion.objects.all().delete()
    call_command("setup_office")
    assert published("complaint_water")


def test_a_newer_file_follows_where_the_office_changed_nothing(newer: Path) -> None:
    old = published_type().version
    assert load_shipped(folder=newer) == 1
    found = published_type()
    assert (found.version.version, found.definition.position) == (2, 931)
    old.refresh_from_db()
    assert old.published_to == found.version.published_from


def test_what_an_office_edited_stays(newer: Path, admin: User) -> None:
    keep_version(content_of(position=5), actor=admin)
    assert load_shipped(folder=newer) == 0


def test_what_an_office_withdrew_stays_withdrawn(newer: Path, admin: User) -> None:
    withdraw(published_type().version, actor=admin)
    assert load_shipped(folder=newer) == 1
    assert published("complaint_water") is None
