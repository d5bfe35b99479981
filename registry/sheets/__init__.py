"""Export of rows as files: CSV, XLSX and PDF, written chunk by chunk."""
