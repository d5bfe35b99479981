"""The API against its own document: schemathesis as three people, and by narrow tokens."""

import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
import schemathesis
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from django.urls import resolve
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.failures import FailureGroup

from identity.models import Area
from registry.models.letters import Letter
from tests.factories import api_key
from tests.web.api.test_rights import scene  # noqa: F401  (a fixture)
from web.api.tokens import ALWAYS, AREAS

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PEOPLE: Final = ("amina", "badr", "admin")  # clerk, agent of the letter's department, administrator
EXAMPLES: Final = int(os.environ.get("CONTRACT_EXAMPLES", "3"))  # right ones, and as many wrong
CHECKED: Final = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
)
# Not asked: positive_data_acceptance. What no document can say (a code that this office does not
# have, a day that lies ahead, a letter that is closed) is refused with 400, as the document says.
# How what is wrong is refused; beside schemathesis' own, what is too long for any value to be read.
REFUSED: Final = [400, 401, 403, 404, 405, 406, 409, 413, 414, 415, 422, 429]
# The framework takes a number where a text is asked, and keeps its figures.
AS_TEXT: Final = re.compile(r"was string, became (integer|number)\b")
# docs/api.md: an empty value in a query counts as not given.
OF_QUERY: Final = re.compile(r"parameter `(\w+)` in query")
CALM: Final = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def schema() -> Iterator[Any]:
    """The document as it is served; requests leave the test's connection open."""
    load_all_checks()
    for signal in (signals.request_started, signals.request_finished):
        signal.disconnect(close_old_connections)
    refusals = {"negative_data_rejection": {"expected-statuses": REFUSED}}
    config = schemathesis.Config.from_dict({"checks": refusals})
    yield schemathesis.openapi.from_wsgi("/api/schema/", get_wsgi_application(), config=config)
    for signal in (signals.request_started, signals.request_finished):
        signal.connect(close_old_connections)


def test_the_api_does_what_its_document_says(
    schema: Any,
    scene: dict[str, dict[str, Any]],  # noqa: F811
) -> None:
    """As three people, and by tokens of Chafik, who is of another department than the letter.

    To make a call that fits the document costs more than the call: so all are asked the same ones.
    """
    narrow = {
        "letters": api_key("chafik", areas=[Area.LETTERS]),
        "reading": api_key("chafik", areas=[Area.LETTERS, Area.REPLIES], access="read"),
    }
    own = {name for name, area in AREAS.items() if area == Area.LETTERS} | ALWAYS
    letter = Letter.objects.get(pk=scene["letter"]["letter_id"])
    secret = [word.encode() for word in (letter.subject, letter.number, str(letter.pk))]

    def judged(case: Any, name: str, answer: Any) -> str:
        if name not in narrow:
            return ""
        if told := [word for word in secret if word in answer.content]:
            return f"tells {told}"
        open_to_all = {} in (case.operation.definition.raw.get("security") or [{}])
        done = answer.status_code < 400
        match = resolve(case.formatted_path)
        free = open_to_all or match.url_name in ALWAYS  # to end the token itself
        if name == "reading" and done and case.method != "GET" and not free:
            return "wrote by a token that only reads"
        wide = done and match.url_name not in own and not open_to_all
        return "opened another part" if wide and name == "letters" else ""

    hold(schema, scene, {name: api_key(name) for name in PEOPLE} | narrow, judged)


def hold(
    schema: Any,
    scene: dict[str, dict[str, Any]],  # noqa: F811
    keys: dict[str, str],
    judge: Callable[[Any, str, Any], str],
) -> None:
    """Try every operation by each key: as documented, and as `judge` has it ("": right)."""
    places = {name: str(value) for ids in scene.values() for name, value in ids.items()}
    failures: dict[str, list[str]] = defaultdict(list)
    for found in schema.get_all_operations():
        operation = found.ok()
        for mode in modes_of(operation):
            for told in tried(operation, mode, places, keys, judge):
                failures[f"{operation.label} {mode.value}"].append(told)
    listed = [f"{name} ({len(wrong)}): {wrong[0]}" for name, wrong in failures.items()]
    assert not failures, "\n\n".join(listed)


def modes_of(operation: Any) -> Iterator[Any]:
    """Right values always; wrong ones where anything but the address takes a value."""
    yield GenerationMode.POSITIVE
    if operation.body or operation.query:
        yield GenerationMode.NEGATIVE


def is_fine(failure: str, case: Any) -> bool:
    """Whether what was taken against the document is taken on purpose."""
    named = OF_QUERY.search(failure)
    is_empty = named is not None and (case.query or {}).get(named[1]) == ""
    return is_empty or bool(AS_TEXT.search(failure))


def tried(
    operation: Any,
    mode: Any,
    places: dict[str, str],
    keys: dict[str, str],
    judge: Callable[[Any, str, Any], str],
) -> list[str]:
    """Call the operation as each person, undo what it did; return what was not as documented."""
    wrong: list[str] = []
    mine = {told.name: places.get(told.name, "1") for told in operation.path_parameters}
    checks = CHECKS.get_by_names(CHECKED)

    @CALM
    @given(case=operation.as_strategy(mode, path_parameters=mine))
    def call(case: Any) -> None:
        case.headers.pop("If-Match", None)  # made up it would be stale, and nothing else be tried
        for name, key in keys.items():
            headers = {"Authorization": f"Token {key}", "Accept-Language": "en"}
            with transaction.atomic():
                answer = case.call(headers=headers)
                transaction.set_rollback(True)
            if found := judge(case, name, answer):
                wrong.append(f"{name}: {found}\n{answer.status_code} {case.as_curl_command()}")
            try:
                case.validate_response(answer, checks=checks)
            except FailureGroup as group:
                told = [one for one in map(str, group.exceptions) if not is_fine(one, case)]
                called = f"{answer.status_code} {case.as_curl_command()}"
                wrong.extend(f"{name}: {failure}\n{called}" for failure in told)

    call()
    return wrong
