"""Every part of a request is taken, or refused by its name: nothing is dropped in silence."""

import inspect
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from org.models import User
from registry.models.letters import Letter
from tests.factories import deposit, pdf_bytes
from tests.web.api.test_partner import come, key
from web.api.urls import urlpatterns

pytestmark = pytest.mark.django_db
Caller = Callable[[str], APIClient]
URL = "/api/v1/letters"
# What reads its request otherwise, and is tried below.
READ_BY_THEMSELVES = {
    *("deposit(", "deposit_of_partner(", "with_reason(", "do_step(", "_unknown("),
    "_letter_of(",  # reads number and code
}


def upload(name: str = "photo.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pdf_bytes())


def wrong_fields(answer: Any) -> set[str]:
    assert answer.status_code == 400, answer.content
    return set(answer.json()["error"]["fields"])


@pytest.mark.parametrize(
    ("body", "how", "name"),
    [
        ({"message": "Fuite", "file": upload()}, "multipart", "file"),
        ({"message": "Fuite", "files": "photo"}, "multipart", "files"),
        ({"message": "Fuite", "files": [upload(), "photo"]}, "multipart", "files"),
        ({"message": "Fuite", "files[0]": upload()}, "multipart", "files[0]"),
        ({"message": "Fuite", "subject": ["a", "b"]}, "multipart", "subject"),
        ({"message": "Fuite", "subject": upload()}, "multipart", "subject"),
        ({"message": "Fuite", "files": ["cGhvdG8="]}, "json", "files"),
        ({"message": "Fuite", "files": "cGhvdG8="}, "json", "files"),
        ({"message": "Fuite", "sender": {"name": "A"}}, "json", "sender"),
        ({"message": "Fuite", "deposit_key": "1"}, "json", "deposit_key"),
    ],
)
def test_a_deposit_names_what_it_does_not_take(
    api_as: Caller, admin: User, body: dict[str, Any], how: Any, name: str
) -> None:
    for client, url in ((api_as("amina"), URL), (come(key(admin)), "/api/v1/partner/letters")):
        for given in body.values():
            for file in given if isinstance(given, list) else [given]:
                if hasattr(file, "seek"):
                    file.seek(0)
        assert name in wrong_fields(client.post(url, body, format=how))
    assert not Letter.objects.exists()


def test_text_and_files_together_are_one_letter(api_as: Caller, admin: User) -> None:
    for client, url in ((api_as("amina"), URL), (come(key(admin)), "/api/v1/partner/letters")):
        body = {"message": "Fuite", "files": [upload("1.pdf"), upload("2.pdf")]}
        made = client.post(url, body, format="multipart")
        assert made.status_code == 201, made.content
        titles = Letter.objects.get(pk=made.json()["id"]).documents.values_list("title", flat=True)
        assert list(titles) == ["1.pdf", "2.pdf", "message.txt"]


@pytest.mark.parametrize("name", ["channel", "register", "confidentiality"])
def test_what_is_not_a_partner_s_to_say_is_refused(admin: User, name: str) -> None:
    words = {"message": "Fuite", name: "IN"}
    answer = come(key(admin)).post("/api/v1/partner/letters", words, format="json")
    assert wrong_fields(answer) == {name}


def test_a_name_given_twice_in_json_is_refused(api_as: Caller) -> None:
    body = '{"message": "Fuite", "subject": "a", "subject": "b"}'
    answer = api_as("amina").generic("POST", URL, body, content_type="application/json")
    assert wrong_fields(answer) == {"subject"}


@pytest.mark.parametrize("body", ["[" + "1," * 30_000 + "1]", '{"to":[' + "{}," * 30_000 + "1]}"])
def test_more_values_than_any_body_has_are_too_large(api_as: Caller, body: str) -> None:
    answer = api_as("amina").generic("POST", URL, body, content_type="application/json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")
    few = body.replace("1,", "", 29_000).replace("{},", "", 29_000)
    told = api_as("amina").generic("POST", URL, few, content_type="application/json")
    assert told.status_code == 400


def test_the_words_are_in_the_language_of_the_caller(api_as: Caller) -> None:
    for language, words in (("fr", "Ce champ n’existe pas."), ("ar", "لا وجود لهذا الحقل.")):
        answer = api_as("amina").post(
            URL, {"x": 1}, format="json", headers={"accept-language": language}
        )
        assert answer.json()["error"]["fields"]["x"] == [words]


def test_verbs_name_what_they_do_not_take(api_as: Caller) -> None:
    letter = deposit().letter
    client = api_as("amina")
    to = {"department": "EAU"}
    url = f"{URL}/{letter.pk}"
    given = {"to": [to | {"persn": "badr"}]}
    assert wrong_fields(client.post(f"{url}/assignments", given, format="json")) == {"to.0.persn"}
    form = {"to[0]department": "EAU", "to[0]persn": "badr"}
    told = client.post(f"{url}/assignments", form, format="multipart")
    assert wrong_fields(told) == {"to.0.persn"}
    made = client.post(f"{url}/assignments", {"to": [to]}, format="json").json()
    accept = f"/api/v1/assignments/{made['assignments'][0]['id']}/accept"
    badr = api_as("badr")
    assert wrong_fields(badr.post(accept, {"note": "x"}, format="json")) == {"note"}
    assert wrong_fields(badr.post(f"{accept}?note=x")) == {"note"}
    assert badr.post(accept).status_code == 200
    for how in ("json", "multipart"):
        both = {"subject": "Re", "body": "Oui", "files": "x", "fil": "y"}
        drafted = badr.post(f"{url}/replies", both, format=how)
        assert wrong_fields(drafted) == {"files", "fil"}


def test_what_is_nested_is_named_with_its_place(api_as: Caller) -> None:
    own = {
        "department": "EAU",
        "subject": "Coupure",
        "addressees": [{"name": "A", "mail": "a@b.example"}],
    }
    answer = api_as("badr").post("/api/v1/drafts", own, format="json")
    assert wrong_fields(answer) == {"addressees.0.mail"}


def test_every_verb_checks_what_it_is_told() -> None:
    for pattern in urlpatterns:
        view = getattr(pattern.callback, "cls", None)
        for method in ("post", "put", "patch", "delete"):
            handler = getattr(view, method, None)
            if handler is None:
                continue
            told = inspect.getsource(handler)
            reads = {"checked(", "no_words(", "known_only(", *READ_BY_THEMSELVES}
            assert any(word in told for word in reads), f"{view}.{method}"
