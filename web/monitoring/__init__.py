"""Monitoring of an office: whether each part answers, and figures for Prometheus."""
