"""Forms that carry files: how they are read is set first, then the CSRF token is checked."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings
from django.urls import resolve, reverse
from django.views.decorators.http import require_POST

from web.uploads import LargeOnDisk, SmallInMemory, takes_uploads


@takes_uploads
@require_POST
def view(request: HttpRequest, number: int) -> HttpResponse:
    kinds = [type(one) for one in request.upload_handlers]
    assert kinds == [SmallInMemory, LargeOnDisk]
    (file,) = request.FILES.getlist("file")
    return HttpResponse(f"{number} {request.POST['name']} {file.size}")


def sent() -> HttpRequest:
    file = SimpleUploadedFile("a.txt", b"four")
    return RequestFactory().post("/", {"name": "A", "file": file})


def test_the_handlers_are_set_before_the_form_is_read() -> None:
    request = sent()
    request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]  # as Django's test client
    answer = view(request, 3)
    assert isinstance(answer, HttpResponse)
    assert answer.content == b"3 A 4"


@override_settings(CSRF_FAILURE_VIEW="django.views.csrf.csrf_failure")
def test_a_form_without_a_token_is_refused() -> None:
    assert view(sent(), 3).status_code == 403


FORMS = {
    "desk:deposit": (),
    "desk:new_batch": (),
    "desk:import_bank_file": (),
    "desk:add_pieces": (uuid4(),),
    "desk:on_request": (uuid4(), "action"),
    "desk:write_message": (uuid4(),),
    "desk:field_sync": (),
    "desk:enter_field": (uuid4(),),
    "portal:deposit": (),
    "portal:request_action": (),
    "portal:request_message": (),
    "portal:space_give_mandate": (),
    "portal:space_ask_mandate": (),
}


@pytest.mark.parametrize("name", FORMS)
def test_the_middleware_reads_no_form_with_files(name: str) -> None:
    """Its check reads the form, which is before the view says how files are read."""
    view = resolve(reverse(name, args=FORMS[name])).func
    assert getattr(view, "csrf_exempt", False)
