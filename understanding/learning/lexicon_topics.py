"""Words that support a department or a kind without deciding anything.

The classifier counts them as features, so that a small starting set generalises: it learns from
its letters how far each list is to be trusted. Phrases are written as in ``lexicon_rules``.
"""

from __future__ import annotations

from typing import Final


def _phrases(*lines: str) -> tuple[str, ...]:
    return tuple(phrase.strip() for line in lines for phrase in line.split("|"))


TOPICS: Final[dict[str, tuple[str, ...]]] = {
    "DG": _phrases(
        "مدير عام شخصيا|ديوان|رئاسة الحكومة|عامل الإقليم|سيد العامل|والي|مجلس إداري|دعوة",
        "رعاية|احتضان|تهاني|اتفاقية|مجلس إقليمي|سوء معاملة|حفل|حكامة|بحث داخلي|مجلس جماعي",
        "تدبير مفوض|directeur général|gouverneur|wali|cabinet|conseil d'administration",
        "invitation|parrainage|partenariat|cérémonie|délégation|gouvernance",
        "enquête interne|plan d'action|director general|subvention|table ronde|budget",
        "grands projets de votre établissement|ترشيد|تعميم",
    ),
    "BO": _phrases(
        "مكتب الضبط|وصل الإيداع|رقم الترتيب|رقم تسجيل|سجل الصادرات|سجل الواردات|ظرف|بريد",
        "ختم|تسلم|رسالة مضمونة|إيداع المراسلات|bureau d'ordre|récépissé|accusé|recommandé",
        "cachet d'arrivée|pli|enveloppe|courrier recommandé|numéro d'ordre",
        "registered letter|mailroom|poste|barid",
    ),
    "EAU": _phrases(
        "الماء الصالح للشرب|ماء|الما|صنبور|روبيني|قناة الماء|قادوس|ضغط|صبيب|كلور|عكر",
        "لون الماء|تحاليل|عطش|خزان|صهريج|eau potable|fuite|robinet|pression|conduite d'eau",
        "vanne|eau trouble|goût|analyse|forage|citerne|hydrant|bouche d'incendie|tap",
        "hardness|leak|water quality|water supply",
    ),
    "ELEC": _phrases(
        "كهرباء|الضو|تيار|عمود|أسلاك|سلك|محول|توتر|فولط|ماس كهربائي|صعقة|عالي الجهد|إنارة",
        "علبة كهربائية|courant|électricité|câble|poteau|pylône|transformateur|volts",
        "tension|étincelles|court-circuit|disjoncteur|triphasé|armoire électrique|ligne",
        "power|electric*|sparks|voltage|pole|outage",
    ),
    "ASS": _phrases(
        "صرف صحي|واد حار|مجاري|بالوعة|روائح|مياه عادمة|فيضان|تطهير|حفرة صحية|ناموس|مستنقع",
        "شفط|خامج|égout*|odeur*|regard*|curage|eaux usées|pluviales|refoul*|débord*|fosse",
        "vidange|inond*|collecteur|sewer|sewage|drain*|smell|overflow*|manhole",
        "assainissement|station d'épuration|محطة المعالجة",
    ),
    "COM": _phrases(
        "فاتورة|فواتير|مبلغ الفاتورة|أشطر|تعريفة|استرجاع المبلغ|خصم|زبناء|وكالة تجارية",
        "مرتين|كشف الحساب|نسخة من الفاتورة|غرامات|تقدير|facture*|tarif*|tranche|trop-perçu",
        "rectif*|duplicata|estimation|service clientèle|relevé de compte|redevance|solde",
        "adresse|bill|charged|refund|invoice",
    ),
    "REC": _phrases(
        "دين|ديون|متأخرات|قطع|إنذار|تقسيط|مهلة|دفعات|خلصت|وصل الأداء|إعادة التشغيل",
        "ما قدرتش نخلص|أرملة|dette|impayé*|arriérés|échéancier|mensualités|coupure",
        "mise en demeure|retard|délai de paiement|recouvrement|rétabli*|pénalités|créances",
        "arrears|instalments|disconnect*|owe|moratoire",
    ),
    "CPT": _phrases(
        "عداد|كونتور|قراءة|قارئ|مؤشر|معايرة|رقم العداد|زجاجة العداد|استبدال العداد|رصاص",
        "compteur|index|relève|releveur|étalonn*|plombs|scellés|aiguille|meter|reading*",
        "auto-relève",
    ),
    "BRT": _phrases(
        "ربط|اشتراك|عقدة جديدة|تحويل العقدة|فسخ|إلغاء الاشتراك|مكتري|عقد الكراء|رخصة السكن",
        "تسبيق|ضمانة|ورثة|branchement|abonnement|raccordement|résili*|mutation",
        "nouveau contrat|caution|locataire|bail|permis d'habiter|titulaire",
        "ouvrir un compteur|connection|contract|subscribe|tenant|deposit",
    ),
    "TRX": _phrases(
        "تجزئة|رخصة|أشغال|حفر|خندق|رصيف|طريق|زفت|تصميم|منعش|ورش|تحويل مسار|شبكات",
        "لجنة تقنية|تعمير|خريطة|lotissement|voirie|tranchée|chaussée|enrobé|chantier|plans",
        "récolement|promoteur|architecte|permis|autorisation|déviation|déplacement",
        "remise en état|VRD|excavation|road|drawings|developer",
    ),
    "ACH": _phrases(
        "صفقة|طلب عروض|عرض أثمان|سند الطلب|توريد|مورد|تسليم|أظرفة|دفتر|ضمان مؤقت",
        "لائحة الموردين|مناقصة|marché|offre|devis|fournisseur*|livraison|bon de commande",
        "consultation|soumission|bordereau|prix unitaire|échantillon*|supply|tender",
        "quotation|warehouse|réceptionnaire|magasin",
    ),
    "JUR": _phrases(
        "محكمة|محام|دعوى|جلسة|حكم|استئناف|تعويض|خبير|محضر|موكل|طعن|حجز|نزع الملكية|نزاع",
        "تأمين|مسؤولية|tribunal|avocat|maître|audience|jugement|expert*|sinistre|préjudice",
        "indemnis*|assur*|servitude|responsabilité|notaire|huissier|court|claim|liability",
        "damages|plainte|expropriation|recours",
    ),
    "RH": _phrases(
        "عمل|شغل|تدريب|دبلوم|توظيف|مباراة|مستخدم|موظف|أجرة|تقاعد|ترقية|رخصة إدارية|نقابة",
        "خدمة|سيرة|emploi|poste|stage|diplôm*|recrut*|CV|formation|agent|salaire*|retraite",
        "congé|syndicat|concours|personnel|carrière|accident du travail|job|vacancy",
        "internship|graduate|candidat*",
    ),
    "FIN": _phrases(
        "محاسبة|حوالة|بنك|ضرائب|خزينة|حسابات|رسوم|أداء مستحقات|فاتورة رقم|قسم مالي",
        "آجال الأداء|ميزانية|comptab*|virement|banque|impôt*|TVA|trésor*|exercice|audit",
        "règlement|RIB|mandat*|solde du marché|retenue de garantie|HT|TTC|échéance|payment",
        "bank|audit*|net à payer|prélèvement",
    ),
    "SI": _phrases(
        "موقع إلكتروني|تطبيق|هاتف ذكي|كلمة السر|رمز|حساب إلكتروني|منصة رقمية",
        "برنامج معلوماتي|حاسوب|خادم|site web|appli*|mot de passe|connexion|serveur",
        "logiciel|bug|informatique|plateforme|en ligne|écran|session|réseau informatique",
        "website|login|password|browser|account|software|API|SMS",
    ),
    "request": _phrases(
        "ألتمس|أطلب|طلب|بغيت|كنطلب|المرجو|نلتمس|sollicit*|demand*|je souhaite",
        "nous souhaitons|would like|request|j'ai l'honneur de vous demander",
    ),
    "complaint_technical": _phrases(
        "شكاية|نشتكي|عطب|خطر|خطير|إصلاح|تدخل|فرقة|عيطنا|انقطاع|مكسور|معطل|panne|urgen*",
        "dangereu*|répar*|intervention|équipe|depuis hier|insupportable|bouch*|cassé",
        "repair|danger*|broken|défectu*",
    ),
    "complaint_commercial": _phrases(
        "اعتراض|خطأ|تصحيح|بلا ذنب|ظلم|علاش|تعويض|رفض|إرجاع|erreur|conteste|réclame|j'exige",
        "à tort|excuses|rembours*|scandal*|inadmissible|abusi*|rectif*|wrong|overcharged",
        "correct|refuse",
    ),
    "enquiry": _phrases(
        "هل|كيف|ما هي|شنو|شحال|واش|كيفاش|أود معرفة|أرغب في معرفة|أستفسر|نسأل",
        "pourriez-vous m'indiquer|quels sont|quelle est|combien|comment|j'aimerais savoir",
        "je voudrais savoir|could you tell|est-ce que|which|how much|renseign*|faut-il",
        "peut-on",
    ),
    "suggestion": _phrases(
        "أقترح|اقتراح|لماذا لا|عوض أن|فكرة|je propose|il serait|pourquoi ne pas|suggestion",
        "suggère|idée|pourriez-vous ajouter|would be good|aiderait",
    ),
    "administrative": _phrases(
        "يشرفني|عمالة|جماعة|وزارة|مديرية|لجنة|موافاتي|موافاتنا|إقليم|مجلس|وكالة",
        "royaume du maroc|commune|province|ministère|direction provinciale",
        "vous voudrez bien|prière de|je vous prie de me faire|commission|délégation",
        "inspection|agence urbaine|نخبركم",
    ),
    "reminder": _phrases(
        "تذكير|سبق|لحد الآن|دون جواب|لم أتوصل|مرة ثانية|أعيد|رغم|إلى اليوم|relanc*",
        "toujours|sans réponse|rappel|aucune suite|seconde fois|deuxième|reste* impayé*",
        "again|no answer|still waiting",
    ),
    "other": _phrases(
        "تهنئة|شكر|دعوة|إشعار|خطأ|نعتذر|vœux|remerci*|faire-part|invit*|avis|erreur",
        "parrainage|festival|congratulat*|pleasure",
    ),
}
