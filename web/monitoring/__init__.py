"""What monitoring asks of an office: whether each part answers, and figures for Prometheus."""
