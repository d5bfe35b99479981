"""The demo organisation: a water, electricity and sewage distributor, as data.

Loading is harmless to repeat and changes nothing that an administrator has edited.
"""

from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction

from org.calendar import propose_year
from org.models import Department, LetterKind, Level, Membership, ThreeNames, User
from registry.models.registers import Register

DEMO_PASSWORD = "sijill-demo-2026"  # noqa: S105 - printed beside the demo log-ins

# code, Arabic, French, English
DEPARTMENTS = [
    ("DG", "الإدارة العامة", "Direction générale", "General management"),
    ("BO", "مكتب الضبط", "Bureau d'ordre", "Registry office"),
    ("EAU", "مصلحة الماء", "Exploitation eau", "Water operations"),
    ("ELEC", "مصلحة الكهرباء", "Exploitation électricité", "Electricity operations"),
    ("ASS", "مصلحة التطهير السائل", "Assainissement", "Sewage"),
    ("COM", "مصلحة الزبناء والفوترة", "Clientèle et facturation", "Customers and billing"),
    ("REC", "مصلحة التحصيل", "Recouvrement", "Collection"),
    ("CPT", "مصلحة العدادات والقراءة", "Compteurs et relève", "Meters and readings"),
    (
        "BRT",
        "مصلحة الربط والاشتراك",
        "Branchements et abonnements",
        "Connections and subscriptions",
    ),
    ("TRX", "مصلحة الأشغال والرخص", "Travaux et autorisations", "Works and permits"),
    ("ACH", "مصلحة المشتريات والصفقات", "Achats et marchés", "Procurement"),
    ("JUR", "المصلحة القانونية", "Service juridique", "Legal affairs"),
    ("RH", "الموارد البشرية", "Ressources humaines", "Human resources"),
    ("FIN", "المالية والمحاسبة", "Finances et comptabilité", "Finance and accounts"),
    ("SI", "نظم المعلومات", "Systèmes d'information", "Information systems"),
]
KINDS = [
    ("request", "طلب", "Demande", "Request"),
    ("complaint_technical", "شكاية تقنية", "Réclamation technique", "Technical complaint"),
    ("complaint_commercial", "شكاية تجارية", "Réclamation commerciale", "Commercial complaint"),
    ("enquiry", "استفسار", "Demande de renseignement", "Enquiry"),
    ("suggestion", "اقتراح", "Suggestion", "Suggestion"),
    ("administrative", "مراسلة إدارية", "Courrier administratif", "Administrative letter"),
    ("legal_notice", "وثيقة قضائية", "Acte juridique", "Legal notice"),
    ("invoice", "فاتورة ممون", "Facture fournisseur", "Supplier's invoice"),
    ("quotation", "عرض أثمان", "Offre ou devis", "Quotation"),
    ("tender", "طلب عروض، صفقة", "Appel d'offres, marché", "Tender"),
    ("application", "طلب شغل أو تدريب", "Candidature", "Application"),
    ("reminder", "تذكير", "Relance", "Reminder"),
    ("circular", "دورية أو مذكرة", "Circulaire ou note", "Circular"),
    ("other", "مراسلة أخرى", "Autre", "Other"),
]
REGISTERS = [
    ("IN", "in", "سجل الواردات", "Registre d'arrivée", "Incoming register"),
    ("OUT", "out", "سجل الصادرات", "Registre de départ", "Outgoing register"),
    ("INT", "internal", "سجل المراسلات الداخلية", "Registre interne", "Internal register"),
    ("PV", "minutes", "محاضر الإلغاء", "Procès-verbaux d'annulation", "Minutes of voiding"),
]
# user name, first and last name, duty, clearance, memberships
PEOPLE: list[tuple[str, str, str, str, int, list[tuple[str, str]]]] = [
    ("amina", "Amina", "Tazi", "clerk", Level.ORDINARY, [("BO", "member")]),
    ("badr", "Badr", "Lahlou", "member", Level.ORDINARY, [("EAU", "member")]),
    ("dounia", "Dounia", "Rahmani", "member", Level.ORDINARY, [("EAU", "head")]),
    ("chafik", "Chafik", "Ouali", "member", Level.ORDINARY, [("SI", "member")]),
    ("direction", "Nadia", "Berrada", "director", Level.SECRET, [("DG", "head")]),
    ("audit", "Hamid", "Senhaji", "auditor", Level.CONFIDENTIAL, []),
    ("admin", "Salma", "Idrissi", "administrator", Level.ORDINARY, []),
]


def load_organisation(*, password: str | None = DEMO_PASSWORD) -> None:
    """Load departments, kinds, registers, people and calendar, each only where it is missing.

    With None as the password none of them can log in until one is set (`manage changepassword`).
    """
    with transaction.atomic():
        _named(Department, DEPARTMENTS)
        Department.objects.filter(code="BO").update(head_office=True)
        _named(LetterKind, KINDS)
        for code, direction, *names in REGISTERS:
            pattern = "{year}/{register}/{serial:06d}"
            Register.objects.get_or_create(
                code=code, defaults=_names(names) | {"direction": direction, "pattern": pattern}
            )
        _load_people(password)


def _names(names: list[str]) -> dict[str, Any]:
    return dict(zip(("name_ar", "name_fr", "name_en"), names, strict=True))


def _named(model: type[ThreeNames], rows: list[tuple[str, str, str, str]]) -> None:
    for position, (code, *names) in enumerate(rows):
        defaults = _names(names) | {"position": position}
        model._default_manager.get_or_create(code=code, defaults=defaults)


def _load_people(password: str | None) -> None:
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
