"""The words of letters that makers of PDFs print, by half of `bench born_digital`.

Half 3 is kept back: its losses are never looked at.
"""

from __future__ import annotations

from typing import Final

_AR: Final = (
    "السيد المدير العام، أتشرف بأن أتقدم إلى سيادتكم بهذه الشكاية في موضوع انقطاع الماء الصالح"
    " للشرب عن منزلي الكائن بحي السلام منذ يوم الاثنين الماضي.",
    "لا يخفى عليكم أن الاستهلاك المسجل في الفاتورة الأخيرة لا يطابق ما هو مبين في العداد.",
    "ألتمس منكم التدخل العاجل لإصلاح العطب وإعادة التزويد بالماء في أقرب الآجال.",
    "وفي انتظار ردكم الإيجابي، تقبلوا سيدي فائق التقدير والاحترام.",
    "يشرفنا أن نوافيكم (طيه) بالملف الكامل لطلب العروض، قصد الاطلاع والموافقة.",
    "الأشغال المتعلقة بالصرف الصحي بشارع محمد الخامس لم تنته بعد، والأتربة لا تزال في الطريق.",
    "يُرجى إرجاعُ الإشعارِ بالتوصُّلِ، علماً أنَّ الأجلَ محدَّدٌ في ثلاثةِ أيامٍ لا غير.",
)
_FR: Final = (
    "Monsieur le Directeur, j'ai l'honneur de vous adresser la présente réclamation au sujet de la"
    " coupure d'eau potable que connaît mon domicile depuis lundi dernier.",
    "La consommation relevée sur la dernière facture ne correspond pas à l'index du compteur.",
    "Je vous prie de bien vouloir faire intervenir vos services dans les meilleurs délais.",
    "Dans l'attente d'une réponse favorable, veuillez agréer mes salutations distinguées.",
    "Vous trouverez ci-joint (en double exemplaire) le dossier complet de l'appel d'offres.",
    "Les travaux d'assainissement de l'avenue Mohammed V ne sont toujours pas achevés.",
)
_OTHER_AR: Final = (
    "إلى السيد رئيس القسم التجاري، سلامٌ تامٌّ بوجود مولانا الإمام، وبعدُ فقد توصلتُ بإشعار القطع على"
    " الرغم من أدائي جميعَ الفواتير في آجالها.",
    "نحيطكم علما أن اللجنة المكلفة بالمعاينة انتقلت إلى عين المكان ولاحظت أن القناة متآكلة.",
    "لأجله يرجى إيفاد تقني لمراقبة العداد، مع موافاتي بنسخة من محضر الزيارة لأدلي بها لدى الجماعة.",
    "المرفقات: نسخة من البطاقة الوطنية (مصادق عليها)، شهادة الملكية، عقد الاشتراك الأصلي.",
    "لا يسعني إلا أن أشكركم على ما تبذلونه من جهود، والسلام عليكم ورحمة الله تعالى.",
    "على إثر الأمطار الأخيرة غمرت المياه العادمة الطابق الأرضي، الأمر الذي ألحق أضرارا بالأثاث.",
)
_OTHER_FR: Final = (
    "Suite à l'avis de coupure affiché sur ma porte, je tiens à préciser que toutes mes factures"
    " ont été réglées à l'échéance, reçus à l'appui.",
    "La commission s'est rendue sur les lieux et a constaté que la conduite principale"
    " est corrodée.",
    "Nous sollicitons le branchement provisoire du chantier (lot « Oued ») pour la durée"
    " des travaux.",
    "Pièces jointes : copie de la carte nationale, certificat de propriété, contrat d'origine.",
    "Dès réception de votre accord, l'entreprise procédera à la mise en œuvre du béton.",
    "Les intempéries ont inondé le rez-de-chaussée ; le préjudice reste à évaluer par l'expert.",
)
_KEPT_AR: Final = (
    "بناء على محضر المعاينة المنجز من طرف العون المحلف، تبين وجود تسرب في الأنبوب الرئيسي المزود"
    " للحي، مما أدى إلى ضياع كميات هامة من الماء.",
    "وعليه، أطلب من مصالحكم المختصة إلغاء الغرامة المطبقة على حسابي، لأنني لم أتوصل بأي إنذار.",
    "إن سكان الدوار يؤكدون أن السقاية العمومية معطلة، وأن الخزان لا يُملأ إلا مرة كل أسبوع.",
    "يتعين على المقاول إيداع الضمان المؤقت قبل جلسة فتح الأظرفة (القاعة الكبرى).",
    "وإذ نشعركم بما سبق، نبقى رهن إشارتكم لكل توضيح إضافي، ولكم منا أسمى عبارات الاحترام.",
    "قُدِّمَ الملفُّ كاملاً لدى مكتبِ الضبطِ، ولم نتلقَّ جواباً إلى الآنَ رغم مرورِ الأجلِ القانونيِّ.",
)
_KEPT_FR: Final = (
    "Par la présente, nous contestons la pénalité de retard appliquée à notre compte, aucune mise"
    " en demeure ne nous étant parvenue.",
    "Le procès-verbal dressé par l'agent assermenté fait état d'une fuite avant le compteur.",
    "L'adjudicataire devra déposer la caution provisoire avant la séance d'ouverture des plis.",
    "Les habitants du douar signalent que la borne-fontaine n'est plus alimentée (réservoir vide).",
    "Nous restons à votre disposition pour tout complément d'information utile.",
    "Veuillez procéder à la résiliation de l'abonnement et au remboursement de l'avance versée.",
)
TEXTS: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "ar": (_AR, _OTHER_AR, _KEPT_AR),
    "fr": (_FR, _OTHER_FR, _KEPT_FR),
}
_AROUND: Final[dict[str, tuple[str, ...]]] = {
    "ar": (
        "الهاتف: {}",
        "المحمول رقم {} لكل غاية مفيدة",
        "العقدة رقم {} المؤرخة في {}",
        "بمبلغ {} درهم",
        "تحت عدد {} بتاريخ {}",
        "من {} إلى {}",
        "البريد {email} والهاتف {phone} والفاكس {phone}",
        "جوابا على رسالتكم عدد {reference} بتاريخ {date}",
        "المرجع: {reference}",
        "الحساب البنكي رقم {account} المفتوح باسمي",
        "السجل التجاري RC {} والتعريف الضريبي IF {}",
        "يمكن الاتصال على {} أو {} أو {}",
    ),
    "fr": (
        "Tél. : {}",
        "portable {} à toute fin utile",
        "le contrat n° {} du {}",
        "pour un montant de {} dirhams",
        "sous le numéro {} en date du {}",
        "du {} au {}",
        "courriel {email}, téléphone {phone}, télécopie {phone}",
        "votre lettre n° {reference} du {date}",
        "N/Réf. : {reference}",
        "RIB {account} ouvert à mon nom",
        "RC {} et IF {}",
        "on peut me joindre au {}, au {} ou au {}",
    ),
}
_KEPT_AROUND: Final[dict[str, tuple[str, ...]]] = {
    "ar": (
        "رقم النقال {phone} أو الثابت {phone}",
        "الفاتورة عدد {} الصادرة يوم {date}",
        "مبلغ قدره {sum} درهما لا غير",
        "ما بين {date} و {date}",
        "يراجع كتابكم رقم {reference} المؤرخ في {date}",
        "ملف عدد {reference}",
        "رقم الحساب: {account}",
        "للتواصل: {email}، الهاتف {phone}",
        "العقد {contract} والعداد رقم {}",
        "ICE {} المسجل بتاريخ {date}",
        "قراءة العداد {} ثم {}",
        "الضمان المؤقت محدد في {sum} درهم، صفقة رقم {reference}",
    ),
    "fr": (
        "mobile : {phone} ou fixe : {phone}",
        "la facture n° {} émise le {date}",
        "la somme de {sum} DH",
        "entre le {date} et le {date}",
        "votre courrier réf. {reference} daté du {date}",
        "dossier n° {reference}",
        "compte bancaire : {account}",
        "contact : {email}, tél. {phone}",
        "contrat {contract}, compteur n° {}",
        "index {} puis {}",
        "caution fixée à {sum} dirhams, marché n° {reference}",
        "patente {}, ICE {}",
    ),
}
AROUND: Final = (_AROUND, _AROUND, _KEPT_AROUND)
_ITEMS: Final[dict[str, tuple[str, ...]]] = {
    "ar": ("عداد الماء", "الربط بالشبكة", "مصاريف الملف", "الضريبة على القيمة المضافة"),
    "fr": ("Compteur d'eau", "Raccordement", "Frais de dossier", "Taxe sur la valeur ajoutée"),
}
_KEPT_ITEMS: Final[dict[str, tuple[str, ...]]] = {
    "ar": ("أنابيب البلاستيك", "أشغال الحفر", "صمامات الضغط", "اليد العاملة"),
    "fr": ("Tuyaux PEHD", "Terrassement", "Vannes de pression", "Main-d'œuvre"),
}
ITEMS: Final = (_ITEMS, _ITEMS, _KEPT_ITEMS)
_HEADS: Final = (
    ("المملكة المغربية", "Royaume du Maroc"),
    ("الوكالة المستقلة لتوزيع الماء", "Régie de distribution d'eau"),
)
_KEPT_HEADS: Final = (
    ("وزارة الداخلية", "Ministère de l'Intérieur"),
    ("عمالة إقليم برشيد", "Province de Berrechid"),
    ("قسم الشؤون القروية", "Division des affaires rurales"),
)
HEADS: Final[tuple[tuple[tuple[str, str], ...], ...]] = (_HEADS, _HEADS, _KEPT_HEADS)
FONTS: Final = (
    ("Amiri", "Noto Naskh Arabic", "DejaVu Sans", "KacstBook"),
    ("Noto Sans Arabic", "Noto Kufi Arabic", "Scheherazade", "FreeSerif"),
    ("KacstOne", "Thabit", "Nada", "DejaVu Sans Mono"),
)
