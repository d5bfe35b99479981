"""Words that stand in no person's name."""

from __future__ import annotations

from typing import Final

from language.fold import fold

# Words that stand in no name, though they look like one: of offices, letters, streets, closings.
NO_NAME: Final = frozenset(
    fold("""
    monsieur madame messieurs service bureau direction societe agence objet rue avenue boulevard bd
    quartier hay lot lotissement residence immeuble imm villa bloc route place cite zone douar derb
    contrat client police facture devis reference ref tel fax gsm email mail date signature cachet
        rappel relance note avis demande reclamation royaume maroc ministere province commune
    cordialement
    salutations respectueuses distinguees merci bonjour remerciements veuillez agreer annexe annexes
    pieces piece jointe jointes ci-joint copie dear sincerely faithfully regards yours thanks kind
        best wishes subject attachment invoice quotation from sent to cc bcc eau electricite
    assainissement
    compteur compteurs regie radeej srm pour avec dans sur par les des une votre notre nos vos bien
    urgent urgence net payer ttc tva total montant designation quantite prix dossier numero objectif
    association
    cooperative syndicat union club groupe groupement entreprise compagnie cabinet etude banque
    casablanca rabat jadida azemmour bennour marrakech settat safi fes tanger agadir sans delai
    parti hotel cafe restaurant ecole lycee college faculte universite hopital clinique pharmacie
    laboratoire imprimerie librairie garage atelier station ferme domaine riad dar maison
    location pompes syndic cercle caidat pachalik annexe
    recommande recommandee accuse reception pli ferme confidentiel reponse suite lettre courrier
    deuxieme premiere troisieme dernier derniere mise demeure convocation proces-verbal bordereau
    bon commande ordre virement releve fiche formulaire page le la de du les et a au aux en nous je
    vous il elle mon ma mes son sa ses ce cette qui que est sont the and of for your our my we is
    المملكة المغربية وزارة الوزارة مديرية المديرية جماعة الجماعة عمالة ولاية إقليم الإقليم محكمة
    المحكمة مكتب المكتب مصلحة المصلحة قسم القسم شركة الشركة جمعية الجمعية تعاونية مؤسسة المؤسسة بنك
    وكالة الوكالة نقابة ودادية مقاولة غرفة نادي مطبعة مخبزة صيدلية مدرسة ثانوية كلية جامعة مستشفى
        السيد السيدة السادة مدير المدير رئيس الرئيس الموضوع المرجع مرجع الهاتف هاتف الفاكس البريد
    العنوان
        عنوان رقم عدد ملف تاريخ التاريخ في من إلى على عن مع هذا هذه ذلك التي الذي الذين أن إن كان
    وقد لقد
    سلام عليكم تحية طيبة وبعد أما بعد شكرا الشكر الجزيل جزيل وشكرا وتقبلوا تقبلوا وتفضلوا
        الاحترام احتراماتي التقدير والتقدير والاحترام فائق خالص أسمى عبارات الإمضاء التوقيع توقيع
    إمضاء خاتم
    المرفقات مرفقات رفقته المرفق مرفق نسخة نسخ صورة صور طلب الطلب شكاية تذكير استدعاء إنذار إشعار
    إعلان دعوة برقية تعزية رسالة فاتورة بون كشف محضر مذكرة دورية منشور قرار حي زنقة شارع درب دوار
    تجزئة إقامة عمارة بلوك طريق ساحة المنطقة الصناعية الجديدة أزمور بنور الدار البيضاء الرباط مراكش
        سطات آسفي بالجديدة عقد العقد الاشتراك اشتراك الزبون زبون العداد عداد الماء الكهرباء
    التطهير الفاتورة
        سكان السكان ساكنة الساكنة مواطن المواطن الحمد لله وحده بسم الله المستقلة الجهوية الجهوي
    الجماعي العام
    العامة الإدارية الابتدائية الاستئناف التجارية متعددة الخدمات حول بخصوص بشأن منذ يوم أيام شهر سنة
    نحن أنا الموقع الموقعون أسفله أدناه ولكم والسلام ودمتم الأجر والثواب ورحمة وبركاته تعالى مولانا
    الإمام المؤيد المبلغ مبلغ الإجمالي المجموع مجموع صلاحية العرض كتابة الضبط المرجو
    دائرة قيادة باشوية ملحقة زاوية توقيعات التوقيعات الورثة الموقعون المستأنف المدعى
    غير مقروء الأستاذة الأستاذ المأمور
    سؤال اقتراح مقترح عبر صفحة مكرر عاجل مستعجل عزيزي المحترم المحترمة المحترمين
    صباح مساء الخير النور نهاركم حساب الحساب البنكي نتائج تحاليل كناش ورقة ورقه لائحة جدول تسليم
    بصفتي بصفته بصفتها بصفتنا لأنه لأنها لأني لأننا
    affilie affiliee fonde fondee agree recouvrement candidature
    """).split()
)
