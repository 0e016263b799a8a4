"""Pages of partners, registrations and conflicts."""
