"""Small faults put into the program one at a time, to see which of them the tests find.

``python -m tests.mutations [MODULE ...] [--seconds N] [--sample N --seed S]``: MODULE is a part of a file's path
(``checks/rules``, ``notes``); none: all that are listed below. Each fault is tried in a copy of the tree and in a
process of its own; the checkout is not touched. ``tests/README.md`` says how to read what comes out.
"""

import argparse
import ast
import importlib
import inspect
import json
import os
import random
import re
import resource
import shutil
import signal
import sys
import tempfile
import time
import tomllib
import traceback
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, TypeVar

import coverage
import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = "icpc_cli"
_CHECKS = (
    "tests/test_oracle.py",
    "tests/spec/test_checks.py",
    "tests/test_cell_values.py",
    "tests/test_cells.py",
    "tests/test_codes.py",
    "tests/test_notes_in_checks.py",
    "tests/test_worklist.py",
    "tests/test_check.py",
    "tests/test_cases.py",
    "tests/test_outputs.py",
    "tests/test_work.py",
    "tests/test_advice.py",
    "tests/test_joining.py",
    "tests/test_joined_files.py",
    "tests/test_since.py",
    "tests/spec/test_spec.py",
)
_NOTES = (
    "tests/test_notes.py",
    "tests/test_notes_cells.py",
    "tests/test_cells.py",
    "tests/test_note_cli.py",
    "tests/test_notes_in_checks.py",
    "tests/test_condition.py",
)
AREAS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("checks/columns.py", "checks/contents.py"), ("tests/test_columns.py", "tests/test_init.py", *_CHECKS)),
    (("cases/*.py",), (*_CHECKS, "tests/test_cli.py")),
    (
        (
            "advice.py",
            "checks/*.py",
            "judging/judge.py",
            "judging/coursewise.py",
            "judging/memberships.py",
            "judging/ledger.py",
        ),
        _CHECKS,
    ),
    (("judging/courses.py",), ("tests/test_disclosure.py", "tests/test_network.py", "tests/test_report.py")),
    (("network/disclosure.py",), ("tests/test_disclosure.py", "tests/test_network.py")),
    (
        ("network/*.py", "report/*.py"),
        ("tests/test_disclosure.py", "tests/test_network.py", "tests/test_report.py", "tests/test_partner.py"),
    ),
    (("notes/*.py",), _NOTES),
)
"""Which modules (globs in the package; the first that fits counts), and which tests should find faults in them."""
_BROKEN = 99
_SLOW_DOORS = "not interview and not process"
_LEARNT, _FOUND = "learnt.json", "found.json"
_SELDOM = 5
_MEMORY = 4 << 30
"""Bytes that a process may take: a list without end would take all that the machine has."""
_OVERHEAD = 0.05
"""Seconds that are taken beside a test."""
Job = TypeVar("Job")
_COPIED = (PACKAGE, "data", "tests", "pyproject.toml")
_HEAVY = ("_duckdb", "pytest", "hypothesis", "rich.console", "typer", "rapidfuzz.fuzz")
"""What does not change with a fault, and is imported once for all processes."""


@dataclass(frozen=True, slots=True)
class Mutation:
    """A fault: in a file of the package, bytes ``start`` to ``end`` replaced. ``line`` counts from 1.

    ``first`` to ``last`` are the lines of the statement in a function that it stands in, as far as they are its own;
    none where it is run as the module is read.
    """

    file: str
    function: str
    line: int
    start: int
    end: int
    new: bytes
    change: str
    first: int
    last: int


# Finding places for faults

