"""Values into what is read in a terminal: only here is rich."""
