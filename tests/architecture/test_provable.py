"""Every table is covered by the ledger, or named with its reason; nothing writes past it."""

import re
from pathlib import Path

from django.apps import apps

from config.provable import COVERAGE, always_sealed
from ledger.coverage import covered_models
from registry.models.sealed import Sealed
from tools.check import HOUSE

ROOT = Path(__file__).resolve().parents[2]
LABELS = {model._meta.label_lower for model in apps.get_models(include_auto_created=True)}
APPS = {config.label for config in apps.get_app_configs()}
# Where SQL is written by hand that changes rows, each with the reason why no entry is lost.
BY_HAND = {
    "eservices/bank/counting.py": "counts of calls: exempt",
    "eservices/contracts/bulk_rows.py": "makes one entry a batch itself",
    "eservices/relations/orders.py": "takes a number of the year: exempt",
    "jobs/outbox.py": "jobs: exempt",
    "ledger/recording.py": "the entries themselves",
    "ledger/sequencing.py": "fills the place of entries in the log",
    "registry/append_only.py": "makes triggers",
    "registry/book/numbering.py": "takes a number: series are proven by events and closings",
    "registry/deposit_files.py": "makes an entry of the new files itself",
    "search/backends/meaning/rows.py": "vectors: exempt",
    "web/throttle.py": "counts of attempts: exempt",
}
CHANGES = re.compile(r"\b(INSERT INTO|UPDATE \"?\w+\"? SET|DELETE FROM|COPY \{|TRUNCATE)\b")


def test_what_is_excepted_exists_and_has_a_reason() -> None:
    assert set(COVERAGE.exempt) <= LABELS | APPS
    assert {*COVERAGE.only, *COVERAGE.left_out} <= LABELS - set(COVERAGE.exempt)
    assert all(len(reason) > 8 for reason in COVERAGE.exempt.values())


def test_columns_that_are_told_or_left_out_exist() -> None:
    for label, columns in (*COVERAGE.only.items(), *COVERAGE.left_out.items()):
        assert set(columns) <= {one.attname for one in apps.get_model(label)._meta.concrete_fields}


def test_rows_of_covered_tables_have_one_key() -> None:
    for shape in covered_models().values():
        assert shape.key.concrete, f"{shape.label} has no single key: except it, or give it one"


def test_a_sealed_row_that_may_lead_to_no_letter_is_told_by_entries_whole() -> None:
    """A bill's file and a department's own draft are sealed in no letter's events."""
    sealed = [one for one in apps.get_models() if issubclass(one, Sealed)]
    unsure = {one._meta.label_lower for one in sealed if not always_sealed(one)}
    assert {"registry.storedfile", "correspondence.replystep"} <= unsure
    assert not unsure & (set(COVERAGE.exempt) | set(COVERAGE.only))


def test_what_a_citizen_or_the_office_rests_on_is_covered() -> None:
    """What the issue names: each was once edited and nobody was told."""
    told = {shape.label for shape in covered_models().values()}
    sealed = {m._meta.label_lower for m in apps.get_models() if issubclass(m, Sealed)}
    assert {
        *("org.user_groups", "org.membership", "org.user", "registry.act", "routing.note"),
        *("registry.contact", "registry.contactevent", "registry.contactpoint"),
        *("correspondence.addressee", "correspondence.mailing", "channels.partnerkey"),
        *("registry.rendition", "registry.receipt", "registry.dailyclosing"),
        *("registry.letterevent", "payments.journalentry", "payments.payment", "bills.bill"),
        *("requests.request", "contracts.contract", "people.person", "bank.posting"),
    } <= told | sealed


def test_sql_that_changes_rows_by_hand_is_known() -> None:
    found = {
        path.relative_to(ROOT).as_posix()
        for package in HOUSE
        for path in (ROOT / package).rglob("*.py")
        if "migrations" not in path.parts and CHANGES.search(path.read_text(encoding="utf-8"))
    }
    assert found == set(BY_HAND)