_COMPARISONS: dict[type[ast.cmpop], tuple[str, tuple[str, ...]]] = {
    ast.Lt: ("<", ("<=", ">=")),
    ast.LtE: ("<=", ("<", ">")),
    ast.Gt: (">", (">=", "<=")),
    ast.GtE: (">=", (">", "<")),
    ast.Eq: ("==", ("!=",)),
    ast.NotEq: ("!=", ("==",)),
    ast.Is: ("is", ("is not",)),
    ast.IsNot: ("is not", ("is",)),
    ast.In: ("in", ("not in",)),
    ast.NotIn: ("not in", ("in",)),
}
_OPERATORS: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "//"),
    ast.FloorDiv: ("//", "*"),
    ast.Mod: ("%", "//"),
    ast.BitAnd: ("&", "|"),
    ast.BitOr: ("|", "&"),
    ast.LShift: ("<<", ">>"),
    ast.RShift: (">>", "<<"),
}
_SQL = re.compile(r"\b(SELECT|PARTITION BY|coalesce|substr|nullif|CREATE TABLE|count\(|<> '')")
_SQL_SWAPS = (
    (r"<>", ("=",)),
    (r"<=", ("<",)),
    (r">=", (">",)),
    (r"(?<![<>])[<](?![=>])", ("<=",)),
    (r"(?<![<>])[>](?![=])", (">=",)),
    (r"(?<![<>!])=(?!=)", ("<>",)),
    (r"\bAND\b", ("OR",)),
    (r"\bOR\b", ("AND",)),
    (r"\bmax\(", ("min(",)),
    (r"\bmin\(", ("max(",)),
    (r"\barg_max\(", ("arg_min(",)),
    (r"\barg_min\(", ("arg_max(",)),
    (r"\bNOT ", ("",)),
    (r"\bDISTINCT ", ("",)),
    (r"\bSEMI JOIN\b", ("ANTI JOIN",)),
    (r"\bLEFT JOIN\b", ("JOIN",)),
    (r"\bORDER BY \w+(?:, \w+)*(?= LIMIT|\))", ("",)),
    (r"\bLIMIT 1\b", ("LIMIT 0",)),
    (r"\bnullif\((\w+), ", (r"coalesce(\1, ",)),
    (r"(?<=[ (,-])\d+(?=[ ),:])", ("1", "0", "2")),
)
_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


