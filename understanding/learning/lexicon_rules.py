"""The table of the lexicon: one row a rule, Arabic, Darija, French and English side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Rule:
    """`any_of` phrases support `value`, when one of `also` occurs too and none of `unless`."""

    name: str
    field: str
    value: str
    score: float
    any_of: tuple[str, ...]
    also: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    head: bool = False


_COURT: Final = (
    r"/(?:ملف|dossier)[^\n]{0,25}?\b\d{2,5}/\d{2,4}/\d{2,5}\b",
    "محكمة ابتدائية", "محكمة إدارية", "محكمة تجارية", "محكمة الاستئناف",
    "tribunal de commerce", "tribunal administratif", "tribunal de première instance",
    "cour d'appel",
)  # fmt: skip
_WATER: Final = ("الماء", "الما", "ماء", "eau", "water")
_POWER: Final = ("كهرباء", "الكهربا", "ضو", "تيار", "courant", "électri*", "electri*")

RULES: Final[tuple[Rule, ...]] = (
    # Courts, bailiffs, lawyers, insurers.
    Rule("court", "department", "JUR", 0.93, _COURT, head=True),
    Rule("court_act", "kind", "legal_notice", 0.9, _COURT, head=True, also=(
        "استدعاء", "تستدعى", "حكم", "قرار", "أمر", "تبليغ", "يبلغ", "إنذار", "convocation",
        "comparaître", "jugement", "ordonnance", "assignation", "notification")),
    Rule("bailiff", "department", "JUR", 0.95, ("مفوض قضائي", "مفوضون قضائيون",
         "huissier de justice", "commissaire de justice")),
    Rule("bailiff_act", "kind", "legal_notice", 0.95, ("مفوض قضائي", "huissier de justice"),
         also=("محضر", "بلغنا", "عاينا", "إنذار", "sommation", "constat", "signifié", "requête")),
    Rule("formal_notice", "kind", "legal_notice", 0.85, ("vous mets en demeure",
         "vous mettons en demeure", "sommation de payer", "sommation interpellative",
         "إنذار استجوابي", "نيابة عن موكلي", "نيابة عن موكلتي", "issue proceedings",
         "حجز لدى الغير")),
    Rule("lawyer", "department", "JUR", 0.8, ("ma cliente", "mon client", "موكلي", "موكلتي",
         "cabinet d'avocats", "مكتب المحامي", "solicitors", "subrog*", "saisie-arrêt",
         "حجز لدى الغير")),
    Rule("ombudsman_body", "department", "JUR", 0.7, ("مؤسسة وسيط", "وكالة قضائية",
         "institution du médiateur", "agence judiciaire"), head=True),
    # Purchasing.
    Rule("tender", "department", "ACH", 0.85, ("appel d'offres", "طلب عروض", "طلبات العروض",
         "دفتر التحملات", "دفتر الشروط الخاصة", "فتح الأظرفة", "ouverture des plis", "soumission",
         "cahier des prescriptions", "call for tenders")),
    Rule("tender_file", "kind", "tender", 0.8, ("appel d'offres", "طلب عروض", "طلب العروض",
         "دفتر الشروط الخاصة", "cahier des prescriptions"),
         unless=("observations", "restituer", "لم يصلنا", "sans nouvelles", "تعيين ممثلة")),
    Rule("price_offer", "kind", "quotation", 0.75, ("notre offre de prix", "بيان أثمان",
         "عرض أثمان", "/\\bdevis n", "demande de prix", "quotation", "نعرض عليكم", "هذا عرضنا",
         "nous vous proposons", "nous proposons", "notre proposition"),
         unless=("appel d'offres", "échéancier", "mensualités")),
    Rule("price_offer_to", "department", "ACH", 0.7, ("bon de commande", "bordereau des prix",
         "demande de prix", "لائحة الموردين", "liste de vos fournisseurs", "بيان أثمان",
         "quotation", "قطع الغيار"), unless=("facture", "فاتورة", "logiciel", "licences")),
    # Money.
    Rule("invoice_title", "kind", "invoice", 0.88, ("/(?m:^\\W*factur[e£]\\b[^\\n]{0,14}\\d)",
         "/(?m:^\\W*فاتوره رقم)", "/(?m:^\\W*invoice\\b)", "net à payer", "رفقته فاتورة"),
         head=True,
         unless=("contestation", "اعتراض", "شكاية", "réclam*")),
    Rule("supplier_invoice", "department", "FIN", 0.85, ("net à payer", "total ttc",
         "montant ht", "ضريبة على القيمة المضافة", "accounts payable", "fact* échues",
         "متعلقة بأداء مستحقات", "مطالبة بأداء مستحقات", "intérêts moratoires"),
         unless=("devis", "offre", "عروض")),
    Rule("tax_audit", "department", "FIN", 0.85, ("direction régionale des impôts",
         "avis de vérification", "commissaire aux comptes", "مجلس جهوي للحسابات",
         "خزينة عامة للمملكة", "إشعار للغير الحائز", "avis à tiers détenteur",
         "relevé de votre compte courant"), head=True),
    # Work.
    Rule("job", "kind", "application", 0.85, ("candidature", "طلب شغل", "طلب تدريب",
         "demande de stage", "curriculum vitae", "سيرة ذاتية", "نهج السيرة", "demande d'emploi",
         "فترة تدريب", "application for the post", "stage PFE"),
         unless=("appel d'offres", "طلب عروض")),
    Rule("job_to", "department", "RH", 0.88, ("candidature", "طلب شغل", "طلب تدريب",
         "demande de stage", "curriculum vitae", "سيرة ذاتية", "نهج السيرة", "مكتب نقابي",
         "شهادة العمل", "صندوق مهني للتقاعد", "cnss", "inspection du travail", "stage pfe",
         "مباراة توظيف", "ressources humaines"), unless=("appel d'offres", "طلب عروض")),
    # Authorities.
    Rule("circular", "kind", "circular", 0.92, ("دورية عدد", "دورية حول", "مذكرة حول",
         "منشور إلى", "note circulaire", "circulaire", "note aux directeurs", "bulletin d'alerte"),
         head=True),
    Rule("slip", "department", "BO", 0.85, ("bureau d'ordre", "مكتب الضبط", "bordereau d'envoi",
         "ورقة الإرسال", "ورقة إرسال", "mailroom", "vaguemestre", "numéro d'enregistrement"),
         unless=("محكمة", "tribunal")),
    Rule("data_protection", "department", "JUR", 0.7, ("protection des données", "معطيات شخصية")),
    # What flows: water, power, sewers.
    Rule("leak", "department", "EAU", 0.85, ("تسرب", "تسربات", "فويت", "انفجار القناة",
         "fuite d'eau", "fuite au", "fuite coule", "water leak",
         "/\\b(?:burst|leaking) (?:pipe|main)",
         "canalisation éclaté", "conduite éclaté"),
         also=_WATER, unless=("عداد", "كونتور", "compteur", "تطهير", "égout",
         "recherche de fuites", "دورية", "circulaire")),
    Rule("pressure", "department", "EAU", 0.85, ("ضغط الماء", "ضعف صبيب الماء", "صبيب الماء",
         "pression d'eau", "pression de l'eau", "water pressure", "انقطاع الماء", "قطع الماء",
         "coupures d'eau", "coupure d'eau", "goût de terre", "eau du robinet", "كلور",
         "bouches d'incendie", "poteaux d'incendie", "حنفية الحريق", "فوهة الحريق", "chlor*",
         "citerne")),
    Rule("power_cut", "department", "ELEC", 0.85, ("انقطاع الكهرباء", "انقطاع التيار",
         "coupure de courant", "coupures de courant", "coupure d'électricité", "panne de courant",
         "baisses de tension", "ضعف التوتر", "عمود كهربائي", "poteau électrique", "خيط الضو",
         "أسلاك عارية", "أسلاك مكشوفة", "câble électrique", "power cut", "توتر متوسط",
         "disjoncteur", "basse tension rompu", "poste de transformation", "electricity pole",
         "إنارة عمومية", "une phase manque"),
         unless=("محكمة", "مفوض قضائي", "subrog*", "met* en demeure", "déplacement",
                 "lotissement")),
    Rule("sewer", "department", "ASS", 0.88, ("صرف صحي", "مياه عادمة", "واد حار", "بالوعة",
         "بالوعات", "قنوات التطهير", "قناة التطهير", "égout", "eaux usées", "assainissement bouché",
         "tampon", "avaloirs", "fosse septique", "sewage", "manhole", "refoulement", "collecteur"),
         unless=("عداد", "facture", "فاتورة", "دورية", "قناة الماء", "lotissement", "تجزئة",
                 "fourreaux", "agence urbaine")),
    # Meters, bills, debts, contracts.
    Rule("meter", "department", "CPT", 0.8, ("معايرة العداد", "قراءة العداد", "قارئ العدادات",
         "عداد معطل", "عداد كيدور", "خلل في عداد", "كونتور مهرسة", "compteur bloqué",
         "relevé d'index", "auto-relève", "releveur", "étalonnage", "index de mon compteur",
         "compteur défectueux", "meter running", "water meter", "قراءة ذاتية", "يعاير العداد",
         "رقم مسجل في عداد", "transmission d'index"),
         unless=("contestation de la facture", "appel d'offres", "صفقة")),
    Rule("debt", "department", "REC", 0.85, ("تسهيلات الأداء", "تسهيلات في الأداء",
         "تقسيط الديون", "تقسيط الدين", "جدولة الديون", "أقساط شهرية", "échéancier de paiement",
         "facilités de paiement", "plan de paiement", "arriérés", "متأخرات", "payment plan",
         "coupure pour impayé", "avis de coupure", "avis avant coupure", "إنذار القطع",
         "إنذار قبل القطع", "recouvrement")),
    Rule("contract", "department", "BRT", 0.86, ("طلب الاشتراك", "تحويل الاشتراك", "فسخ عقدة",
         "إلغاء عقدة", "mutation d'abonnement", "mutation du contrat", "transfert de l'abonnement",
         "résiliation", "nouvel abonnement", "demande de branchement", "branchement neuf",
         "مصاريف الربط", "طلب ربط", "تفريد العدادات", "اشتراك جديد", "branchement provisoire",
         "supply contract"), unless=("منعش*", "dossier de lotissement", "تطهير سائل")),
    Rule("bill", "department", "COM", 0.75, ("اعتراض الفاتورة", "مراجعة الفاتورة",
         "تصحيح الفاتورة", "contestation facture", "facturation", "tarif*", "أشطر", "trop-perçu",
         "فاتورتين", "deux factures", "relevé de compte", "review the invoice", "فوترة"),
         unless=("net à payer", "عداد معطل", "vidange", "قطع غيار")),
    Rule("works", "department", "TRX", 0.8, ("permission de voirie", "plans de récolement",
         "lotissement de", "تجزئة سكنية", "منعش عقاري", "منعشين عقاريين", "agence urbaine",
         "احتلال الملك العمومي", "تصاميم الشبكات", "commission des grands projets",
         "ouvrir une tranchée", "commission technique", "fibre optique", "développeurs",
         "شبكات تجزئة", "رخصة الحفر", "network drawings")),
    Rule("online", "department", "SI", 0.8, ("mot de passe", "application mobile", "l'appli",
         "كلمة السر", "تطبيق", "منصة", "رمز التحقق", "espace client", "فضاء إلكتروني", "navigateur",
         "système d'information", "نظم المعلومات", "informatique", "antivirus", "password",
         "api", "logiciel"), unless=("تطبيق مقتضيات", "تطبيق هذه", "تطبيق التدابير",
         "maîtrise", "candidature", "معهد", "دبلوم")),
    # What the letter wants.
    Rule("reminder", "kind", "reminder", 0.85, ("تذكير", "أذكركم", "تذكيركم", "للمرة الثانية",
         "إلحاقا", "relance", "je reviens vers vous", "لم أتوصل بأي جواب", "sans nouvelles",
         "toujours sans suite", "أعيد تنبيهكم", "troisième message", "reminder", "rappel", "سبق لي",
         "سبق أن أشعرناكم", "لم نتوصل بأي جواب", "nous relançons"),
         unless=("frais de relance", "en rappelant")),
    Rule("suggestion", "kind", "suggestion", 0.85, ("أقترح", "نقترح صندوقا", "اقتراح",
         "je propose que", "suggestion*", "pourquoi ne pas", "nous suggérons", "i suggest"),
         unless=("تقسيط", "اجتماع", "dirhams")),
    Rule("complaint", "kind", "complaint_technical", 0.6, ("شكاية", "نشتكي", "réclamation",
         "complain"), also=("تسرب", "انقطاع", "روائح", "بالوعة", "ضعف", "عطب", "fuite", "coupure",
         "panne", "égout", "صرف")),
    Rule("dispute", "kind", "complaint_commercial", 0.75, ("contestation", "اعتراض", "trop-perçu",
         "erreur de tarif", "overpaid", "coupure abusive", "remboursement du")),
)  # fmt: skip
