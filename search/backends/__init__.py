"""The two engines behind `search.contract`: Tantivy embedded, Elasticsearch for many machines."""