class _Places(ast.NodeVisitor):
    """All faults that one file can have."""

    def __init__(self, file: str, source: bytes, members: Mapping[str, Sequence[str]]) -> None:
        self.file, self._source, self._members = file, source, members
        self._lines = [0]
        for line in source.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))
        self._functions: list[str] = []
        self._statement = (1, 0)
        self._in_function = False
        self.found: list[Mutation] = []
        self._docstrings: set[int] = set()
        tree = ast.parse(source)
        self._ids = sorted(
            {str(node.value) for node in ast.walk(tree) if isinstance(node, ast.Constant) and _is_id(node)}
        )
        self.visit(tree)

    def _at(self, line: int, column: int) -> int:
        return self._lines[line - 1] + column

    def _span(self, node: Any) -> tuple[int, int]:
        return self._at(node.lineno, node.col_offset), self._at(node.end_lineno, node.end_col_offset)

    def _add(self, start: int, end: int, new: str) -> None:
        if self._source[start:end] == new.encode():
            return
        line = self._source.count(b"\n", 0, start) + 1
        last = self._source.count(b"\n", 0, end) + 1
        first_byte, last_byte = self._lines[line - 1], self._lines[last]
        before = self._source[first_byte:last_byte]
        after = self._source[first_byte:start] + new.encode() + self._source[end:last_byte]
        old_text, new_text = (" ".join(text.decode().split()) for text in (before, after))
        change = f"{old_text} -> {new_text}"
        function = ".".join(self._functions) or "module"
        self.found.append(Mutation(self.file, function, line, start, end, new.encode(), change, *self._statement))

    def _swap(self, left: Any, right: Any, old: str, new: str) -> None:
        """An operator between two nodes."""
        start, end = self._span(left)[1], self._span(right)[0]
        pattern = r"\b" + old.replace(" ", r"\s+") + r"\b" if old[0].isalpha() else re.escape(old)
        match = re.search(pattern, self._source[start:end].decode())
        assert match, (self.file, left.lineno, old)
        self._add(start + match.start(), start + match.end(), new)

    def visit(self, node: ast.AST) -> None:
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module):
            if ast.get_docstring(node, clean=False) is not None:
                self._docstrings.add(id(node.body[0]))
            if not isinstance(node, ast.Module):
                self._functions.append(node.name)
        before = self._statement
        if isinstance(node, ast.stmt) and self._in_function:
            body = getattr(node, "body", None)
            last = max(node.lineno, body[0].lineno - 1) if body else node.end_lineno or node.lineno
            self._statement = (node.lineno, last)
        method = getattr(self, f"_on_{type(node).__name__.lower()}", None)
        if method is None or method(node) is not False:
            for name, value in ast.iter_fields(node):
                if name in ("annotation", "returns", "decorator_list", "type_comment", "bases"):
                    continue
                inside, self._in_function = self._in_function, self._body_of_function(node, name)
                for child in value if isinstance(value, list) else [value]:
                    if isinstance(child, ast.AST):
                        self.visit(child)
                self._in_function = inside
        self._statement = before
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            self._functions.pop()

    def _body_of_function(self, node: ast.AST, name: str) -> bool:
        return name == "body" if isinstance(node, ast.FunctionDef) else self._in_function

    def _on_raise(self, node: ast.Raise) -> bool:
        return False

    def _on_assert(self, node: ast.Assert) -> bool:
        return False

    def _on_assign(self, node: ast.Assign) -> bool | None:
        names = {target.id for target in node.targets if isinstance(target, ast.Name)}
        return False if names & {"__all__", "__slots__"} else None

    def _on_call(self, node: ast.Call) -> bool | None:
        return False if isinstance(node.func, ast.Name) and node.func.id == "TypeVar" else None

    def _on_keyword(self, node: ast.keyword) -> bool | None:
        return False if node.arg == "strict" else None  # it guards, as an assertion does

    def _on_compare(self, node: ast.Compare) -> None:
        sides = [node.left, *node.comparators]
        for left, right, operator in zip(sides, sides[1:], node.ops, strict=False):
            old, others = _COMPARISONS[type(operator)]
            for new in others:
                self._swap(left, right, old, new)

    def _on_boolop(self, node: ast.BoolOp) -> None:
        old, new = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        for left, right in zip(node.values, node.values[1:], strict=False):
            self._swap(left, right, old, new)

    def _on_binop(self, node: ast.BinOp) -> None:
        if type(node.op) in _OPERATORS and not _holds_text(node):
            self._swap(node.left, node.right, *_OPERATORS[type(node.op)])

    def _on_unaryop(self, node: ast.UnaryOp) -> bool | None:
        start, end = self._span(node)
        operand = self._span(node.operand)[0]
        if isinstance(node.op, ast.Not):
            self._add(start, operand, "")
        elif isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
            self._add(start, end, self._source[operand:end].decode())
        return None

    def _on_return(self, node: ast.Return) -> None:
        if node.value is not None and not (isinstance(node.value, ast.Constant) and node.value.value is None):
            self._add(*self._span(node.value), "None")

    def _on_expr(self, node: ast.Expr) -> bool | None:
        if id(node) in self._docstrings or isinstance(node.value, ast.Constant):
            return False
        if isinstance(node.value, ast.Yield | ast.YieldFrom | ast.Call):
            self._add(*self._span(node), "pass")
        return None

    def _condition(self, test: ast.expr) -> None:
        if not isinstance(test, ast.Compare | ast.BoolOp | ast.UnaryOp | ast.NamedExpr):
            start, end = self._span(test)
            self._add(start, end, f"not ({self._source[start:end].decode()})")

    def _on_if(self, node: ast.If) -> bool | None:
        if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            return False
        self._condition(node.test)
        return None

    def _on_ifexp(self, node: ast.IfExp) -> None:
        self._condition(node.test)

    def _on_comprehension(self, node: ast.comprehension) -> None:
        for test in node.ifs:
            start, end = self._span(test)
            self._add(start, end, "True")

    def _elements(self, elements: Sequence[Any], keys: Sequence[Any] | None = None) -> None:
        """Each element of a literal left out, where all are constants: else it is a wrong call, not another value."""
        if len(elements) < 2 or not all(map(_is_constant, elements)):
            return
        for place, element in enumerate(elements):
            first = (keys or elements)[place]
            if first is None:
                continue
            if place + 1 < len(elements):
                following = (keys or elements)[place + 1]
                if following is not None:
                    self._add(self._span(first)[0], self._span(following)[0], "")
            else:
                self._add(self._span(elements[place - 1])[1], self._span(element)[1], "," if len(elements) == 2 else "")

    def _on_tuple(self, node: ast.Tuple) -> None:
        if isinstance(node.ctx, ast.Load):
            self._elements(node.elts)

    def _on_set(self, node: ast.Set) -> None:
        self._elements(node.elts)

    def _on_list(self, node: ast.List) -> None:
        if isinstance(node.ctx, ast.Load):
            self._elements(node.elts)

    def _on_dict(self, node: ast.Dict) -> None:
        self._elements(node.values, node.keys)

    def _on_attribute(self, node: ast.Attribute) -> None:
        if not (isinstance(node.value, ast.Name) and isinstance(node.ctx, ast.Load)):
            return
        members = self._members.get(node.value.id, ())
        if node.attr in members:
            other = members[(members.index(node.attr) + 1) % len(members)]
            self._add(self._span(node.value)[1] + 1, self._span(node)[1], other)

    def _on_constant(self, node: ast.Constant) -> None:
        start, end = self._span(node)
        value = node.value
        if value is True or value is False:
            self._add(start, end, str(not value))
        elif isinstance(value, int):
            self._add(start, end, str(value + 1))
            self._add(start, end, str(value - 1))
        elif isinstance(value, str):
            if _SQL.search(value):
                self._sql(start, end)
            elif _is_id(node):
                other = self._ids[(self._ids.index(value) + 1) % len(self._ids)]
                self._add(start, end, f'"{other}"')

    def _on_joinedstr(self, node: ast.JoinedStr) -> bool:
        start, end = self._span(node)
        if _SQL.search(self._source[start:end].decode()):
            self._sql(start, end)
        return False

    def _sql(self, start: int, end: int) -> None:
        text = self._source[start:end].decode()
        for pattern, others in _SQL_SWAPS:
            for match in re.finditer(pattern, text):
                place = start + len(text[: match.start()].encode())
                for other in others:
                    self._add(place, place + len(match[0].encode()), match.expand(other))


