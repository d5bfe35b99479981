"""Backups of an office: its database, its originals and its keys, to a folder, SFTP or S3.

Originals are copied once and never again; what is written is encrypted for the keys of
age recipients. A snapshot counts once its manifest is there, and that is written last.
"""
