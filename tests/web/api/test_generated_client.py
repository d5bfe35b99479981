"""A client generated out of the API's document: it imports whole and walks the main job."""

import importlib
import io
import json
import pkgutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.factories import api_key, drain, pdf_bytes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
NAME = "generated_sijill"
# The generator knows no PDF; its documentation names this way to say what one is.
CONFIGURATION = {"content_type_overrides": {"application/pdf": "application/octet-stream"}}


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, client: Client) -> Iterator[Any]:
    """The generated package."""
    document, settings = tmp_path / "schema.json", tmp_path / "settings.json"
    document.write_bytes(client.get("/api/schema/").content)
    settings.write_text(json.dumps(CONFIGURATION))
    generate = [sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none"]
    files = ["--path", str(document), "--config", str(settings), "--output-path"]
    done = subprocess.run(
        [*generate, *files, str(tmp_path / NAME)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WARNING parsing" not in done.stdout
    monkeypatch.syspath_prepend(str(tmp_path))
    yield importlib.import_module(NAME)
    for name in [name for name in sys.modules if name.split(".")[0] == NAME]:
        del sys.modules[name]


def every_module(package: Any) -> list[str]:
    return [found.name for found in pkgutil.walk_packages(package.__path__, f"{NAME}.")]


def test_the_client_imports_whole_and_walks_the_main_job(package: Any, live_server: Any) -> None:
    modules = every_module(package)
    for name in modules:
        importlib.import_module(name)
    assert len([name for name in modules if ".api." in name]) > 110
    walk(package, live_server.url)


def walk(package: Any, address: str) -> None:
    """Deposit with a file, find, assign, accept, answer and follow, as three people."""

    def of(username: str) -> Any:
        return package.AuthenticatedClient(
            base_url=address,
            token=api_key(username),
            prefix="Token",
            raise_on_unexpected_status=True,
        )

    models = importlib.import_module(f"{NAME}.models")
    types = importlib.import_module(f"{NAME}.types")
    call = operations(package)
    amina, badr, dounia = of("amina"), of("badr"), of("dounia")
    paper = types.File(io.BytesIO(pdf_bytes("Une fuite")), "fuite.pdf", "application/pdf")
    body = models.DepositIn(files=[paper], subject="Fuite rue des Orangers")
    letter = call("deposit_letter")(client=amina, body=body, idempotency_key="once")
    assert [file.title for file in letter.files] == ["fuite.pdf"]
    again = call("deposit_letter")(
        client=amina,
        body=models.DepositJsonIn(subject="Autre", message="x"),
        idempotency_key="once",
    )
    assert again.error.code == "key_used"
    drain()
    found = call("search")(client=amina, q="Orangers")
    assert [hit.letter.number for hit in found.hits] == [letter.number]
    content = call("get_content")(letter.id, letter.files[0].id, client=amina)
    assert content.payload.read().startswith(b"%PDF")
    to = models.AssignIn(department="EAU", role=models.AssignInRoleEnum.ACTION)
    given = call("assign_letter")(letter.id, client=amina, body=to)
    assert call("accept_assignment")(given.id, client=badr).person == "badr"
    answer(call, models, letter.id, author=badr, head=dounia)
    followed = [event.kind for event in call("list_events")(letter.id, client=amina).events]
    assert {"registered", "assigned", "accepted", "reply_sent"} <= set(followed)
    assert call("get_letter")(letter.id, client=amina).replies[0].number


def answer(call: Callable[[str], Any], models: Any, letter: Any, *, author: Any, head: Any) -> None:
    """Write a reply, have it approved, send it."""
    body = models.ReplyDraftJsonIn(subject="Réponse", body="La fuite est réparée.")
    reply = call("draft_reply")(letter, client=author, body=body)
    assert (
        call("submit_reply")(reply.id, client=author, body=models.SubmitIn()).state == "submitted"
    )
    call("approve_reply")(reply.id, client=head, body=models.StepIn())
    way = models.SendIn(method=models.SendIn.from_dict({"method": "handed_over"}).method)
    way.address = "Mme Idrissi"
    assert call("send_reply")(reply.id, client=author, body=way).number
    drain("reply.dispatch")


def operations(package: Any) -> Callable[[str], Any]:
    """Return a function that finds an operation's `sync` by its id, whatever its tag."""
    places = {name.rsplit(".", 1)[1]: name for name in every_module(package) if ".api." in name}
    return lambda operation: importlib.import_module(places[operation]).sync
