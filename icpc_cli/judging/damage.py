"""What a spreadsheet, or joining files, did to an export: recognised and named, so that nobody wonders later.

Source: the specification of the issue; what Excel does to numbers, dates and empty cells.
"""

import re
from collections.abc import Iterable, Iterator

from icpc_cli.checks.cells import consultation
from icpc_cli.guideline.names import repaired
from icpc_cli.judging.database import Database
from icpc_cli.judging.judge import Judge
from icpc_cli.judging.ledger import COURSE_IDS, WHOSE
from icpc_cli.judging.load import OWNERS
from icpc_cli.outcomes import Notice, NoticeId
from icpc_cli.reading.inputs import Loaded
from icpc_cli.reading.records import RecordFault
from icpc_cli.voice import cpr

SCIENTIFIC = "[0-9]([,.][0-9]+)?E[+][0-9]+"
"""A long number as a spreadsheet shows it in a narrow column: ``1,01E+09``."""
NOBODY = "'-', '*', '?', '.', '_', '#', '/'"
"""Signs with which a cell begins, in SQL, that hides who it is about, or has nobody: ``******-****``."""
_LOST = re.compile(r"\ufffd|(?<=[^\W\d_])\?(?=[a-zæøå])|\b[b-df-hj-np-tv-xz]{2,}\?(?!\w)")
"""A letter that was replaced because an encoding lacked it; ``kn?`` has lost its only vowel."""
_FOREIGN = re.compile(
    r"(?<=[^\W\d_])[‘\u203a¾¿µ°¯├√]|(?<=[^\W\d_])[†ŒÕÊ](?=[a-zæøå])|[\x80-\x84\x86-\x9f]|[†Œ\u203a¿](?=[a-zæøå]{2})(?<!\w.)"
)
"""How Danish letters of DOS and Mac encodings look as Windows-1252, and the other way round, in or before a word."""
_OTHER_ENCODINGS = ("windows-1252", "cp850", "mac_roman")
_DANISH = frozenset("æøåÆØÅéèüöäÉÜÖÄ–’”“…§½")
_SERVICE_WITHOUT_ZERO = re.compile("[1-9][0-9]{2}")


def notices(judge: Judge, loaded: Loaded) -> Iterator[Notice]:
    """What happened to one file, each with the number of rows and the first of them."""
    source = loaded.input
    yield from _rows_set_apart(loaded)
    yield from _cells_not_there(loaded)
    for role, header in source.columns.mistaken:
        yield Notice(NoticeId.OTHER_KIND, header, 1, source.dialect.header_row, role)
    yield from _letters(judge, loaded)
    yield from _not_understood(judge, loaded)
    looked_for = list(_damages(judge, loaded))
    if not looked_for:
        return
    figures = ", ".join(f"count(*) FILTER ({where}), min(record) FILTER ({where})" for _, _, where in looked_for)
    source_records = f"record BETWEEN {source.base} AND {source.base + loaded.outcome.last}"
    found = judge.database.execute(f"SELECT {figures} FROM loaded WHERE {source_records}").fetchone() or ()
    for (notice, header, _), count, first in zip(looked_for, found[::2], found[1::2], strict=True):
        if count:
            yield Notice(notice, header, count, first - source.base)


def _rows_set_apart(loaded: Loaded) -> Iterator[Notice]:
    """Rows that are no records."""
    if (header_row := loaded.input.dialect.header_row) > 1:
        yield Notice(NoticeId.HEADER_ROW, None, 1, header_row)
    faults = loaded.outcome.unreadable
    for fault, notice in ((RecordFault.HEADER, NoticeId.REPEATED_HEADER), (RecordFault.TOTALS, NoticeId.TOTALS_LINE)):
        if rows := [row for row, each in faults if each is fault]:
            yield Notice(notice, None, len(rows), rows[0])
    if loaded.outcome.hollow:
        yield Notice(NoticeId.EMPTY_ROWS, None, loaded.outcome.hollow, None)


def _cells_not_there(loaded: Loaded) -> Iterator[Notice]:
    """Cells that a spreadsheet, or a program that writes workbooks, left out."""
    sheet, dialect = loaded.input.sheet, loaded.input.dialect
    if short := dialect.short:
        yield Notice(NoticeId.LEFT_OUT_CELLS, None, len(short), min(short))
    if dialect.dangling > 0:
        yield Notice(NoticeId.LEFT_OUT_CELLS, None, loaded.read, dialect.header_row + 1)
    elif dialect.dangling:
        yield Notice(NoticeId.LEFT_OUT_CELLS, None, 1, dialect.header_row)
    if sheet:
        hidden = [row for row in sheet.hidden if row > dialect.header_row]
        of_sheet = (
            (NoticeId.FORMULAS, sheet.formulas),
            (NoticeId.MERGED_CELLS, sheet.merged),
            (NoticeId.HIDDEN_ROWS, hidden),
        )
        for notice, rows in of_sheet:
            if rows:
                yield Notice(notice, None, len(rows), rows[0])


