"""What is typed, the letter it is typed for, and whether that letter must be found.

One row a case: (typed, fields of the letter, found). A plain string is the letter's text. Every
letter has a reader of its own, so a case sees its letter alone.
"""

import datetime
from typing import Any, Final

from tests.search.cases_of_names import NAMES

Case = tuple[str, str | dict[str, Any], bool]

ARABIC: Final[list[Case]] = [
    ("فاتورة", "نوافيكم بالفواتير المتأخرة", True),
    ("وبالفواتير", "هذه فاتورة الماء", True),
    ("عداد", "تعطلت عدّاداتهم منذ شهر", True),
    ("عدّاداتهم", "عداد واحد", True),
    ("المشترك", "إعلان للمشتركين الكرام", True),
    ("مشتركين", "صفة مشترك", True),
    ("شكاية", "توصلنا بشكايتكم", True),
    ("شكاوى", "هذه شكاية", True),
    ("رخصة", "أطلب رخصتي", True),
    ("رخص", "برخصة البناء", True),
    ("طلب", "بناء على طلبكم المؤرخ", True),
    ("طلبنا", "هذا طلب", True),
    ("عقد", "حسب عقدي معكم", True),
    ("العقود", "بموجب عقد الاشتراك", True),
    ("ديون", "أداء ديوني كاملة", True),
    ("الموظفين", "موظف بالوكالة", True),
    ("ملف", "مرفق بملفي", True),
    ("وثيقة", "رفقته وثائقي", True),
    ("زبون", "إلى زبنائنا الأوفياء", True),
    ("مجلس", "قررت المجالس المنتخبة", True),
    ("ترخيص", "نمنحه ترخيصا مؤقتا", True),
    ("مياه", "انقطاع الماء", True),
    ("إنقطاع", "انقطاعات متكررة", True),
    ("الأشغال", "بأشغال الحفر", True),
    ("مسؤول", "المسؤول عن المصلحة", True),
    ("على", "علي", True),
    ("بلدية", "لدى المصلحة", False),
    ("بريد", "نريد جوابا", False),
    ("قانون", "كانون الأول", False),
    ("ماء", "سماء زرقاء", False),
    ("گراج", "كراج السيارات", True),
    ("کهرباء", "كهرباء", True),  # the Persian kaf
    ("الكـــهرباء", "الكهرباء", True),
    ("كَهْرَبَاء", "الكهرباء", True),
    ("ﻛﻬﺮﺑﺎﺀ", "الكهرباء", True),
    ("لاشتراك", "اشتراكي رقم 12", True),
]
NUMBERS: Final[list[Case]] = [
    ("0661478219", "Tél. 0661-47-82-19", True),
    ("06.61.47.82.19", "tél 0661478219", True),
    ("+212 661 478 219", "الهاتف ٠٦٦١٤٧٨٢١٩", True),
    ("00212661478219", "Tél : 06 61 47 82 19", True),
    ("0537712233", "Tél. +212 (0)5 37-71-22-33", True),
    ("0661478218", "Tél. 0661-47-82-19", False),
    ("447 8123", "contrat 4478123", True),
    ("88451207", "police 88 451 207", True),
    ("12345678", "compteur 12-345-678", True),
    ("12 345 678", "compteur 12345678", True),
    ("12345679", "compteur 12-345-678", False),
    ("007810000123400056789122", "RIB 007 810 0001234000567891 22", True),
    ("MA64011519000001205000123456", "IBAN MA64 0115 1900 0001 2050 0012 3456", True),
    ("3276,45 DH", "la somme de 3 276,45 DH", True),
    ("3276.45", "la somme de 3.276,45 DH", True),
    ("١٨٤٥٫٦٠", "مبلغ 1.845,60 درهم", True),
    ("495120", "495 120,00 DH", True),
    ("7320 درهم", "مبلغ 7 320 درهم", True),
    ("20000", "20,000 meters", True),
    ("12345", "le 12, et 345 autres", False),
    ("contrat N°: 6678901", "contrat 6678901", True),
    ("عقد رقم: 4478123", "العقد ٤٤٧٨١٢٣", True),
    ("compteur -44556688", "compteur 44556688", False),
    ("compteur -44556688", "compteur 44556689", True),
    ("facture -fa-2025-00731", "facture FA-2025-00731", False),
    ("fuite -2023", "fuite de 2024", True),
    ("عداد - 30458812", "عداد رقم 30458812", True),
    ("عداد/30458812", "عداد رقم 30458812", True),
    ("bennani - 4 mars 2025", "M. Bennani, le 4 mars 2025", True),
    ("345 - DG - 2025", "Réf. 345/DG/2025", True),
    ("bc-2025-188", "bon de commande BC 2025/0188", True),
    ("bc-2025-189", "bon de commande BC 2025/0188", False),
    ("mardi 4 mars 2025", "Rabat, le 04/03/2025", True),
    ("يوم الثلاثاء 4 مارس 2025", "Rabat, le 04/03/2025", True),
    ("16 غشت 2025", "أيام 15 و16 و17 غشت 2025", True),
    ("10/12/2025", "mercredi 10 et jeudi 11 décembre 2025", True),
    ("mercredi 4 mars 2025", "Rabat, le 05/03/2025", False),
]
FRENCH: Final[list[Case]] = [
    ("electricite", "coupure d'électricité", True),
    ("ÉLECTRICITÉ", "coupure d'electricite", True),
    ("l'électricité", "électricité", True),
    ("abonné", "les abonnés de l’avenue", True),
    ("factures impayées", "une facture impayée", True),
    ("raccordements", "demande de raccordement", True),
    ("qu'une coupure", "coupure", True),
    ("aujourd'hui", "aujourd’hui la fuite", True),
    ("oeuvre", "main d’œuvre", True),
    ("reseau", "les réseaux d'eau", True),
    ("travaux", "travaux de voirie", True),
    ("eau-potable", "eau potable", True),
    ("eau", "un beau bateau", False),
    ("facture", "une fracture", False),
    ("meter reading", "the readings of our meters", True),
    ("connection", "new connections", True),
]
TYPOS: Final[list[Case]] = [
    ("assainissement", "asainissement", True),
    ("assainissement", "assainisment", True),
    ("ssainissement", "assainissement", True),  # the first letter lost
    ("xompteur", "compteur", True),  # the first letter wrong
    ("compteur", "cornpteur", True),  # rn read for m
    ("branchement", "brancnement", True),
    ("facture", "tacture", True),
    ("canalisation", "canalisat1on", True),  # the scan's fault is forgiven, a number's is not
    ("Benjeloun", "Benjelloun", True),
    ("الكهرباء", "الكهرياء", True),
    ("عداد", "العذاد", True),  # behind the article
    ("فاتورة", "فاتوزة", True),
    ("مسئول", "المسؤول عن المصلحة", True),
    ("الفاتورة", "الفاتوره", True),
    ("انقطاع", "لانفطاع الماء", True),
    ("eau", "cau", False),
    ("rue", "due", False),
    ("456789", "456788", False),
    ("BK123456", "BK123457", False),
    ("2025", "2026", False),
    ("débit", "dabat", False),
]
REFERENCES: Final[list[Case]] = [
    ("345 DG 2025", "votre lettre 345/DG/2025", True),
    ("345-DG-2025", "votre lettre 345/DG/2025", True),
    ("2025/DG/345", "votre lettre 345/DG/2025", True),
    ("DG/345/25", "votre lettre 345/DG/2025", True),
    ("n° 345/DG/2025", "votre lettre 0345 / DG / 2025", True),
    ("Réf. : 345/DG/2025", "345.DG.2025", True),
    ("345/DG/2025", "345/DG/2026", False),
    ("345/DG/2025", "346/DG/2025", False),
    ("345/DG/2025", "345/DT/2025", False),
    ("٣٤٥/م ع/٢٠٢٥", "مراسلتكم عدد 345/م ع/2025", True),
    ("345/م.ع/2025", "مراسلتكم عدد ٣٤٥/م ع/٢٠٢٥", True),
    ("2025/م ع/345", "مراسلتكم عدد ٣٤٥/م ع/٢٠٢٥", True),
    ("345 م ع 2025", "مراسلتكم عدد ٣٤٥/م ع/٢٠٢٥", True),
    ("رقم ۳۴۵/م ع/۲۰۲۵", "345/م ع/2025", True),  # Persian digits
    ("12-2025", "marché n° 12/2025", True),
    ("BK 123456", "CIN BK123456", True),
    ("bk123456", "CIN : BK 123456", True),
    ("FA-2025-118", {"reference": "FA/2025/0118"}, True),
    ("lettre 345/DG/2025 fuite", "fuite signalée par lettre 345-DG-2025", True),
]
DATES: Final[list[Case]] = [
    ("12/03/2026", "le 12 mars 2026", True),
    ("12 mars 2026", "le 12/03/2026", True),
    ("12.3.2026", "بتاريخ ١٢ مارس ٢٠٢٦", True),
    ("١٢ مارس ٢٠٢٦", "El Jadida, le 12-03-2026", True),
    ("2026-03-12", "March 12th, 2026", True),
    ("12 mars 2026", {"written_on": datetime.date(2026, 3, 12)}, True),
    ("12 mars 2026", "le 13 mars 2026", False),
    ("12/03/2026", "le 3 décembre 2026", False),
]
_SENT: Final = {"parties": "Mohamed Benkirane\nONEE", "sender": "Mohamed Benkirane"}
_TO: Final = {"parties": "بنكيران\nجماعة الجديدة", "recipients": "جماعة الجديدة"}
_DATED: Final = {
    "registered_on": datetime.date(2026, 3, 20),
    "written_on": datetime.date(2026, 2, 10),
}
FIELDS: Final[list[Case]] = [
    ("from:Benkirane", _SENT, True),
    ("de:benkirane", _SENT, True),
    ("expéditeur: Benkirane", _SENT, True),
    ("من:بنكيران", _SENT, True),
    ("المرسل: بنكيران", _SENT, True),
    ('from:"Mohamed Benkirane"', _SENT, True),
    ("from:ONEE", _SENT, False),
    ("to:Benkirane", _SENT, False),
    ("-from:Benkirane", _SENT, False),
    ("-from:Alaoui", _SENT, True),
    ("à:جماعة", _TO, True),
    ("destinataire:الجديدة", _TO, True),
    ("إلى:جماعة", _TO, True),
    ("المرسل إليه: جماعة", _TO, True),
    ("to:بنكيران", _TO, False),
    ("ref:345/DG/2025", {"reference": "345-DG-2025"}, True),
    ("réf: 345 DG 2025", {"reference": "345-DG-2025"}, True),
    ("مرجع:٣٤٥/DG/٢٠٢٥", {"reference": "345-DG-2025"}, True),
    ("ref:346/DG/2025", {"reference": "345-DG-2025"}, False),
    ("kind:invoice", {"kind": "invoice"}, True),
    ("type:facture", {"kind": "invoice"}, True),
    ("نوع:فاتورة", {"kind": "invoice"}, True),
    ("nature:réclamation", {"kind": "complaint_commercial"}, True),
    ("kind:invoice", {"kind": "request"}, False),
    ("-kind:invoice", {"kind": "request", "text": "eau"}, True),
    ("dept:EAU", {"department": "EAU"}, True),
    ("service:exploitation eau", {"department": "EAU"}, True),
    ("مصلحة: الماء", {"department": "EAU"}, True),
    ("dept:ELEC", {"department": "EAU"}, False),
    ("before:2026-03-21", _DATED, True),
    ("before:2026-02-10", _DATED, False),
    ("avant: mars 2026", _DATED, True),  # its own date is older
    ("après:12/03/2026", _DATED, True),
    ("après: 21 mars 2026", _DATED, False),
    ("بعد:٢٠٢٧", _DATED, False),
    ("قبل: ٢٠٢٧", _DATED, True),
    ("after:2026-02-11 before:2026-03-01", _DATED, False),
    ("-after:2026", _DATED, False),
    ("no:123", {"number": "2026/IN/000123"}, True),
    ("n°: 2026/IN/123", {"number": "2026/IN/000123"}, True),
    ("رقم:١٢٣", {"number": "2026/IN/000123"}, True),
    ("num:IN-123", {"number": "2026/IN/000123"}, True),
    ("no:124", {"number": "2026/IN/000123", "text": "124"}, False),
    ("before:jamais", "before jamais", True),  # what cannot be read is words
    ("before:jamais", "autre chose", False),
    ("kind:zellige", "kind zellige", True),
    ("objet: fuite", "objet fuite", True),
    ("from:", "from", True),
    ("http://fuite", "http fuite", True),
]
CASES: Final = {
    "numbers": NUMBERS,
    "arabic": ARABIC,
    "french": FRENCH,
    "typos": TYPOS,
    "references": REFERENCES,
    "dates": DATES,
    "fields": FIELDS,
    "names": NAMES,
}
# Groups that are about forms of a word: a typo forgiven would hide what they show.
WITHOUT_TYPOS: Final = ("arabic", "french")
# What the office calls its kinds and departments, as `search.query.names` gives it.
OFFICE_NAMES: Final = {
    "kind": {
        "invoice": "invoice",
        "facture fournisseur": "invoice",
        "فاتوره ممون": "invoice",
        "reclamation technique": "complaint_technical",
        "reclamation commerciale": "complaint_commercial",
        "demande": "request",
    },
    "department": {
        "eau": "EAU",
        "exploitation eau": "EAU",
        "مصلحه الماء": "EAU",
        "elec": "ELEC",
        "exploitation electricite": "ELEC",
    },
}
