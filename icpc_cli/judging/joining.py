"""Records of several files of one clinic into one: services here, the journal there. Source: specification of work.

Records fit each other when patient (or course id) and day are the same, and they contradict each other in nothing that
both state: course id, time of day, any role that both files have. Where each of two fits none but the other of its file
they are one record; of three files, where each fits each. What fits none or several is never guessed: it stays alone.
"""

from collections.abc import Iterable, Iterator, Sequence

from icpc_cli.judging.database import Database
from icpc_cli.judging.ledger import AMBIGUOUS, FITS, HEADS, JOINED, LOADED, MEANT, PAIRS, Table, alike, keys, meant
from icpc_cli.judging.load import NOTED, OWNERS, VALUES
from icpc_cli.outcomes import Notice, NoticeId, Role
from icpc_cli.reading.inputs import Loaded

_PLACED = (Role.SPECIALTY, Role.CODE, Role.CODE_TEXT, Role.NOTE)
"""The roles on whose cells findings of whole records stand."""
_MAY_DIFFER = (Role.DATE, Role.THERAPIST)
"""The roles that do not tell records apart: days are matched by what they mean, and therapists have many names."""
_HOURS, _MINUTES = (
    f"nullif(regexp_extract(time_of_day, '([0-9]+)[:.]([0-9]+)', {number}), '')::INTEGER" for number in (1, 2)
)
_AT = f"coalesce({_HOURS} * 60 + {_MINUTES}, 0)"
"""The time of day; midnight is none, for so spreadsheets write days."""
_BOTH_WAYS = " UNION ALL ".join(f"SELECT {one} AS record, record AS head FROM {PAIRS}" for one in ("record", "other"))
_FIRST = 1 << 50
"""More than the number of any record."""
_ALL_SILENT = (1 << len(NOTED)) - 1
_SHOWN = 5
"""Rows that a notice names."""


