"""Rows as files that people take along: CSV, XLSX and PDF, written chunk by chunk."""
