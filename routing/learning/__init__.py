"""The classifier of kind and department: trained in the office, judged, versioned."""
