"""`manage request` opens a request, or names each wrong field and registers nothing."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from eservices.requests import drawing
from eservices.requests.models import Request
from jobs.models import Job
from registry.models.letters import Letter
from registry.tracking import code_of
from tests.eservices.office import WATER, content_of, published_type
from tests.factories import drain, picture_bytes

pytestmark = pytest.mark.django_db


def run(tmp_path: Path, answers: Any, *more: str, code: str = "complaint_water") -> Any:
    path = tmp_path / "answers.json"
    path.write_text(json.dumps(answers), encoding="utf-8")
    out, err = io.StringIO(), io.StringIO()
    status = 0
    try:
        call_command("request", code, "--answers", str(path), *more, stdout=out, stderr=err)
    except SystemExit as error:
        status = int(error.code or 0)
    return status, out.getvalue(), err.getvalue()


def test_a_request_is_opened_and_told_as_json(tmp_path: Path) -> None:
    published_type("complaint_water")
    photo = tmp_path / "fuite.png"
    photo.write_bytes(picture_bytes("fuite"))
    more = ("--file", f"photo={photo}", "--contact", "a@example.org", "--json")
    status, out, err = run(tmp_path, WATER, *more)
    assert (status, err) == (0, "")
    told, request = json.loads(out), Request.objects.get()
    assert list(told) == ["number", "tracking_code", "stage", "due_on", "waiting_for"]
    assert told["number"] == request.letter.number
    assert told["tracking_code"] == code_of(request.letter_id)
    assert (told["stage"], told["waiting_for"]) == ("received", None)
    assert told["due_on"]
    assert request.letter.sender is not None
    assert request.letter.sender.email == "a@example.org"
    assert any("fuite.png" in row.title for row in request.letter.documents.all())


def test_each_wrong_field_is_a_line_and_nothing_is_registered(tmp_path: Path) -> None:
    published_type("complaint_water")
    (tmp_path / "x.exe").write_bytes(b"MZ\x90\x00")
    wrong = {**WATER, "problem": "fire", "since": "tomorrow", "other": 1}
    more = ("--json", "--file", f"photo={tmp_path / 'x.exe'}", "--contact", "nobody@")
    status, out, err = run(tmp_path, wrong, *more)
    assert (status, out) == (2, "")
    named = {line.partition(": ")[0] for line in err.splitlines()}
    assert named == {"problem", "since", "other", "photo", "email"}
    assert not Letter.objects.exists()


def test_the_same_key_gives_the_same_number(tmp_path: Path) -> None:
    published_type("complaint_water")
    numbers = {
        json.loads(run(tmp_path, WATER, "--json", "--key", "one")[1])["number"] for _ in range(2)
    }
    assert len(numbers) == 1
    assert Request.objects.count() == 1


@pytest.mark.parametrize(
    "more", [("--file", "photo"), ("--file", "photo=/none"), ("--as", "nobody")]
)
def test_bad_input_is_one_line(tmp_path: Path, more: tuple[str, ...]) -> None:
    published_type("complaint_water")
    with pytest.raises(CommandError) as raised:
        run(tmp_path, WATER, *more)
    assert raised.value.returncode == 2


def test_an_unknown_service_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(CommandError) as raised:
        run(tmp_path, WATER, code="nothing")
    assert raised.value.returncode == 2


def test_the_answers_become_a_paper_at_once(tmp_path: Path) -> None:
    published_type("complaint_water")
    run(tmp_path, WATER, "--language", "ar")
    letter = Letter.objects.get()
    titles = list(letter.documents.order_by("position").values_list("title", flat=True))
    assert titles == ["request.pdf", "answers.json"]
    assert not Job.objects.filter(kind="request.draw").exists()


def test_long_answers_are_text_at_once_and_a_paper_later_once(tmp_path: Path) -> None:
    content = content_of(code="essay")
    content["pages"][0]["fields"][-1]["max"] = 9000
    published_type(content)
    long = {**WATER, "description": "ماء كثير في الطريق. " * 400}
    run(tmp_path, long, "--language", "ar", code="essay")
    letter = Letter.objects.get()
    assert letter.documents.order_by("position")[0].title == "request.txt"
    drain("request.draw")
    job = Job.objects.get(kind="request.draw")
    drawing.save_request_drawn(job.subject, b"%PDF-again")
    papers = letter.documents.filter(media_type="application/pdf")
    assert [row.title for row in papers] == [f"{letter.number.replace('/', '-')}-request.pdf"]
    assert letter.events.filter(kind="request_drawn").count() == 1
