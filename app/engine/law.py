"""What a bundle's diagrams owe to the law: terms that can be kept, refusals by every ground, results that are signed.

Three questions are asked before a bundle is published: are its diagrams drawn right (`app.engine.lint`), can they be played
through (`app.engine.soundness`), and do they do what the passport says the act prescribes (here).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from app.domain.citations import cite
from app.domain.errors import Invalid
from app.domain.moves import Bundle, Finding
from app.domain.passport import Passport, Variant
from app.engine.course import Course, Inside
from app.engine.extension import attribute
from app.engine.findings import Rule, has_errors
from app.engine.law_limits import limits, named_steps, unproved_numbers
from app.engine.law_refusals import refusals
from app.engine.law_results import result_steps, signing
from app.engine.law_terms import terms
from app.engine.lint import MAIN, Diagrams, ReadDiagrams, read_diagrams

MAX_PLACES = 1_000  # elements of a service with all it calls; drawn ones stay far below

TOO_LARGE = Rule("law-size", "With all it calls the process has %(found)s elements; at most %(limit)s can be checked")
NO_CITATION = Rule("law-paragraph", "A paragraph is cited as “Rules para 8 part 1; Standard row 9 (2)”; found “%(found)s”")


def law(bundle: Bundle, passport: Passport, *, read_before: ReadDiagrams | None = None) -> list[Finding]:
    """Every way in which the diagrams do not do what the passport prescribes, with the variants it happens in.

    For bundles without errors of `app.engine.lint.lint`, which has seen to it that elements, roles and forms exist.
    `read_before` are the bundle's diagrams if they are at hand.
    """
    diagrams, unread = read_before or read_diagrams(bundle)
    if has_errors(unread):
        return []
    inside = Inside(diagrams)
    size = inside.size(inside.main)
    if size > MAX_PLACES:
        return [TOO_LARGE.broken_by(MAIN, inside.main.node, found=size, limit=MAX_PLACES)]
    found: list[tuple[Finding, list[str]]] = []
    for variant in passport.variants:
        for finding in _in_variant(diagrams, passport, variant):
            variants = next((variants for known, variants in found if known == finding), None)
            if variants is None:
                found.append((finding, [variant.id]))
            elif variant.id not in variants:
                variants.append(variant.id)
    of_variants = (replace(each, values={**each.values, "variants": ", ".join(variants)}) for each, variants in found)
    own = [*unproved_numbers(passport), *limits(diagrams, passport), *named_steps(diagrams, passport)]
    return [*_citations(diagrams), *own, *result_steps(diagrams, passport), *of_variants]


def _in_variant(diagrams: Diagrams, passport: Passport, variant: Variant) -> Iterator[Finding]:
    course = Course(diagrams, {"variant": variant.id})
    yield from terms(diagrams, passport, variant)
    yield from refusals(course, passport, variant)
    yield from signing(diagrams, course, passport, variant)


def _citations(diagrams: Diagrams) -> Iterator[Finding]:
    """Tasks and history cite a step's paragraph in the reader's language, so it must be one that can be said."""
    for scope in diagrams.scopes:
        for node in scope.nodes.values():
            paragraph = attribute(node, "step", "paragraph")
            if paragraph is not None and not _is_citation(paragraph):
                yield NO_CITATION.broken_by(scope.file, node, found=paragraph)


def _is_citation(text: str) -> bool:
    try:
        cite(text)
    except Invalid:
        return False
    return True
