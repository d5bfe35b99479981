"""What spreadsheets save in place of a CSV in UTF-8: workbooks, and text in UTF-16."""

from typing import Final

from django.utils.translation import gettext_lazy as _

WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # of Excel and LibreOffice, new and old
UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")  # “Unicode text” of a spreadsheet
NO_WORKBOOK: Final = _("This is a workbook. Save it as “CSV UTF-8”, and bring that file.")
