"""Forms of services: question pages, papers, requester, check your answers, deposit."""
