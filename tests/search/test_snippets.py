"""Excerpts in the letter's own spelling."""

from hypothesis import given
from hypothesis import strategies as st

from search.answers.matching import Matcher
from search.answers.snippets import plain, snippet
from search.query.parsing import parse


def marked(text: str, typed: str) -> list[str]:
    return [part.text for part in snippet(text, Matcher(parse(typed))) if part.marked]


def test_marks_keep_the_original_spelling() -> None:
    text = "Les RÉCLAMATIONS, et l'« œuvre » ; الشِّكَايَاتُ"
    assert marked(text, "reclamation") == ["RÉCLAMATIONS"]
    assert marked(text, "oeuvre") == ["œuvre"]
    assert marked(text, "شكاية") == ["الشِّكَايَاتُ"]
    assert marked(text, "recla*") == ["RÉCLAMATIONS"]


def test_marks_on_typos_names_and_presentation_forms() -> None:
    assert marked("L'assainissment du Quartier", "assainissement") == ["assainissment"]
    assert marked("La Dernande", "demande") == ["Dernande"]
    assert marked("تعطل العذاد", "عداد") == ["العذاد"]
    assert marked("السيد عبد الإله بنكيران", "Benkirane") == ["بنكيران"]
    assert marked("M. BENKIRANE", "بنكيران") == ["BENKIRANE"]
    assert marked("ﺍﻟﻌﺪﺍﺩ رقم ٤٥٦", "عداد 456") == ["ﺍﻟﻌﺪﺍﺩ", "٤٥٦"]
    assert marked("لفواتيركم", "فاتورة") == ["لفواتيركم"]


def test_a_typo_is_marked_only_where_the_word_itself_is_not() -> None:
    assert marked("le compteur et le conpteur", "compteur") == ["compteur"]


def test_dates_and_references_are_marked_in_the_notation_of_the_letter() -> None:
    assert marked("lettre 345/DG/2025 reçue", "345 DG 2025") == ["345", "DG", "2025"]
    assert marked("reçue le 12 mars 2026 ici", "12/03/2026") == ["12", "mars", "2026"]


def test_the_excerpt_is_where_most_of_the_words_are() -> None:
    text = "eau " + "mot " * 200 + "une fuite d'eau rue de Fès " + "mot " * 200
    shown = plain(snippet(text, Matcher(parse("fuite eau Fès"))))
    assert "une fuite d'eau rue de Fès" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")


def test_without_an_answer_in_the_text_it_is_the_beginning() -> None:
    assert plain(snippet("Monsieur,\n\n  voici", Matcher(parse("absent")))) == "Monsieur, voici"
    assert snippet("", Matcher(parse("eau"))) == ()


def test_markup_in_a_letter_stays_text() -> None:
    parts = snippet("<script>alert(1)</script> eau", Matcher(parse("eau")))
    assert plain(parts) == "<script>alert(1)</script> eau"


@given(st.text(alphabet="eau fuite\n\té<&ماء,;'’/12", max_size=600), st.text(max_size=30))
def test_an_excerpt_is_made_of_the_letter_and_not_much_longer_than_asked(
    text: str, typed: str
) -> None:
    parts = snippet(text, Matcher(parse(f"eau {typed}")), length=80)
    shown = plain(parts)
    assert len(shown) <= 80 + 30 + 30 + 4
    bare = "".join(shown.replace("…", "").split())
    assert bare in "".join(text.replace("…", "").split())


def test_a_number_is_marked_however_it_is_cut() -> None:
    text = "Je vous prie de me rappeler au 06.61.47.82.19 ou au 0537 71 22 33."
    for typed in ("0661478219", "+212 661 47 82 19", "06 61 47 82 19"):
        assert marked(text, typed) == ["06.61.47.82.19"]
    assert marked("le 06 61 47 82 19, 06", "06 61 47 82 19") == ["06 61 47 82 19", "06"]
