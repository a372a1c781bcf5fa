"""Exports in, tables out: the bytes of a file into exact records, and DuckDB over them (only here)."""