def _is_id(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(_ID.fullmatch(node.value))


def _is_constant(node: ast.AST) -> bool:
    """Whether it is the same in every call: a literal, a name in capitals, an attribute, or made of such."""
    if isinstance(node, ast.Tuple):
        return all(map(_is_constant, node.elts))
    if isinstance(node, ast.Call):
        return all(map(_is_constant, node.args))
    if isinstance(node, ast.Name):
        return node.id.lstrip("_")[:1].isupper()
    return isinstance(node, ast.Constant | ast.Attribute)


def _holds_text(node: ast.AST) -> bool:
    return any(
        isinstance(each, ast.JoinedStr) or (isinstance(each, ast.Constant) and isinstance(each.value, str))
        for each in ast.walk(node)
    )


def _enum_members(folder: Path) -> dict[str, list[str]]:
    """The members of every enum of the package by the enum's name."""
    members: dict[str, list[str]] = {}
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.ClassDef) and any(ast.unparse(base).endswith("Enum") for base in node.bases):
                assigned = [each.targets[0] for each in node.body if isinstance(each, ast.Assign)]
                members[node.name] = [target.id for target in assigned if isinstance(target, ast.Name)]
    return members


def mutations_of(files: Sequence[str], root: Path = ROOT) -> Iterator[Mutation]:
    """All faults that these files of the package can have, each once, and only those that are Python."""
    members = _enum_members(root / PACKAGE)
    for file in files:
        source = (root / PACKAGE / file).read_bytes()
        seen: set[bytes] = set()
        for mutation in _Places(file, source, members).found:
            text = source[: mutation.start] + mutation.new + source[mutation.end :]
            try:
                ast.parse(text)
            except SyntaxError:
                continue
            if text not in seen:
                seen.add(text)
                yield mutation


# Trying them


def area_of(file: str) -> tuple[str, ...]:
    """The tests that should find faults in a file."""
    return next((tests for globs, tests in AREAS if any(fnmatch(file, glob) for glob in globs)), ())


def listed(wanted: Sequence[str]) -> list[str]:
    """The files of the package that are listed above, or those of them that are wanted."""
    folder = ROOT / PACKAGE
    files = sorted(str(path.relative_to(folder)) for path in folder.rglob("*.py"))
    return [file for file in files if area_of(file) and (not wanted or any(part in file for part in wanted))]


def _without_terminals(items: list[Any]) -> list[Any]:
    """Tests that wait for a screen fail where the machine is busy, and would be taken to have found a fault."""
    return [item for item in items if "with Terminal(" not in inspect.getsource(item.function)]


def _forget() -> None:
    """What one test has worked out is worked out again by the next, which else would not be seen to run those lines."""
    for name in [name for name in sys.modules if name.startswith((PACKAGE, "tests.")) and ".guideline" not in name]:
        for value in list(vars(sys.modules[name]).values()):
            if hasattr(value, "cache_clear") and value.__module__ == name:
                value.cache_clear()


