"""What a spreadsheet, or joining files, did to an export: recognised and named, so that nobody wonders later.

Source: the specification of the issue; what Excel does to numbers, dates and empty cells.
"""

import re
from collections.abc import Iterator, Mapping

import duckdb

from icpc_cli.exports.load import Loaded
from icpc_cli.exports.records import Fault
from icpc_cli.model import Notice, NoticeId

SCIENTIFIC = "[0-9]([,.][0-9]+)?E[+][0-9]+"
"""A long number as a spreadsheet shows it in a narrow column: ``1,01E+09``."""
_NINE_DIGITS_OF_CPR = "[1-9](0[1-9]|1[0-2])[0-9]{6}"
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
    for role in ("patient", "course_id"):
        yield from _long_numbers(database, loaded, role)
    yield from _services(database, values, loaded)


def _records(loaded: Loaded) -> str:
    return f"record BETWEEN {loaded.input.base} AND {loaded.input.base + loaded.outcome.last}"


def _long_numbers(database: duckdb.DuckDBPyConnection, loaded: Loaded, role: str) -> Iterator[Notice]:
    """Numbers shown as ``1,01E+09``, and CPR numbers that lost the zero they began with."""
    header = loaded.input.columns.header(role)
    if header is None:
        return
    damages = {NoticeId.SCIENTIFIC: SCIENTIFIC, NoticeId.LOST_ZERO_CPR: _NINE_DIGITS_OF_CPR}
    for notice, shape in damages.items():
        if notice is NoticeId.LOST_ZERO_CPR and role != "patient":
            continue
        likely = "length(patient) = 9" if notice is NoticeId.LOST_ZERO_CPR else f"contains({role}, 'E+')"
        where = f"CASE WHEN {likely} THEN regexp_full_match({role}, '{shape}') ELSE false END"
        yield from _found(database, loaded, notice, header, where)


def _services(
    database: duckdb.DuckDBPyConnection, values: Mapping[str, Mapping[str, int]], loaded: Loaded
) -> Iterator[Notice]:
    """Service codes, which have four digits, of three: the zero they began with was lost."""
    header = loaded.input.columns.header("service")
    short = [number for raw, number in values["service"].items() if _SERVICE_WITHOUT_ZERO.fullmatch(raw.strip())]
    if header is not None and short:
        yield from _found(
            database, loaded, NoticeId.LOST_ZERO_SERVICE, header, f"service IN ({', '.join(map(str, short))})"
        )


def _found(
    database: duckdb.DuckDBPyConnection, loaded: Loaded, notice: NoticeId, header: str, where: str
) -> Iterator[Notice]:
    row = database.execute(f"SELECT count(*), min(record) FROM loaded WHERE {where} AND {_records(loaded)}").fetchone()
    if row and row[0]:
        yield Notice(notice, header, row[0], row[1] - loaded.input.base)
