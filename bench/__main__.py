"""`make bench`: Rasim beside the stock engine, then the counting of terms. Ends with 1 when a bar is missed."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from bench import comparing, report, terms
from bench.databases import postgresql, sqlite
from bench.use_case import measure_use_case

PLAN = comparing.Plan({0: 300, 10: 60, 60: 20}, rasim=300)  # 42, 232 and 1,182 tasks
USE_CASES = 5
DATABASES = {"SQLite": sqlite, "PostgreSQL": postgresql}


def main() -> int:
    steps = len(PLAN.stock) + PLAN.turns * (1 + len(DATABASES)) + (1 + USE_CASES) * len(DATABASES)
    whole = {}
    with click.progressbar(length=steps, label="measuring", file=sys.stderr) as bar:

        def tick() -> None:
            bar.update(1)

        starts = comparing.prepare(PLAN, tick)
        figures = {comparing.IN_MEMORY: comparing.compare_in_memory(starts, tick)}
        for name, open_databases in DATABASES.items():
            with open_databases() as new_database, TemporaryDirectory(prefix="rasim-bench-keys-") as keys:
                figures[name] = comparing.compare_with_commit(starts, new_database, tick)
                whole[name] = measure_use_case(new_database("office"), Path(keys), USE_CASES, tick)

    print("Load, complete and save one user task of the licence process")
    print(report.table(figures))
    print("\nThe whole use case, a step of the guarantee obligation (for information)")
    for name, samples in whole.items():
        print(f"{name:12} {report.spread(samples)} ms, {samples.per_second:.0f} completions/s")
    print("\nBars")
    found = report.bars(figures)
    print(*found, sep="\n", end="\n\n")
    terms.main()
    return 0 if all(bar.met for bar in found) else 1


if __name__ == "__main__":
    sys.exit(main())
