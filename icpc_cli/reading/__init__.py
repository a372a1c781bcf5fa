"""Files into settled records: bytes, dialects, workbooks, columns. The only room that knows how exports look."""
