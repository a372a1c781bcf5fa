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
from functools import cache
from pathlib import Path

_BY_COLUMN, _LEAST = 1, 1
NEAR = 1e-6
"""So near a whole number is one: the solver counts in floating point."""
_SOLVED, _IMPOSSIBLE = 7, (8, 9)
_NAMES = {"win32": "bin/highs.dll", "darwin": "lib/libhighs.dylib"}


class Program:
    """Columns of numbers that are not negative, and rows that are sums of some of them.

    ``columns``: per column its rows, each with the factor by which the column counts there; ``rows``: how many.
    """

    def __init__(self, columns: Sequence[Sequence[tuple[int, float]]], rows: int) -> None:
        self._size, self._rows = len(columns), rows
        starts = [0]
        for column in columns:
            starts.append(starts[-1] + len(column))
        entries = [entry for column in columns for entry in column]
        self._matrix = (_ints(starts[:-1]), _ints([row for row, _ in entries]), _doubles([by for _, by in entries]))

    def least(
        self,
        costs: Sequence[float],
        between: tuple[Sequence[float], Sequence[float]],
        most: Sequence[float] | None = None,
        *,
        whole: int = 0,
    ) -> list[float] | None:
        """The columns that cost least while every row lies ``between``, no column above ``most``; None: there are none.

        The first ``whole`` columns are whole numbers.
        """
        found, status = (ctypes.c_double * self._size)(), ctypes.c_int()
        ended = _highs().Highs_mipCall(
            *(self._size, self._rows, len(self._matrix[1]), _BY_COLUMN, _LEAST, ctypes.c_double(0.0)),
            *(_doubles(costs), _doubles([0.0] * self._size), _doubles(most or [math.inf] * self._size)),
            *(*map(_doubles, between), *self._matrix, _ints([1] * whole + [0] * (self._size - whole))),
            *(found, (ctypes.c_double * self._rows)(), ctypes.byref(status)),
        )
        if ended >= 0 and status.value in _IMPOSSIBLE:
            return None
        if ended < 0 or status.value != _SOLVED:
            raise AssertionError(f"the solver ended with {ended} and {status.value}")
        return list(found)


@cache
def _highs() -> ctypes.CDLL:
    import highsbox  # type: ignore[import-untyped]  # it comes without types

    path = Path(highsbox.highs_dist_dir(), _NAMES.get(sys.platform, "lib/libhighs.so"))
    if sys.platform == "win32":  # where pip puts the runtime of C++: beside the program, or beside all packages
        for folder in (Path(sys.prefix), Path(highsbox.highs_dist_dir()).parents[1]):
            os.add_dll_directory(str(folder))
    return ctypes.CDLL(str(path))


def _doubles(values: Sequence[float]) -> ctypes.Array[ctypes.c_double]:
    return (ctypes.c_double * len(values))(*values)


def _ints(values: Sequence[int]) -> ctypes.Array[ctypes.c_int]:
    return (ctypes.c_int * len(values))(*values)
