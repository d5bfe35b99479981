"""The fields of templates: what each stands for, and its value for a letter and an addressee."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from hijridate import Gregorian

from correspondence.answers.addressees import AddresseeData, to_sender
from org.institution import name_on
from org.models import Department, Membership, User
from org.written_days import date_format
from registry.models.letters import Letter

FIELDS: Final[dict[str, Any]] = {
    "number": _("Number of the letter that is answered"),
    "received_on": _("Day on which it came in"),
    "letter_date": _("Date that it bears"),
    "reference": _("Reference of its sender"),
    "subject": _("Subject"),
    "kind": _("Kind of the letter that is answered"),
    "sender_name": _("Name of who wrote it"),
    "sender_organisation": _("Organisation of who wrote it"),
    "sender_address": _("Address of who wrote it"),
    "sender_email": _("E-mail of who wrote it"),
    "recipient_name": _("Name of the addressee"),
    "recipient_organisation": _("Organisation of the addressee"),
    "recipient_address": _("Address of the addressee"),
    "recipient_email": _("E-mail of the addressee"),
    "recipient_phone": _("Phone of the addressee"),
    "organisation": _("Name of our organisation"),
    "department": _("Department that writes"),
    "department_code": _("Code of that department"),
    "today": _("Today, 25/11/2026"),
    "today_in_words": _("Today in words"),
    "today_hijri": _("Today by the Hijri calendar, 15/6/1448"),
    "author": _("Who drafts the letter"),
    "signatory": _("Head of the department"),
}

_SHOWN: Final = re.compile(r"\{\{-?\s*([a-z_]+)\s*-?\}\}")
_ASKED: Final = re.compile(r"\{%-?\s*(?:el)?if\b[^%]*%\}")

SAMPLES: Final[dict[str, dict[str, str]]] = {
    "ar": {
        "subject": "طلب إصلاح تسرب للماء",
        "sender_name": "كريم الطاهري",
        "sender_organisation": "",
        "sender_address": "12، زنقة البرتقال، الرباط",
        "kind": "طلب",
    },
    "fr": {
        "subject": "Fuite d'eau rue des Orangers",
        "sender_name": "Karim Tahiri",
        "sender_organisation": "",
        "sender_address": "12, rue des Orangers, Rabat",
        "kind": "Demande",
    },
    "en": {
        "subject": "Water leak in rue des Orangers",
        "sender_name": "Karim Tahiri",
        "sender_organisation": "",
        "sender_address": "12, rue des Orangers, Rabat",
        "kind": "Request",
    },
}


def lacking_in(text: str, values: Mapping[str, str]) -> tuple[str, ...]:
    """Return the fields that the text shows where they have no value: each leaves a hole.

    One that a condition asks for, or that has a filter ("default"), leaves none.
    """
    asked = {word for condition in _ASKED.findall(text) for word in re.findall(r"\w+", condition)}
    shown = dict.fromkeys(_SHOWN.findall(text))
    return tuple(name for name in shown if name not in asked and not values.get(name, "x"))


def values_for(
    *,
    department: Department,
    author: User | None,
    language: str,
    letter: Letter | None = None,
    to: AddresseeData | None = None,
    subject: str = "",
) -> dict[str, str]:
    """Return every field's value, "" where there is none; `to` defaults to the letter's sender."""
    sender = to_sender(letter) if letter else None
    values = dict.fromkeys(FIELDS, "")
    if letter:
        values |= {
            "number": letter.number,
            "received_on": _day(timezone.localtime(letter.received_at).date()),
            "letter_date": _day(letter.document_date),
            "reference": letter.external_reference,
            "kind": str(getattr(letter.kind, f"name_{language}", "") if letter.kind else ""),
        }
    values |= {
        "subject": subject or (letter.subject if letter else ""),
        **_person("sender", sender),
        **_person("recipient", to or sender),
        **_office_fields(department, author, language),
    }
    return values


def sample_values(*, department: Department, author: User | None, language: str) -> dict[str, str]:
    """Return the values of a fictitious letter, for a preview."""
    sample = SAMPLES[language]
    to = AddresseeData(
        name=sample["sender_name"], address=sample["sender_address"], email="karim@client.example"
    )
    return {
        **values_for(department=department, author=author, language=language, to=to),
        **_person("sender", to),
        **sample,
        "number": f"{timezone.localdate().year}/IN/000123",
        "received_on": _day(timezone.localdate()),
        "letter_date": _day(timezone.localdate()),
        "reference": "KT/17",
    }


def _office_fields(department: Department, author: User | None, language: str) -> Mapping[str, str]:
    """Return the fields of the writing department, the office and the date."""
    today = timezone.localdate()
    hijri = Gregorian.fromdate(today).to_hijri()
    heads = Membership.objects.filter(department=department, role=Membership.Role.HEAD)
    head = heads.filter(user__is_active=True).select_related("user").order_by("pk").first()
    with override(language):
        in_words = date_format(today, "j F Y")
    return {
        "organisation": name_on(language=language),
        "department": str(getattr(department, f"name_{language}")),
        "department_code": department.code,
        "today": _day(today),
        "today_in_words": in_words,
        "today_hijri": f"{hijri.day}/{hijri.month}/{hijri.year}",
        "author": author.shown_name if author else "",
        "signatory": head.user.shown_name if head else "",
    }


def _person(who: str, to: AddresseeData | None) -> dict[str, str]:
    names = ["name", "organisation", "address", "email"]
    names += ["phone"] if who == "recipient" else []
    return {f"{who}_{name}": getattr(to, name) if to else "" for name in names}


def _day(day: date | None) -> str:
    return day.strftime("%d/%m/%Y") if day else ""