class _Learning:
    """Which lines of the package each test runs, and the seconds of a processor that it takes.

    What is run once for several tests is run by each of them: all tests of a file what is run as the file is read, and
    those that ask for a fixture of a wider scope what makes it. Of the modules of these ``files`` only: a thousand
    tests run the same lines.
    """

    def __init__(self, copy: Path, files: Collection[str]) -> None:
        self._copy, self._files = copy, files
        self._seconds: dict[str, float] = {}
        self._running = ""
        self._tests: dict[str, list[str]] = {"": []}
        source = str(copy / PACKAGE)
        self._coverage = coverage.Coverage(data_file=None, source=[source], config_file=False, messages=False)
        self._coverage.start()

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        items[:] = _without_terminals(items)
        for item in items:
            for place in (item.nodeid, "", *item.fixturenames):
                self._tests.setdefault(place, []).append(item.nodeid)

    def pytest_runtest_protocol(self, item: Any) -> None:
        _forget()
        self._run_in(item.nodeid)
        self._seconds[item.nodeid] = -time.process_time()

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Iterator[None]:
        before = self._running
        if fixturedef.scope != "function":
            self._run_in(fixturedef.argname)
        made = yield
        self._run_in(before)
        return made

    def _run_in(self, place: str) -> None:
        self._running = place
        self._coverage.switch_context(place)

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        self._seconds[nodeid] += time.process_time()

    def pytest_sessionfinish(self) -> None:
        self._coverage.stop()
        data = self._coverage.get_data()
        numbers = {test: number for number, test in enumerate(self._seconds)}
        lines = {
            file: {
                line: sorted(
                    {numbers[test] for place in places for test in self._tests.get(place, ()) if test in numbers}
                )
                for line, places in data.contexts_by_lineno(str(self._copy / PACKAGE / file)).items()
            }
            for file in self._files
        }
        (self._copy / _LEARNT).write_text(json.dumps({"seconds": self._seconds, "lines": lines}))


class _Trial:
    """Only the tests of the plan, in its order; the first that fails is told."""

    def __init__(self, copy: Path, plan: Sequence[str]) -> None:
        self._found = copy / _FOUND
        self._found.write_text("null")
        self._places = {test: place for place, test in enumerate(plan)}

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        planned = [item for item in items if item.nodeid in self._places]
        items[:] = sorted(planned, key=lambda item: self._places[item.nodeid])

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed:
            self._found.write_text(json.dumps(report.nodeid))


@dataclass(slots=True)
class _Plans:
    """Which tests a fault is shown to: those that run its lines; first what has found most faults of its file, then
    what runs the most of its lines in the least time.

    All of an area where a line is run as its module is read, or so seldom that something keeps what it gave.
    """

    found: Counter[tuple[str, str]] = field(default_factory=Counter)
    _seconds: dict[str, dict[str, float]] = field(default_factory=dict)
    _run: dict[tuple[str, int], set[str]] = field(default_factory=dict)
    _much: Counter[tuple[str, str]] = field(default_factory=Counter)

    def learn(self, file: str, learnt: Any) -> None:
        """What a file of tests has told."""
        self._seconds[file] = learnt["seconds"]
        names = list(learnt["seconds"])
        for module, lines in learnt["lines"].items():
            for line, numbers in lines.items():
                tests = [names[number] for number in numbers]
                self._run.setdefault((module, int(line)), set()).update(tests)
                self._much.update((module, test) for test in tests)

    def of(self, mutation: Mutation) -> tuple[list[str], float]:
        """The tests, and the seconds of a processor that they take without a fault."""
        seconds = {test: took for file in area_of(mutation.file) for test, took in self._seconds[file].items()}

        def promise(test: str) -> tuple[int, float]:
            known = mutation.file, test
            return self.found[known], self._much[known] / (seconds[test] + _OVERHEAD)

        order = sorted(seconds, key=promise, reverse=True)
        lines = range(mutation.first, mutation.last + 1)
        run = set[str]().union(*(self._run.get((mutation.file, line), ()) for line in lines))
        plan = [test for test in order if test in run]
        if len(plan) < _SELDOM:
            plan += [test for test in order if test not in run]
        return plan, sum(seconds[test] for test in plan)


