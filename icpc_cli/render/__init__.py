"""Values into what is read: terminal text (only here is rich), and JSON."""
