"""The institution has a name from a day on; earlier days keep theirs."""

import io
from datetime import date, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from email.utils import parseaddr
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import override
from PIL import Image

from org.errors import BadOrganisationError
from org.institution import (
    institution_on,
    keep_institution,
    keep_logo,
    mail_sender,
    name_on,
    office_name,
)
from org.models import Institution, User
from registry.paper import letterhead

pytestmark = pytest.mark.django_db
FIRST = {"name_ar": "الوكالة المستقلة", "name_fr": "Régie autonome"}
SECOND = {"name_ar": "الشركة الجهوية", "name_fr": "Société régionale"}


def png(size: tuple[int, int] = (900, 300), kind: str = "PNG") -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", size, "#0f5c63").save(out, kind)
    out.seek(0)
    return out


def test_each_day_has_the_name_that_was_valid_then(admin: User) -> None:
    keep_institution(FIRST, actor=admin, valid_from=date(2020, 1, 1))
    keep_institution(SECOND, actor=admin, valid_from=date(2024, 10, 1))

    assert name_on(date(2024, 9, 30), language="fr") == "Régie autonome"
    assert name_on(date(2024, 10, 1), language="fr") == "Société régionale"
    with override("ar"):
        assert office_name() == "الشركة الجهوية"


def test_a_name_is_one_line_or_no_mail_would_leave(admin: User) -> None:
    broken = "Régie\nBcc: a@evil.example\u202e"
    row = keep_institution(
        {**FIRST, "name_fr": broken, "short_name": "R\r\nX", "legal_fr": "Un\nDeux"},
        actor=admin,
        valid_from=date(2020, 1, 1),
    )
    assert (row.name_fr, row.short_name) == ("Régie Bcc: a@evil.example", "R X")
    assert row.legal_fr == "Un\nDeux"
    with override("fr"):
        written = EmailMessage(office_name(), "…", mail_sender(), ["a@house.example"])
        assert message_from_bytes(written.message().as_bytes())["Bcc"] is None


def test_a_planned_name_is_not_used_before_its_day(admin: User) -> None:
    today = timezone.localdate()
    keep_institution(FIRST, actor=admin, valid_from=today)
    keep_institution(SECOND, actor=admin, valid_from=today + timedelta(days=1))

    assert name_on(language="fr") == "Régie autonome"
    assert name_on(today + timedelta(days=1), language="fr") == "Société régionale"


def test_of_two_versions_of_a_day_the_later_written_counts(admin: User) -> None:
    for values in (FIRST, SECOND):
        keep_institution(values, actor=admin, valid_from=date(2024, 1, 1))

    found = institution_on()
    assert found is not None
    assert found.name_fr == "Société régionale"
    assert Institution.objects.count() == 2


def test_without_a_version_the_setting_names_the_office(settings: object) -> None:
    settings.ORGANISATION_NAME = "Maison"  # type: ignore[attr-defined]
    assert name_on() == office_name() == "Maison"
    settings.ORGANISATION_NAME = ""  # type: ignore[attr-defined]
    assert office_name() == "Bureau d’ordre"


def test_papers_carry_the_name_of_their_day(admin: User) -> None:
    logo = keep_logo(png())
    keep_institution(FIRST, actor=admin, valid_from=date(2020, 1, 1))
    keep_institution(SECOND, actor=admin, valid_from=date(2024, 10, 1), logo=logo)

    before, after = letterhead(date(2024, 9, 30)), letterhead(date(2024, 10, 1), language="ar")
    assert before["organisation_fr"] == "Régie autonome"
    assert before["logo"] == ""
    assert after["organisation"] == "الشركة الجهوية"
    assert after["logo"].startswith("data:image/png;base64,")


def test_versions_are_never_changed_or_removed(admin: User) -> None:
    keep_institution(FIRST, actor=admin, valid_from=date(2020, 1, 1))
    for attempt in (
        lambda: Institution.objects.update(name_fr="Autre"),
        lambda: Institution.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()


def test_both_names_are_needed(admin: User) -> None:
    with pytest.raises(BadOrganisationError) as told:
        keep_institution({"name_fr": "Régie"}, actor=admin, valid_from=date(2020, 1, 1))
    assert set(told.value.problems) == {"name_ar"}


def test_a_logo_is_drawn_anew_and_kept_once() -> None:
    first, second = keep_logo(png()), keep_logo(png())
    assert first.pk == second.pk
    with Image.open(io.BytesIO(bytes(first.content))) as kept:
        assert kept.format == "PNG"
        assert max(kept.size) == 512


@pytest.mark.parametrize(
    "content", [b"", b"<svg onload='x'/>", b"\x89PNG\r\n\x1a\nrubbish", b"GIF89a"]
)
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(BadOrganisationError):
        keep_logo(io.BytesIO(content))


@pytest.mark.parametrize("name", ["الشركة الجهوية متعددة الخدمات " * 6, 'Régie "Eau", S.A.', "Eau"])
@pytest.mark.parametrize("given", ["courrier@regie.example", "Greffe <courrier@regie.example>"])
def test_mails_are_from_the_institution_by_name(name: str, given: str, settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = given
    named = name.strip()
    values = {"name_ar": named, "name_fr": named}
    keep_institution(values, actor=None, valid_from=timezone.localdate())
    written = EmailMessage("s", "b", mail_sender(), ["a@b.example"]).message().as_bytes()

    # Decoded by the rules for words side by side, which Python's newer parser does not know.
    shown, address = parseaddr(message_from_bytes(written)["From"])

    assert address == "courrier@regie.example"
    assert str(make_header(decode_header(shown))) == (
        "Greffe" if given.startswith("Greffe") else named
    )
