"""Who: people, departments, memberships, absences, the working calendar."""
