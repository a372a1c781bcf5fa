"""Values into files and into what other programs read: JSON, JSON lines, CSV, annotated cells."""