def _not_understood(judge: Judge, loaded: Loaded) -> Iterator[Notice]:
    """Numbers of consultations that cannot be read, and course ids that several patients share."""
    columns, source = loaded.input.columns, loaded.input
    counts = [
        (raw, "consultation", number)
        for raw, number in judge.values["consultation"].items()
        if raw.strip() and consultation(raw) is None
    ]
    count, first = _rows_with(judge.database, loaded, counts)
    if count:
        yield Notice(NoticeId.CONSULTATIONS, columns.header("consultation"), count, first)
    if columns.header("course_id") and columns.header("patient"):
        differ = f"differ AND member BETWEEN {source.base} AND {source.base + loaded.outcome.last}"
        shared = (
            f"SELECT member FROM {WHOSE} JOIN (SELECT * FROM {COURSE_IDS} WHERE {differ}) USING (clinic, course_id) "
            "GROUP BY member HAVING min(nullif(who, '')) <> max(who)"
        )
        query = f"SELECT count(*), min(member) FROM ({shared})"
        count, first = judge.database.execute(query).fetchone() or (0, None)
        if first is not None:
            yield Notice(NoticeId.SHARED_COURSES, columns.header("course_id"), count, first - source.base)


def _letters(judge: Judge, loaded: Loaded) -> Iterator[Notice]:
    """Letters that are broken, and those that were repaired where it is certain what they were."""
    mended, broken = [], []
    for role, raws in judge.values.items():
        for raw, number in raws.items():
            if raw.isascii() and "?" not in raw:
                continue
            if repaired(raw) != raw:
                mended.append((raw, role, number))
            elif _LOST.search(raw) or _FOREIGN.search(raw):
                broken.append((raw, role, number))
    headers = loaded.input.columns.headers
    in_header = any(_LOST.search(header) or _FOREIGN.search(header) for header in headers)
    count, first = _rows_with(judge.database, loaded, mended)
    if count:
        yield Notice(NoticeId.REPAIRED_LETTERS, None, count, first)
    count, first = _rows_with(judge.database, loaded, broken)
    if count or in_header:
        encoding = _better_encoding(loaded.input.dialect.encoding.name, [*headers, *(raw for raw, _, _ in broken)])
        notice = NoticeId.OTHER_ENCODING if encoding else NoticeId.BROKEN_LETTERS
        first = loaded.input.dialect.header_row if in_header else first
        yield Notice(notice, None, count + in_header, first, encoding)


def _rows_with(database: Database, loaded: Loaded, cells: Iterable[tuple[str, str, int]]) -> tuple[int, int | None]:
    """How many records of a file hold one of these values (raw, role, number), and the row of the first."""
    numbers: dict[str, list[int]] = {}
    for _, role, number in cells:
        numbers.setdefault(role, []).append(number)
    if not numbers:
        return 0, None
    source = loaded.input
    places = " UNION ".join(
        f"SELECT record FROM loaded WHERE {role} IN (SELECT unnest(${place}::INTEGER[]))"
        for place, role in enumerate(numbers, start=1)
    )
    count, first = database.execute(
        f"SELECT count(*), min(record) FROM ({places}) "
        f"WHERE record BETWEEN {source.base} AND {source.base + loaded.outcome.last}",
        list(numbers.values()),
    ).fetchone() or (0, None)
    return count, None if first is None else first - source.base


def _better_encoding(encoding: str, texts: Iterable[str]) -> str | None:
    """The encoding in which broken texts are Danish, when they were read in another one-byte encoding."""
    if encoding.startswith("utf"):
        return None
    broken = [text.encode(encoding, "replace") for text in texts if _FOREIGN.search(text)]
    mended = {
        each: sum(_is_danish(text.decode(each, "replace")) for text in broken)
        for each in _OTHER_ENCODINGS
        if each != encoding
    }
    best = max(mended, key=lambda each: mended[each])
    return best if 2 * mended[best] > len(broken) else None


def _is_danish(text: str) -> bool:
    return not _FOREIGN.search(text) and all(letter.isascii() or letter in _DANISH for letter in text)


def _damages(judge: Judge, loaded: Loaded) -> Iterator[tuple[NoticeId, str, str]]:
    """What to look for: the notice, the header of the column, and the condition in SQL on a record."""
    headers = {role: loaded.input.columns.header(role) for role in (*OWNERS, "service")}
    for role in OWNERS if "scientific" in judge.met else ():
        if header := headers[role]:
            # The cheap condition comes first: hardly any record meets it.
            where = f"CASE WHEN contains({role}, 'E+') THEN regexp_full_match({role}, '{SCIENTIFIC}') ELSE false END"
            yield NoticeId.SCIENTIFIC, header, where
    for role in OWNERS:
        if role in judge.met and (header := headers[role]):
            nobody = f"left({role}, 1) IN ({NOBODY}) AND NOT regexp_matches({role}, '[[:alnum:]]')"
            yield NoticeId.NOBODY, header, nobody
    if (header := headers["patient"]) and "nine" in judge.met:
        where = f"CASE WHEN length(patient) = 9 THEN regexp_full_match(patient, '{cpr.NINE}') ELSE false END"
        yield NoticeId.LOST_ZERO_CPR, header, where
    short = [number for raw, number in judge.values["service"].items() if _SERVICE_WITHOUT_ZERO.fullmatch(raw.strip())]
    if (header := headers["service"]) and short:
        yield NoticeId.LOST_ZERO_SERVICE, header, f"service IN ({', '.join(map(str, short))})"
