"""What a clinic says once for all of its exports, in ``icpc.toml``: found, read strictly, proposed, and written.

Everything is read and checked at once; a :class:`Settings` knows no file afterwards.
"""
