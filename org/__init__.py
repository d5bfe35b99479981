"""People, departments, memberships, absences and the working calendar."""
