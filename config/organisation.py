"""The demo organisation: a water, electricity and sewage distributor, as data.

Loading is harmless to repeat and changes nothing that an administrator has edited.
"""

from datetime import date
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction

from eservices.relations.models import Team
from org.calendar import propose_year
from org.institution import keep_institution
from org.models import Department, Institution, LetterKind, Level, Membership, ThreeNames, User
from org.starting import starting_kinds, starting_registers, starting_set
from registry.book.number_formats import save_format
from registry.models.number_formats import KnownFormat
from registry.models.registers import Register

DEMO_PASSWORD = "sijill-demo-2026"  # noqa: S105 - printed beside the demo log-ins

# code, Arabic, French, English
DEPARTMENTS = [(row.code, row.ar, row.fr, row.en) for row in starting_set("utility").departments]
KINDS = [(row.code, row.ar, row.fr, row.en) for row in starting_kinds()]
REGISTERS = [(row.code, row.of, row.ar, row.fr, row.en) for row in starting_registers()]
# user name, first and last name, duty, clearance, memberships
PEOPLE: list[tuple[str, str, str, str, int, list[tuple[str, str]]]] = [
    ("amina", "Amina", "Tazi", "clerk", Level.ORDINARY, [("BO", "member")]),
    ("badr", "Badr", "Lahlou", "member", Level.ORDINARY, [("EAU", "member")]),
    ("dounia", "Dounia", "Rahmani", "member", Level.ORDINARY, [("EAU", "head")]),
    ("chafik", "Chafik", "Ouali", "member", Level.ORDINARY, [("SI", "member")]),
    ("ghita", "Ghita", "Alami", "member", Level.ORDINARY, [("COM", "member")]),
    ("rachid", "Rachid", "Naciri", "member", Level.ORDINARY, [("REC", "member")]),
    ("samira", "Samira", "Bouzid", "member", Level.ORDINARY, [("REC", "head")]),
    ("mehdi", "Mehdi", "Chraibi", "member", Level.ORDINARY, [("CPT", "member")]),
    ("direction", "Nadia", "Berrada", "director", Level.SECRET, [("DG", "head")]),
    ("audit", "Hamid", "Senhaji", "auditor", Level.CONFIDENTIAL, []),
    ("archives", "Latifa", "Bennis", "archivist", Level.SECRET, []),
    ("admin", "Salma", "Idrissi", "administrator", Level.ORDINARY, []),
]
# code, department, members, Arabic, French, English
TEAMS: list[tuple[str, str, list[str], str, str, str]] = [
    ("EAU-1", "EAU", ["badr"], "فرقة الماء 1", "Équipe eau 1", "Water team 1"),
    ("ELEC-1", "ELEC", [], "فرقة الكهرباء 1", "Équipe électricité 1", "Electricity team 1"),
    ("ASS-1", "ASS", [], "فرقة التطهير 1", "Équipe assainissement 1", "Sewage team 1"),
]


# format, whose numbers: a letter that quotes one quotes one of ours
NUMBER_FORMATS: list[tuple[str, str]] = [
    ("{serial}/م.ض/{year}", "مكتب الضبط، قبل السجل الرقمي"),
    ("{serial}/BO/{year}", "Bureau d’ordre, avant le registre numérique"),
    ("{serial}/{department}/{year}", "Les services, numéro d’envoi"),
    ("{department}/{serial}/{year}", "Les services, ancienne numérotation"),
    ("{serial}/م.ت/{year}", "مصلحة التحصيل"),
]


def load_number_formats() -> None:
    """Load formats of the office's other numbers, where there is none."""
    if not KnownFormat.objects.exists():
        for pattern, desk in NUMBER_FORMATS:
            save_format({"pattern": pattern, "desk": desk, "active": True}, actor=None)


def load_organisation() -> None:
    """Load departments, kinds, registers and people, each only where it is missing."""
    with transaction.atomic():
        _named(Department, DEPARTMENTS)
        Department.objects.filter(code="BO").update(head_office=True)
        _named(LetterKind, KINDS)
        for code, direction, *names in REGISTERS:
            pattern = "{year}/{register}/{serial:06d}"
            Register.objects.get_or_create(
                code=code, defaults=_names(names) | {"direction": direction, "pattern": pattern}
            )
        _load_people(DEMO_PASSWORD)
        _load_teams()


def _load_teams() -> None:
    for code, department, members, *names in TEAMS:
        if not Team.objects.filter(code=code).exists():
            unit = Department.objects.get(code=department)
            team = Team.objects.create(code=code, department=unit, **_names(names))
            team.members.set(User.objects.filter(username__in=members))


INSTITUTION = {
    "name_ar": "الموزع العمومي للماء والكهرباء (نموذج)",
    "name_fr": "Distributeur public d’eau et d’électricité (démonstration)",
    "name_en": "Public water and electricity distributor (demonstration)",
    "address_ar": "1، شارع النموذج",
    "address_fr": "1, avenue de la Démonstration",
    "address_en": "1 Demonstration Avenue",
    "hours_ar": "من الاثنين إلى الجمعة، من 8:30 إلى 16:30",
    "hours_fr": "du lundi au vendredi, de 8 h 30 à 16 h 30",
    "hours_en": "Monday to Friday, 8:30 to 16:30",
}


def load_institution() -> None:
    """Give the demo a name of its own, where no institution is named."""
    if not Institution.objects.exists():
        keep_institution(INSTITUTION, actor=None, valid_from=date(2020, 1, 1))


def _names(names: list[str]) -> dict[str, Any]:
    return dict(zip(("name_ar", "name_fr", "name_en"), names, strict=True))


def _named(model: type[ThreeNames], rows: list[tuple[str, str, str, str]]) -> None:
    for position, (code, *names) in enumerate(rows):
        defaults = _names(names) | {"position": position}
        model._default_manager.get_or_create(code=code, defaults=defaults)


def _load_people(password: str) -> None:
    present = set(User.objects.values_list("username", flat=True))
    missing = [person for person in PEOPLE if person[0] not in present]
    hashed = make_password(password) if missing else ""
    for username, first, last, duty, clearance, memberships in missing:
        user = User.objects.create(
            username=username,
            first_name=first,
            last_name=last,
            duty=duty,
            clearance=clearance,
            password=hashed,
            email=f"{username}@sijill.example",
        )
        for code, role in memberships:
            department = Department.objects.get(code=code)
            Membership.objects.create(user=user, department=department, role=role)


def load_calendar(*, year: int) -> None:
    """Propose Morocco's holidays of a year and the next; religious ones await confirmation."""
    for each in (year, year + 1):
        propose_year(each)
