"""The demo office's rules as data: where letters go, and by when they are answered.

Loading is harmless to repeat and changes nothing that an administrator has edited. Figures without
a law behind them are the office's own standard, to be confirmed by its administrator.
"""

from dataclasses import asdict, dataclass

from django.db import transaction

from routing.models.clocks import DeadlineRule
from routing.models.rules import RoutingRule
from routing.rules.editing import create_rule
from routing.rules.format import Lists

_SIMPLIFY = (
    "القانون 55-19 المتعلق بتبسيط المساطر والإجراءات الإدارية",
    "Loi n° 55-19 relative à la simplification des procédures administratives",
    "Law 55-19 on the simplification of administrative procedures",
)
_COMPLAINTS = (
    "المرسوم رقم 2-17-265 المتعلق بتلقي ملاحظات المرتفقين واقتراحاتهم وتتبع شكاياتهم",
    "Décret n° 2-17-265 relatif aux réclamations des usagers",
    "Decree 2-17-265 on users' complaints",
)
_INFORMATION = (
    "القانون 31-13 المتعلق بالحق في الحصول على المعلومات",
    "Loi n° 31-13 relative au droit d'accès à l'information",
    "Law 31-13 on the right of access to information",
)
_HOUSE = ("معيار داخلي للإدارة", "Norme interne de l'office", "The office's own standard")

# kind, days, unit, basis
DEADLINES = [
    ("request", 60, "calendar", _SIMPLIFY),
    ("complaint_technical", 60, "calendar", _COMPLAINTS),
    ("complaint_commercial", 60, "calendar", _COMPLAINTS),
    ("suggestion", 60, "calendar", _COMPLAINTS),
    ("enquiry", 20, "working", _INFORMATION),
    ("administrative", 15, "working", _HOUSE),
    ("legal_notice", 10, "working", _HOUSE),
    ("invoice", 60, "calendar", _HOUSE),
    ("reminder", 10, "working", _HOUSE),
    ("application", 30, "calendar", _HOUSE),
]


@dataclass(frozen=True, slots=True)
class _Rule:
    title: str
    department: str
    position: int
    kind: str = ""
    words: str = ""
    least_score: float | None = None
    automatic: bool = True


# Public danger goes before all else, in whatever way it is said.
_DANGER = """\
سلك كهربائي ساقط
سلك كهربائي عار
عمود كهربائي مائل
خطر الصعق
fil électrique dénudé
câble électrique tombé
poteau électrique penché
poteau électrique incliné
risque électrocution
danger électrocution"""

RULES = [
    _Rule("Danger électrique · خطر كهربائي", "ELEC", 10, words=_DANGER),
    _Rule("Acte juridique · وثيقة قضائية", "JUR", 20, kind="legal_notice"),
    _Rule("Candidature · طلب شغل أو تدريب", "RH", 30, kind="application"),
    _Rule("Facture fournisseur · فاتورة ممون", "FIN", 30, kind="invoice"),
    _Rule("Offre ou devis · عرض أثمان", "ACH", 30, kind="quotation"),
    _Rule("Appel d'offres · طلب عروض", "ACH", 30, kind="tender"),
]
# Where the model is sure of the department by itself (its own threshold holds as well).
BELIEVED = [
    "EAU",
    "ELEC",
    "ASS",
    "COM",
    "REC",
    "CPT",
    "BRT",
    "TRX",
    "ACH",
    "JUR",
    "RH",
    "FIN",
    "SI",
]
PROPOSED = ["DG", "BO"]  # a person looks at what concerns the management or the office itself
LEAST_SCORE = 0.6
# What the laws grant once, with a reason; a request is counted from the day its file is complete.
EXTENSIONS = {"request": 30, "enquiry": 20}
FROM_COMPLETE = {"request"}


def load_defaults() -> None:
    """Load the demo office's routing and deadline rules, each only where it is missing.

    Departments and kinds that the office does not have are skipped.
    """
    with transaction.atomic():
        titles = set(RoutingRule.objects.values_list("title", flat=True))
        lists = Lists.load()
        for rule in [*RULES, *_believed()]:
            known = rule.department in lists.departments and rule.kind in ("", *lists.kinds)
            if known and rule.title not in titles:
                create_rule(actor=None, given=asdict(rule), lists=lists, position=rule.position)
        for code, days, unit, (ar, fr, en) in DEADLINES:
            if code in lists.kinds:
                figures = {
                    "days": days,
                    "unit": unit,
                    "extension_days": EXTENSIONS.get(code, 0),
                    "basis_ar": ar,
                    "basis_fr": fr,
                    "basis_en": en,
                    "start_from": "complete" if code in FROM_COMPLETE else "received",
                }
                DeadlineRule.objects.get_or_create(
                    kind=lists.kinds[code], department=None, clock="legal", defaults=figures
                )


def _believed() -> list[_Rule]:
    return [
        _Rule(
            f"Reconnu : {code} · تعرف آلي",
            code,
            200,
            least_score=LEAST_SCORE,
            automatic=code in BELIEVED,
        )
        for code in [*BELIEVED, *PROPOSED]
    ]