class Joiner:
    """Joins the records of a view of loaded files. ``keys`` is None where these are read one after the other."""

    def __init__(self, database: Database, loaded: Sequence[Loaded], kept: Sequence[str]) -> None:
        """``kept``: further columns, for figures."""
        self._database, self._loaded, self._kept = database, loaded, kept
        self._common = [role for role in VALUES if role not in _MAY_DIFFER and len(self._sides(role)) > 1]
        self._told = [*(f"meant_{role}" for role in self._common), "minutes"]
        joined = any(each.input.side is not None for each in loaded)
        self.keys: Table | None = keys(self._told) if joined else None

    def columns(self, view: str) -> dict[str, str]:
        """What the keys hold besides whose a record is and of which day, in SQL."""
        sides = " ".join(f"WHEN record <= {_last(each)} THEN {each.input.side}" for each in self._loaded)
        means = {f"meant_{role}": _meaning(role, view) for role in self._common}
        return {**means, "minutes": _AT, "side": f"CASE {sides} END", "clinic_id": f"{view}.clinic"}

    def join(self, view: str, whole: str) -> None:
        """Make ``whole`` of the records of the view, with those that belong together as one."""
        if self.keys is None:
            places = ", ".join(f"record AS {role}_at" for role in _PLACED)
            self._database.execute(f"CREATE VIEW {whole} AS SELECT *, {places} FROM {view}")
            return
        self._pair(self.keys)
        self._database.execute(f"CREATE TABLE {whole} AS {self._joined(view)}")
        self._settle_owners(self.keys, whole)
        for table in (self.keys, alike(self._told), FITS, PAIRS):
            self._database.execute(f"DROP TABLE {table}")

    def _pair(self, keys: Table) -> None:
        """Which records are one, and which fit several."""
        kinds = alike(self._told)
        names = ", ".join(name for name in kinds.columns if name not in ("rows", "record"))
        query = f"SELECT {names}, count(*) AS rows, min(record) AS record FROM {keys} WHERE day > 0 GROUP BY ALL"
        kinds.make(self._database, query)
        last = max(each.input.side or 0 for each in self._loaded)
        agree = " AND ".join(
            (f"a.side < b.side AND a.side < {last} AND b.side > 0",
             *(f"(a.{name} = b.{name} OR a.{name} = 0 OR b.{name} = 0)" for name in self._told))
        )  # fmt: skip
        both = "SELECT a.record, a.side, a.rows, b.record AS other, b.side AS beside, b.rows AS others"
        FITS.make(
            self._database,
            f"{both} FROM {kinds} a JOIN {kinds} b USING (day, who) WHERE who <> '' AND {agree} "
            "AND (a.course_id = b.course_id OR a.course_id = '' OR b.course_id = '') UNION ALL "
            f"{both} FROM {kinds} a JOIN {kinds} b USING (day, course_id) WHERE course_id <> '' AND {agree} "
            "AND (a.who = '' OR b.who = '')",
        )
        PAIRS.make(
            self._database,
            f"SELECT least(f.record, f.other) AS record, greatest(f.record, f.other) AS other FROM {FITS} f "
            f"ANTI JOIN (SELECT record, beside FROM {FITS} GROUP BY ALL HAVING sum(others) > 1) USING (record, beside) "
            f"ANTI JOIN (SELECT other, side FROM {FITS} GROUP BY ALL HAVING sum(rows) > 1) USING (other, side) "
            "WHERE rows = 1 AND others = 1",
        )
        if last > 1:
            self._keep_whole_groups()
        JOINED.add(self._database, f"SELECT record, min(head) AS head FROM ({_BOTH_WAYS}) GROUP BY record")
        fit = f"SELECT record FROM {FITS} UNION ALL SELECT other FROM {FITS}"
        left = f"SELECT * FROM {kinds} SEMI JOIN ({fit}) f USING (record) ANTI JOIN {JOINED} j USING (record)"
        AMBIGUOUS.add(self._database, f"SELECT record FROM {keys} SEMI JOIN ({left}) k USING ({names})")

    def _keep_whole_groups(self) -> None:
        """Of more than two sides, each record must be paired with each of its group; other pairs are taken away."""
        HEADS.make(self._database, f"SELECT record, min(head) AS head FROM ({_BOTH_WAYS}) GROUP BY record")
        pairs = f"{PAIRS} p JOIN {HEADS} h USING (record) JOIN {HEADS} o ON o.record = p.other"
        unlike = f"SELECT unnest([h.head, o.head]) AS head FROM {pairs} WHERE o.head <> h.head"
        part = (
            f"SELECT h.head FROM {pairs} GROUP BY h.head "
            f"HAVING count(*) < any_value((SELECT count(*) * (count(*) - 1) / 2 FROM {HEADS} m WHERE m.head = h.head))"
        )
        broken = f"SELECT record FROM {HEADS} SEMI JOIN ({unlike} UNION ALL {part}) USING (head)"
        self._database.execute(f"DELETE FROM {PAIRS} WHERE record IN ({broken}) OR other IN ({broken})")

    def _joined(self, view: str) -> str:
        """A query for the records of a view, each with those of other sides that are one with it."""
        means = "".join(f", {_meaning(role, 'v')} AS meant_{role}" for role in self._common)
        records = f"(SELECT v.*{means} FROM {view} v, {MEANT})"
        mates = {f"side_{each.input.side}": each.input.side for each in self._loaded}
        joins = "".join(
            f" LEFT JOIN (SELECT j.head, r.* FROM {JOINED} j JOIN {records} r USING (record) WHERE record <> head "
            f"AND ({_within((each for each in self._loaded if each.input.side == side), 'record')})) {mate} "
            f"ON {mate}.head = l.record"
            for mate, side in mates.items()
        )
        columns = ", ".join(f"{said} AS {name}" for name, said in self._columns(["l", *mates]).items())
        rest = f"SELECT record FROM {JOINED} WHERE record <> head"
        return f"SELECT {columns} FROM (SELECT * FROM {records} ANTI JOIN ({rest}) USING (record)) l{joins}"

    def _columns(self, rows: Sequence[str]) -> dict[str, str]:
        """The columns of a joined record in SQL: of each role the cell that states something, else a filled one."""

        def of(function: str, column: str) -> str:
            return f"{function}({', '.join(f'{row}.{column}' for row in rows)})"

        found = {"record": "l.record", "silent": " & ".join(f"coalesce({row}.silent, {_ALL_SILENT})" for row in rows)}
        for role in VALUES:
            found[role] = of("greatest", role)
            if role in self._common or (role is Role.CLINIC and self._files(Role.PROVIDER)):
                ranks = [self._rank(role, row) for row in rows]
                cases = " ".join(f"WHEN {rank} THEN {row}.{role}" for rank, row in zip(ranks, rows, strict=True))
                found[role] = f"CASE least({', '.join(ranks)}) {cases} END"
        for role in _PLACED:
            found[f"{role}_at"] = f"least({', '.join(self._rank(role, row) for row in rows)}) % {_FIRST}"
        for role in OWNERS:
            filled = ", ".join(f"nullif({row}.{role}, '')" for row in rows)
            found[role] = f"coalesce({filled}, '')"
        found |= {name: of("coalesce", name) for name in self._kept if name not in VALUES}
        notes = ", ".join(f"{row}.note" for row in rows)
        return found | {"note": f"nullif(concat_ws(chr(10), {notes}), '')"}

    def _rank(self, role: Role, row: str) -> str:
        """Which of the records that are one has the cell of a role: one of a file that has the column, states something
        there, or at least has something there.
        """
        empty = f"{row}.note IS NULL" if role is Role.NOTE else f"{row}.{role} = 0"
        unsaid = f"{row}.meant_{role} = 0" if role in self._common else empty
        order = (f"NOT ({self.having(role, f'{row}.record')})", unsaid, empty)
        ranks = (f"({each})::BIGINT * {_FIRST << 3 - place}" for place, each in enumerate(order))
        return f"{' + '.join(ranks)} + {row}.record"

    def _settle_owners(self, keys: Table, whole: str) -> None:
        """A record that stays alone, in a file without clinic or course id, is of its patient's if that is one."""
        for role, known, cell in (
            (Role.CLINIC, "nullif(clinic, 0)", "clinic_id"),
            (Role.COURSE_ID, "nullif(course_id, '')", "course_id"),
        ):
            having = self.having(role, "record")
            alone = (
                f"SELECT record, who FROM {keys} ANTI JOIN {JOINED} j USING (record) WHERE who <> '' AND NOT ({having})"
            )
            one = (
                f"SELECT who, max({cell}) AS found FROM {keys} SEMI JOIN ({alone}) USING (who) "
                f"WHERE {having} GROUP BY who HAVING min({known}) = max({known})"
            )
            self._database.execute(
                f"UPDATE {whole} SET {role} = found FROM ({alone}) a JOIN ({one}) o USING (who) "
                f"WHERE {whole}.record = a.record"
            )

    def having(self, role: Role, record: str) -> str:
        """A condition in SQL on a record: its file has a column of a role."""
        return _within(self._files(role), record)

    def _sides(self, role: Role) -> set[int | None]:
        return {each.input.side for each in self._files(role)}

    def _files(self, role: Role) -> list[Loaded]:
        """The files that have a column of a role; a provider number serves as the clinic where no file has that."""
        found = [each for each in self._loaded if role in each.input.columns.places]
        return self._files(Role.PROVIDER) if role is Role.CLINIC and not found else found


