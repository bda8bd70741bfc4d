"""How long the checks of a draft take, and what playing it in a reduced form saves.

Run: python -m bench.checking
"""

from __future__ import annotations

from app.cases.publishing import check_bundle
from app.domain.moves import Bundle
from app.engine.graph import Scope
from app.engine.lint import MAIN, read_diagrams
from app.engine.reducing import reduced
from app.engine.soundness import Exploration
from bench.large_diagram import dense_block, large_bundle
from bench.measuring import Contest, measure
from handlers import HANDLERS

ELEMENTS = 300
TARGET = 1000.0  # milliseconds, for a diagram of so many elements
BLOCKS = ((3, 3), (4, 3), (5, 3))  # branches side by side, choices in each
REPETITIONS = 20
NO_BOUND = 10**9


def main() -> int:
    drawn = large_bundle(ELEMENTS)
    if found := check_bundle(drawn, HANDLERS).findings:
        raise AssertionError(f"the large diagram is to be clean: {found[0]}")
    checked = measure({"check": Contest(REPETITIONS, lambda number: check_bundle(_apart(drawn, number), HANDLERS))}, int)
    took = checked["check"].median_ms
    print(f"All checks of a diagram of {len(_main(drawn).nodes)} elements: {took:.0f} ms at the median")
    print(f"  under {TARGET:.0f} ms: {'yes' if took < TARGET else 'NO'}")
    print("\nSoundness of a parallel block, every order of its moves beside the block reduced first")
    for branches, choices in BLOCKS:
        print(_side_by_side(branches, choices))
    return 0 if took < TARGET else 1


def _apart(bundle: Bundle, number: int) -> Bundle:
    """The same with another file in it, so that the passport read the last time is not used."""
    return Bundle(bundle.service, {**bundle.files, f"letters/{number}.html": b""})


def _main(bundle: Bundle) -> Scope:
    diagrams, _ = read_diagrams(bundle)
    return next(scope for scope in diagrams.scopes if scope.file == MAIN)


def _side_by_side(branches: int, choices: int) -> str:
    scope = _main(dense_block(branches, choices))
    plays = {"whole": lambda _: _play(scope), "reduced": lambda _: _play(reduced(scope))}
    took = {name: each.median_ms for name, each in measure({n: Contest(3, play) for n, play in plays.items()}, int).items()}
    situations = _play(scope)
    ratio = took["whole"] / took["reduced"]
    return (
        f"  {branches} branches of {choices} choices: {situations:7,} situations {took['whole']:8.1f} ms,"
        f" reduced {took['reduced']:5.1f} ms, {ratio:5.1f}x"
    )


def _play(scope: Scope) -> int:
    exploration = Exploration(scope, NO_BOUND)
    exploration.findings()
    return exploration.situations


if __name__ == "__main__":
    raise SystemExit(main())
