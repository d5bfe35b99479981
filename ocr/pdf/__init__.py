"""Pages of a PDF as they came: their own text put in order, judged, and their pictures."""