def joined_rows(database: Database, loaded: Loaded) -> tuple[int, tuple[int, ...], tuple[int, ...]]:
    """How many records of a file belong to one of a file before it; the rows that fit none; those that fit several."""
    base = loaded.input.base
    records = f"record BETWEEN {base} AND {_last(loaded)}"
    found = database.execute(f"SELECT count(*) FROM {JOINED} WHERE record <> head AND {records}").fetchone()
    alone = database.execute(
        f"SELECT l.record - {base}, a.record IS NULL FROM {LOADED} l ANTI JOIN {JOINED} j USING (record) "
        f"LEFT JOIN {AMBIGUOUS} a USING (record) WHERE l.{records} ORDER BY l.record"
    ).fetchall()
    none, several = (tuple(row for row, fits_none in alone if fits_none is which) for which in (True, False))
    return found[0] if found else 0, none, several


def notices_of(none: Sequence[int], several: Sequence[int]) -> Iterator[Notice]:
    """That rows fit none or several of the other files, with the first of them."""
    for notice, rows in ((NoticeId.FITS_NONE, none), (NoticeId.FITS_SEVERAL, several)):
        if rows:
            shown = ", ".join(map(str, rows[:_SHOWN])) + (" …" if len(rows) > _SHOWN else "")
            yield Notice(notice, None, len(rows), rows[0], shown)


def _within(files: Iterable[Loaded], record: str) -> str:
    """A condition in SQL on a record: it is of one of these files."""
    return " OR ".join(f"{record} BETWEEN {each.input.base} AND {_last(each)}" for each in files) or "false"


def _last(loaded: Loaded) -> int:
    return loaded.input.base + loaded.outcome.last


def _meaning(role: Role, view: str) -> str:
    """What a cell states, by number, in a query of the view and ``MEANT``."""
    if role is Role.SERVICE:
        return f"{view}.{role}"
    return meant("condition_key" if role is Role.CONDITION else role, view)
