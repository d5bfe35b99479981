"""Files of exports, as pages and the API serve them."""

from typing import Any

from django.http import FileResponse
from django.utils import timezone

from search.exports.models import Export
from web.middleware import FILE_POLICY

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "zip": "application/zip",
}


def answer_file(export: Export, stream: Any) -> FileResponse:
    """Return an export's bytes as a download."""
    name = f"sijill-{timezone.localtime(export.asked_at):%Y-%m-%d-%H%M}.{export.format}"
    answer = FileResponse(
        stream, as_attachment=True, filename=name, content_type=MEDIA_TYPES[export.format]
    )
    answer.headers["Content-Length"] = str(export.size)
    answer.headers["Content-Security-Policy"] = FILE_POLICY
    return answer


def is_waiting(export: Export) -> bool:
    """Return whether the export is still being made."""
    return export.finished_at is None and not export.problem


def is_there(export: Export) -> bool:
    """Return whether its file can be downloaded."""
    return bool(
        export.file_name and export.expires_at is not None and export.expires_at > timezone.now()
    )
