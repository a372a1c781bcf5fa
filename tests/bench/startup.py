"""How long a start takes: medians of whole processes, measured in turns. Run: ``python -m tests.bench.startup [runs]``.

Prints only; nothing here fails. The targets are ratios, so that they hold on any machine.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from itertools import cycle, islice
from pathlib import Path
from time import perf_counter

CASE = {
    "specialty": "51",
    "course": "structured",
    "conditions": ["lumbar_stenosis"],
    "nerve_root_signs": "yes",
    "findings_certain": "no",
    "consultation": 1,
}
MANY = 9_000
_COMPILED = tempfile.TemporaryDirectory()
_ENVIRONMENT = os.environ | {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": _COMPILED.name}
"""As on a user's machine, where installing has compiled all modules."""
SUGGEST = ["-m", "icpc_cli", "suggest", "--specialty", "51", "--course", "structured", "--condition", "lumbal stenose"]
JSONL = ["-m", "icpc_cli", "suggest", "--jsonl"]
YEAR = str(Path(__file__).parents[2] / "data" / "examples" / "aar" / "aar.csv")
CHECK = ["-m", "icpc_cli", "check", YEAR, "--fail-on", "never"]


def lines(count: int) -> bytes:
    """Cases as JSON, one a line: the condition, signs and certainty change from line to line."""
    conditions = cycle(
        ["lumbar_stenosis", "knee_osteoarthritis", "primary_low_back_pain", "other", "lumbar_nerve_root"]
    )
    signs, certain = cycle(["yes", "no", "unknown"]), cycle(["unknown", "yes", "no", "no"])
    varied = (
        CASE | {"conditions": [condition], "nerve_root_signs": sign, "findings_certain": sure}
        for condition, sign, sure in zip(conditions, signs, certain, strict=False)
    )
    return b"".join(json.dumps(case).encode() + b"\n" for case in islice(varied, count))


def seconds(arguments: list[str], content: bytes = b"") -> float:
    """How long Python with these arguments takes, from start to end."""
    start = perf_counter()
    subprocess.run([sys.executable, *arguments], input=content, stdout=subprocess.DEVNULL, check=True, env=_ENVIRONMENT)
    return perf_counter() - start


def measure(runs: int) -> dict[str, float]:
    """The median of each command in seconds. In turns, so that a slow moment of the machine hits all alike."""
    commands: dict[str, tuple[list[str], bytes]] = {
        "python": (["-c", "pass"], b""),
        "import typer": (["-c", "import typer"], b""),
        "icpc --version": (["-m", "icpc_cli", "--version"], b""),
        "icpc suggest --format json": ([*SUGGEST, "--format", "json"], b""),
        "icpc note --format json": (["-m", "icpc_cli", "note", "Lumbal stenose.", "--format", "json"], b""),
        "icpc check, a clinic's year": (CHECK, b""),
        "icpc suggest --jsonl, 1 case": (JSONL, lines(1)),
        f"icpc suggest --jsonl, {MANY} cases": (JSONL, lines(MANY)),
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(runs + 1):
        for name, (arguments, content) in commands.items():
            taken = seconds(arguments, content)
            if turn:  # the first turn fills the caches
                times[name].append(taken)
    return {name: statistics.median(taken) for name, taken in times.items()}


def table(medians: dict[str, float]) -> Iterable[str]:
    """The medians, and the ratios beside their targets."""
    _, typer, version, suggest, note, check, one, many = medians.values()
    width = max(map(len, medians))
    for name, median in medians.items():
        yield f"{name:<{width}}  {median * 1000:8.0f} ms"
    yield ""
    for name, ratio, target in (
        ("icpc --version : import typer", version / typer, 1.6),
        ("icpc suggest : import typer", suggest / typer, 1.5),
        ("icpc note : icpc suggest", note / suggest, 1.15),
        ("icpc check : import typer", check / typer, 4.5),
        (f"{MANY} cases : 1 case", many / one, 15.0),
    ):
        yield f"{name:<{width}}  {ratio:8.2f}     target {target:5.2f}  {'met' if ratio <= target else 'MISSED'}"


if __name__ == "__main__":
    print(*table(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 15)), sep="\n")