def _run_tests(copy: Path, tests: Sequence[str], plan: Sequence[str] | None, files: Collection[str]) -> int:
    """In a process of its own: run the tests in the copy, and end."""
    os.setsid()
    os.chdir(copy)
    silence = os.open(os.devnull, os.O_RDWR)
    log = os.open(copy / "log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream, target in ((0, silence), (1, log), (2, log)):
        os.dup2(target, stream)
    for name in [name for name in sys.modules if name.partition(".")[0] in ("tests", PACKAGE)]:
        del sys.modules[name]
    sys.path[:0] = [str(copy)]
    sys.dont_write_bytecode = True
    os.environ["TMPDIR"] = tempfile.tempdir = str(copy / "temp")
    there = list(dict.fromkeys(test.partition("::")[0] for test in plan)) if plan is not None else tests
    options = ["-x", "-q", "-p", "no:cacheprovider", "-n", "0", "--hypothesis-profile=once", "-k", _SLOW_DOORS]
    options += ["-W", "ignore::pytest.PytestAssertRewriteWarning", f"--basetemp={copy / 'temp' / 'pytest'}"]
    status = int(
        pytest.main([*there, *options], plugins=[_Learning(copy, files) if plan is None else _Trial(copy, plan)])
    )
    if status == pytest.ExitCode.NO_TESTS_COLLECTED:
        return _BROKEN
    package = sys.modules.get(PACKAGE)
    if package is not None and not str(package.__file__).startswith(str(copy)):
        print(f"the tests have imported {package.__file__}")
        return _BROKEN
    return status


@dataclass(slots=True)
class _Worker:
    """A copy of the tree, the whole one that it is mended from, and what is being tried in it."""

    whole: Path
    copy: Path
    files: Collection[str]
    process: int = 0
    mutation: Mutation | None = None
    began: float = 0.0
    seconds: float = 0.0

    def start(self, mutation: Mutation | None, tests: Sequence[str], plan: Sequence[str] | None, seconds: int) -> None:
        self.mutation, self.began, self.seconds = mutation, time.monotonic(), 20.0 * seconds
        if mutation:
            path = self.copy / PACKAGE / mutation.file
            source = path.read_bytes()
            path.write_bytes(source[: mutation.start] + mutation.new + source[mutation.end :])
        self.process = os.fork()
        if self.process == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            status = _BROKEN
            try:
                resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
                resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY, _MEMORY))
                status = _run_tests(self.copy, tests, plan, self.files)
            except BaseException:  # nothing may come back into the program that this is a copy of
                traceback.print_exc()
            finally:
                sys.stdout.flush()
                os._exit(status)

    def outcome(self) -> str | None:
        """How it ended, or None as long as it runs: survived, killed, or slow where it took too long."""
        ended, status = os.waitpid(self.process, os.WNOHANG)
        late = not ended and time.monotonic() - self.began > self.seconds
        if not ended and not late:
            return None
        if late:
            os.killpg(self.process, signal.SIGKILL)
            os.waitpid(self.process, 0)
        self.process = 0
        if self.mutation:
            shutil.copyfile(self.whole / PACKAGE / self.mutation.file, self.copy / PACKAGE / self.mutation.file)
        code = os.waitstatus_to_exitcode(status) if ended else 0
        if code == _BROKEN:
            raise SystemExit((self.copy / "log").read_text()[-3000:] + "\nthe tests did not run in the copy")
        late = late or code in (-signal.SIGXCPU, -signal.SIGKILL)
        return "slow" if late else "killed" if code else "survived"


def try_all(todo: Sequence[Mutation], seconds: int, workers: int) -> Iterator[tuple[Mutation, str]]:
    """Each fault and how it ended. First the tests are run without any: they must pass."""
    for name in _HEAVY:
        importlib.import_module(name)
    with tempfile.TemporaryDirectory(prefix="mutations-") as folder:
        whole, *places = (Path(folder) / f"tree{number}" for number in range(workers + 1))
        for place in (whole, *places):
            place.mkdir()
            (place / "temp").mkdir()
            for name in _COPIED:
                source = ROOT / name
                ignored = shutil.ignore_patterns("__pycache__")
                if source.is_dir():
                    shutil.copytree(source, place / name, ignore=ignored)
                else:
                    shutil.copyfile(source, place / name)
        files = sorted({mutation.file for mutation in todo})
        pool = [_Worker(whole, place, files) for place in places]
        plans = _Plans()
        learnt = list(dict.fromkeys(test for mutation in todo for test in area_of(mutation.file)))
        for worker, test, ended in _in_turn(pool, learnt, lambda worker, test: worker.start(None, [test], None, 3600)):
            if ended != "survived":
                raise SystemExit((worker.copy / "log").read_text()[-3000:] + "\nwithout a fault, the tests must pass")
            plans.learn(test, json.loads((worker.copy / _LEARNT).read_text()))

        def begin(worker: _Worker, mutation: Mutation) -> None:
            plan, takes = plans.of(mutation)
            worker.start(mutation, (), plan, seconds + int(3 * takes))

        for worker, mutation, ended in _in_turn(pool, todo, begin):
            plans.found[mutation.file, json.loads((worker.copy / _FOUND).read_text())] += 1
            yield mutation, ended


