"""Forms of services: question pages, papers, who asks, check your answers, deposit."""
