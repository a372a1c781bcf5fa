"""What a spreadsheet, or joining files, did to an export: recognised and named, so that nobody wonders later.

Source: the specification of the issue; what Excel does to numbers, dates and empty cells.
"""

import re
from collections.abc import Iterator, Mapping

import duckdb

from icpc_cli.outcomes import Notice, NoticeId
from icpc_cli.reading.inputs import Loaded
from icpc_cli.reading.records import Fault

SCIENTIFIC = "[0-9]([,.][0-9]+)?E[+][0-9]+"
"""A long number as a spreadsheet shows it in a narrow column: ``1,01E+09``."""
_NINE_OF_CPR = "[1-9](0[1-9]|1[0-2])[0-9]{6}"
_SERVICE_WITHOUT_ZERO = re.compile("[1-9][0-9]{2}")


def notices(
    database: duckdb.DuckDBPyConnection, values: Mapping[str, Mapping[str, int]], loaded: Loaded
) -> Iterator[Notice]:
    """What happened to one file, each with the number of rows and the first of them."""
    source = loaded.input
    if source.dialect.header_row > 1:
        yield Notice(NoticeId.HEADER_ROW, None, 1, source.dialect.header_row)
    faults = [(row, fault) for row, fault in loaded.outcome.unreadable]
    for fault, notice in ((Fault.HEADER, NoticeId.REPEATED_HEADER), (Fault.TOTALS, NoticeId.TOTALS_LINE)):
        if rows := [row for row, each in faults if each is fault]:
            yield Notice(notice, None, len(rows), rows[0])
    if loaded.outcome.hollow:
        yield Notice(NoticeId.EMPTY_ROWS, None, loaded.outcome.hollow, None)
    looked_for = list(_damages(values, loaded))
    if not looked_for:
        return
    figures = ", ".join(f"count(*) FILTER ({where}), min(record) FILTER ({where})" for _, _, where in looked_for)
    source_records = f"record BETWEEN {source.base} AND {source.base + loaded.outcome.last}"
    found = database.execute(f"SELECT {figures} FROM loaded WHERE {source_records}").fetchone() or ()
    for (notice, header, _), count, first in zip(looked_for, found[::2], found[1::2], strict=True):
        if count:
            yield Notice(notice, header, count, first - source.base)


def _damages(values: Mapping[str, Mapping[str, int]], loaded: Loaded) -> Iterator[tuple[NoticeId, str, str]]:
    """What to look for: the notice, the header of the column, and the condition in SQL on a record."""
    headers = {role: loaded.input.columns.header(role) for role in ("patient", "course_id", "service")}
    for role in ("patient", "course_id"):
        if header := headers[role]:
            # The cheap condition comes first: hardly any record meets it.
            where = f"CASE WHEN contains({role}, 'E+') THEN regexp_full_match({role}, '{SCIENTIFIC}') ELSE false END"
            yield NoticeId.SCIENTIFIC, header, where
    if header := headers["patient"]:
        where = f"CASE WHEN length(patient) = 9 THEN regexp_full_match(patient, '{_NINE_OF_CPR}') ELSE false END"
        yield NoticeId.LOST_ZERO_CPR, header, where
    short = [number for raw, number in values["service"].items() if _SERVICE_WITHOUT_ZERO.fullmatch(raw.strip())]
    if (header := headers["service"]) and short:
        yield NoticeId.LOST_ZERO_SERVICE, header, f"service IN ({', '.join(map(str, short))})"