def _in_turn(
    pool: Sequence[_Worker], todo: Sequence[Job], begin: Callable[[_Worker, Job], None]
) -> Iterator[tuple[_Worker, Job, str]]:
    """Each of these begun in the next worker that is free, and how it ended there."""
    waiting, running = list(reversed(todo)), dict[int, Job]()
    try:
        while waiting or running:
            for place, worker in enumerate(pool):
                if worker.process and (ended := worker.outcome()):
                    yield worker, running.pop(place), ended
                if not worker.process and waiting:
                    running[place] = waiting.pop()
                    begin(worker, running[place])
            time.sleep(0.02)
    finally:
        for worker in pool:
            if worker.process:
                os.killpg(worker.process, signal.SIGKILL)
                os.waitpid(worker.process, 0)


def equivalents() -> dict[tuple[str, str, str], str]:
    """Faults that change nothing that can be seen: the reason by file name, function and change."""
    listed = tomllib.loads((Path(__file__).parent / "spec" / "equivalent_mutations.toml").read_text(encoding="utf-8"))
    return {(each["file"], each["function"], each["change"]): each["reason"] for each in listed["equivalent"]}


def _key(mutation: Mutation) -> tuple[str, str, str]:
    return Path(mutation.file).name, mutation.function, mutation.change


def main() -> None:
    """Try what the command line asks for; exit 1 when a fault survives that is not known to be equivalent."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutations")
    parser.add_argument("modules", nargs="*", metavar="MODULE", help="a part of a file's path in the package")
    parser.add_argument(
        "--seconds",
        type=int,
        default=20,
        help="of a processor that a fault may take beside thrice what its tests do; then it counts as found",
    )
    parser.add_argument("--sample", type=int, help="so many faults only, chosen at random")
    parser.add_argument("--seed", type=int, default=1, help="of that choice")
    parser.add_argument("--workers", type=int, default=2, help="processes at a time")
    parser.add_argument("--again", type=Path, help="what an earlier run printed: only what survived then")
    parser.add_argument("--list", action="store_true", help="only say which faults there are")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started ends, and the copies go
    files = listed(asked.modules)
    known = equivalents()
    every = list(mutations_of(files))
    chosen = [each for each in every if _key(each) not in known]
    if asked.again:
        lines = asked.again.read_text(encoding="utf-8").splitlines()
        survived = {line.partition(" (")[2] for line in lines if re.match(" *[0-9]+ survived", line)}
        chosen = [each for each in chosen if f"{each.function}) {each.change}" in survived]
    if asked.sample is not None and asked.sample < len(chosen):
        chosen = random.Random(asked.seed).sample(chosen, asked.sample)
    print(
        f"{len(every)} faults in {len(files)} files, {len(every) - len([e for e in every if _key(e) not in known])}"
        f" of them equivalent; {len(chosen)} are tried",
        flush=True,
    )
    if asked.list:
        for each in chosen:
            print(f"{PACKAGE}/{each.file}:{each.line} ({each.function}) {each.change}")
        return
    ends: Counter[tuple[str, str]] = Counter()
    survivors = []
    for number, (mutation, ended) in enumerate(try_all(chosen, asked.seconds, asked.workers), start=1):
        ends[mutation.file, ended] += 1
        if ended == "survived":
            survivors.append(mutation)
        print(
            f"{number:4} {ended:8} {PACKAGE}/{mutation.file}:{mutation.line} ({mutation.function}) {mutation.change}",
            flush=True,
        )
    print()
    for file in files:
        counts = {ended: ends[file, ended] for ended in ("killed", "slow", "survived")}
        if sum(counts.values()):
            found = counts["killed"] + counts["slow"]
            print(
                f"{found / sum(counts.values()):6.1%} {file}: " + ", ".join(f"{n} {end}" for end, n in counts.items())
            )
    print(f"{1 - len(survivors) / max(len(chosen), 1):6.1%} of {len(chosen)} found")
    sys.exit(bool(survivors))


if __name__ == "__main__":
    main()
