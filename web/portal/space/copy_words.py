"""What is kept of a person, for the page: codes of services, stages and ways in words."""

from typing import Any

from django.utils.translation import get_language

from eservices.privacy.service_words import Services
from eservices.privacy.words import LEVELS, TOLD_BY


def in_words(everything: dict[str, Any]) -> dict[str, Any]:
    """Return everything of `copy.everything_of` in the active language."""
    services = Services((get_language() or "fr")[:2])
    return {
        **everything,
        "person": [_person(row) for row in everything["person"]],
        "requests_and_letters": services.spoken("requests", everything["requests_and_letters"]),
        "drafts": [_draft(row, services) for row in everything["drafts"]],
        "mandates": [
            {**row, "services": [services.name(code) for code in row["services"]]}
            for row in everything["mandates"]
        ],
    }


def _person(row: dict[str, Any]) -> dict[str, Any]:
    told = dict(row["preferences"])
    if told.get("told_by") in TOLD_BY:
        told["told_by"] = str(TOLD_BY[told["told_by"]])
    level = str(LEVELS.get(row["identity_level"], row["identity_level"]))
    return {**row, "preferences": told, "identity_level": level}


def _draft(row: dict[str, Any], services: Services) -> dict[str, Any]:
    code = row["service_code"]
    (said,) = services.spoken("drafts", [{"service": code, "answers": row["answers"]}])
    told = {name: value for name, value in row.items() if name != "service_code"}
    return {**told, "answers": said["answers"]}
