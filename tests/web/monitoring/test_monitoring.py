"""What monitoring sees: parts, figures behind a token, ids on log lines, alerts that can fire."""

import json
import logging
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from config.logs import JsonLine
from jobs.log_context import current_fields, log_fields
from jobs.models import Job
from jobs.outbox import enqueue
from jobs.runner import run_job
from registry.kinds import RegistryJob
from registry.models.letters import Letter
from registry.models.registers import NumberSeries, Register
from tests.factories import deposit
from web.monitoring import parts

ROOT = Path(__file__).resolve().parents[3]
BOARD = ROOT / "docker" / "monitoring"
TOKEN = "a-token-of-monitoring"


def _figures(client: Client, settings: Any) -> dict[str, float]:
    """Each sample by name and labels, as Prometheus reads them."""
    settings.METRICS_TOKEN = TOKEN
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.content.decode())
    return {
        " ".join([sample.name, *sample.labels.values()]): sample.value
        for family in families
        for sample in family.samples
    }


@pytest.fixture(autouse=True)
def _looked_at_afresh() -> Iterator[None]:
    parts.forget()
    yield
    parts.forget()


@pytest.mark.django_db
def test_an_office_is_ready_and_names_its_parts(client: Client) -> None:
    answer = client.get("/readyz")
    told = answer.json()
    assert (answer.status_code, told["ready"]) == (200, True)
    assert set(told["parts"]) == {*parts.NEEDED, *parts.OTHERS}
    assert told["parts"]["worker"] is False  # which holds up no deposit


@pytest.mark.django_db
def test_without_a_needed_part_it_is_not_ready(client: Client, settings: Any) -> None:
    client.get("/readyz")
    settings.DATA_DIR = "/nowhere"
    assert client.get("/readyz").status_code == 200  # said anew once some seconds are over
    parts.forget()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["parts"]["disk"]) == (503, False)


def test_a_crowd_waits_for_no_part_that_is_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on, asked = threading.Event(), threading.Event(), []

    def slow() -> dict[str, bool]:
        asked.append(1)
        begun.set()
        assert go_on.wait(30)
        return {"disk": False}

    monkeypatch.setattr(parts, "_lately", (-60.0, {"disk": True}))
    monkeypatch.setattr(parts, "check_parts", slow)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(parts.checked_lately)
        assert begun.wait(30)
        assert [parts.checked_lately() for _each in range(5)] == [{"disk": True}] * 5
        go_on.set()
        assert first.result(30) == {"disk": False}
    assert parts.checked_lately() == {"disk": False}
    assert len(asked) == 1


def test_without_its_database_nothing_more_is_asked(client: Client) -> None:
    found = parts.check_parts()  # a test without the mark may not reach it
    assert found == {"database": False}
    assert not parts.is_ready(found)


@pytest.mark.django_db
@pytest.mark.parametrize("given", ["", "Bearer", "Bearer wrong", f"Token {TOKEN}"])
def test_figures_are_told_to_nobody_else(client: Client, settings: Any, given: str) -> None:
    settings.METRICS_TOKEN = TOKEN
    assert client.get("/metrics", headers={"Authorization": given}).status_code == 404
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.django_db
def test_figures_count_what_waits_and_what_is_late(client: Client, settings: Any) -> None:
    before = _figures(client, settings)
    letter = deposit().letter
    Letter.objects.filter(pk=letter.pk).update(due_on=timezone.localdate() - timedelta(days=1))
    minutes = Register.objects.get(direction="minutes")
    minutes = Register.objects.filter(direction="minutes")[0]
    NumberSeries.objects.create(register=minutes, year=1999, last=7)
    Job.objects.filter(kind=RegistryJob.LETTER_INDEX, subject=str(letter.pk)).update(
        created_at=timezone.now() - timedelta(hours=1)
    )
    after = _figures(client, settings)
    assert after["sijill_letters"] == before["sijill_letters"] + 1
    assert after["sijill_terms_missed"] == before["sijill_terms_missed"] + 1
    assert after["sijill_index_delay_seconds"] >= 3600
    assert after["sijill_jobs fast ready"] > before.get("sijill_jobs fast ready", 0)
    assert after["sijill_up database"] == 1


@pytest.mark.django_db
def test_alerts_and_board_name_figures_that_exist(client: Client, settings: Any) -> None:
    deposit()
    known = {name.split(" ")[0] for name in _figures(client, settings)}
    known |= {"sijill_verify_age_seconds", "sijill_backup_age_seconds"}  # after the first of each
    alerts = yaml.safe_load((BOARD / "alerts.yml").read_text())
    rules = [rule for group in alerts["groups"] for rule in group["rules"]]
    board = json.loads((BOARD / "grafana.json").read_text())
    asked = [rule["expr"] for rule in rules]
    asked += [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    assert len(rules) >= 8
    assert all(rule["annotations"]["summary"] for rule in rules)
    used = {name for expression in asked for name in re.findall(r"sijill_\w+", expression)}
    assert used <= known


def test_a_request_has_a_name_in_its_answer(client: Client, settings: Any) -> None:
    own = {"X-Request-ID": "proxy-1234567"}
    assert client.get("/healthz", headers=own)["X-Request-ID"] != "proxy-1234567"
    settings.PROXIES = 1
    assert client.get("/healthz", headers=own)["X-Request-ID"] == "proxy-1234567"
    for odd in ("", "short", "a b c d e f g h", "x" * 65, "line\nfeed-1"):
        made = client.get("/healthz", headers={"X-Request-ID": odd})["X-Request-ID"]
        assert re.fullmatch(r"[0-9a-f]{16}", made)


def test_a_json_line_holds_its_ids_and_no_words_of_errors() -> None:
    failure = ValueError("Zineb")
    with log_fields(request="r-1", subject=""):
        try:
            raise failure
        except ValueError as error:
            told = (ValueError, error, error.__traceback__)
            record = logging.LogRecord("x", logging.ERROR, "", 0, "failed %s", ("here",), told)
            line = json.loads(JsonLine().format(record))
    assert (line["message"], line["request"], line["level"]) == ("failed here", "r-1", "ERROR")
    assert re.search(r"[+-]\d\d:\d\d$", line["time"])
    assert "Zineb" not in json.dumps(line)
    assert "subject" not in line


@pytest.mark.django_db
def test_lines_of_a_job_name_it(caplog: pytest.LogCaptureFixture) -> None:
    letter = deposit().letter
    seen: list[dict[str, str]] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            seen.append(dict(current_fields()))

    handler = Keep()
    logging.getLogger().addHandler(handler)
    try:
        enqueue(RegistryJob.LETTER_INDEX, "no-letter")
        job = Job.objects.get(subject="no-letter")
        with log_fields(job="other"):
            run_job(job.pk)
    finally:
        logging.getLogger().removeHandler(handler)
    assert letter.pk
    assert seen
    assert {one["job"] for one in seen} == {str(job.pk)}
    assert current_fields() == {}
