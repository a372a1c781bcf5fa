"""Linear programs: numbers of courses of each kind, within what is known of their sums. HiGHS solves them.

``highsbox`` is that solver alone, 24 MB, in wheels for Windows, macOS and Linux. The same solver comes with scipy and
with highspy, but with 200 and 80 MB around it (both bring numpy); PuLP starts a program that reads counts from a file.
It is called by its C interface, which is stable.
"""

import ctypes
import math
import os
import sys
from collections.abc import Sequence
from pathlib import Path

_BY_COLUMN, _LEAST = 1, 1
_SOLVED, _IMPOSSIBLE = 7, (8, 9)
_NAMES = {"win32": "bin/highs.dll", "darwin": "lib/libhighs.dylib"}


class Program:
    """Columns of numbers that are not negative, and rows that are sums of some of them.

    ``columns``: per column its rows, each with the factor by which the column counts there; ``rows``: how many.
    """

    def __init__(self, columns: Sequence[Sequence[tuple[int, float]]], rows: int) -> None:
        self._size, self._rows = len(columns), rows
        self._highs = _library()
        self._model = ctypes.c_void_p(self._highs.Highs_create())
        for option in (b"output_flag", b"log_to_console"):
            self._highs.Highs_setBoolOptionValue(self._model, option, 0)
        # Simplifying such small programs first takes longer than solving them.
        self._highs.Highs_setStringOptionValue(self._model, b"presolve", b"off")
        starts = [0]
        for column in columns:
            starts.append(starts[-1] + len(column))
        entries = [entry for column in columns for entry in column]
        nothing, all_of_it = [0.0] * max(self._size, rows), [math.inf] * max(self._size, rows)
        self._done(
            self._highs.Highs_passLp(
                self._model,
                *(self._size, rows, len(entries), _BY_COLUMN, _LEAST, ctypes.c_double(0.0)),
                *(_doubles(nothing), _doubles(nothing), _doubles(all_of_it), _doubles(nothing), _doubles(all_of_it)),
                *(_ints(starts[:-1]), _ints([row for row, _ in entries]), _doubles([factor for _, factor in entries])),
            )
        )

    def __del__(self) -> None:
        self._highs.Highs_destroy(self._model)

    def least(
        self,
        costs: Sequence[float],
        between: tuple[Sequence[float], Sequence[float]],
        most: Sequence[float] | None = None,
        *,
        whole: int = 0,
        gap: float = 0.0,
    ) -> list[float] | None:
        """The columns that cost least while every row lies ``between``, no column above ``most``; None: there are none.

        The first ``whole`` columns are whole numbers; ``gap`` is how far, as a part, the cost may be from the least.
        """
        highs, model, last = self._highs, self._model, self._size - 1
        kinds = _ints([1] * whole + [0] * (self._size - whole))
        roofs = _doubles([math.inf] * self._size if most is None else most)
        for status in (
            highs.Highs_setDoubleOptionValue(model, b"mip_rel_gap", ctypes.c_double(gap)),
            highs.Highs_changeColsIntegralityByRange(model, 0, last, kinds),
            highs.Highs_changeColsCostByRange(model, 0, last, _doubles(costs)),
            highs.Highs_changeColsBoundsByRange(model, 0, last, _doubles([0.0] * self._size), roofs),
            highs.Highs_changeRowsBoundsByRange(model, 0, self._rows - 1, *map(_doubles, between)),
            highs.Highs_run(model),
        ):
            self._done(status)
        status = highs.Highs_getModelStatus(model)
        if status in _IMPOSSIBLE:
            return None
        if status != _SOLVED:
            raise AssertionError(f"the solver ended with {status}")
        found = (ctypes.c_double * self._size)()
        self._done(highs.Highs_getSolution(model, found, None, None, None))
        return list(found)

    @staticmethod
    def _done(status: int) -> None:
        if status < 0:
            raise AssertionError("the solver refused its task")


def _library() -> ctypes.CDLL:
    import highsbox  # type: ignore[import-untyped]  # it comes without types

    path = Path(highsbox.highs_dist_dir(), _NAMES.get(sys.platform, "lib/libhighs.so"))
    if sys.platform == "win32":
        os.add_dll_directory(str(path.parent))
    library = ctypes.CDLL(str(path))
    library.Highs_create.restype = ctypes.c_void_p
    return library


def _doubles(values: Sequence[float]) -> ctypes.Array[ctypes.c_double]:
    return (ctypes.c_double * len(values))(*values)


def _ints(values: Sequence[int]) -> ctypes.Array[ctypes.c_int]:
    return (ctypes.c_int * len(values))(*values)
