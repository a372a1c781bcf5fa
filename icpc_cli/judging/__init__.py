"""Settled records into findings, coverage and figures: the only room with a database."""
