"""Writing the city into the database, through the services of the apps that own the tables."""
