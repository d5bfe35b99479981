"""Vector indexes: embedded, and in Elasticsearch."""
