"""Bundles on disk: a service's folder read as it is published, and the passport inside it.

A bundle's files are named as the publisher sees them: `process.bpmn`, `service.yaml`, `decisions.dmn`, `letters/<name>.html`,
`rehearsals/<name>.yaml`.
What many services use stands once in `processes/shared/`: processes (`shared/<id>.bpmn`) with the forms of their steps
(`shared/steps.yaml`), decision tables (`shared/<decision>.dmn`), and letters (`shared/letters/<name>.html`). A bundle takes of
it only what its service needs, so that a shared file that changes makes a new version of the services that use it, and of no
other.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path

import yaml

from app.domain.errors import Invalid, Misconfigured, Problem, Sentence, problem
from app.domain.moves import Bundle
from app.domain.passport import Passport
from app.domain.passport_reading import passport_from

PASSPORT = "service.yaml"
PROCESS = "process.bpmn"
SHARED = "shared"
STEPS = f"{SHARED}/steps.yaml"
MAX_FILE = 5 * 1024 * 1024
MAX_PASSPORT = 1024 * 1024  # eight times the longest passport there is
MAX_PLACES, MAX_DEPTH = 50_000, 40  # fifteen times as many; aliases may repeat a part of the passport, but not without end
TOO_DEEP = "%(file)s nests deeper than %(most)d levels."

KEPT_PASSPORTS = 256

_OWN = (PROCESS, PASSPORT, "*.dmn", "letters/*.html", "rehearsals/*.yaml")
# Found by their look: what files of unknown origin say is read, with all its checks, only once they are a bundle.
_CALLED = re.compile(r"""\bcalledElement\s*=\s*["']\s*([\w.-]+)\s*["']""")
_DECIDED = re.compile(r"""\bdecision\s+ref\s*=\s*["']\s*([\w.-]+)\s*["']""")
_LETTER = re.compile(rf"\b{SHARED}/letters/[\w-]+\.html\b")


def services_in(processes: Path) -> tuple[Path, ...]:
    """The folders of `processes/` that hold a service, in name order. Raises Misconfigured if the folder is not there."""
    if not processes.is_dir():
        raise Misconfigured("There is no folder of processes at %(path)s.", path=processes)
    return tuple(sorted(f for f in processes.iterdir() if (f / PASSPORT).is_file() or (f / PROCESS).is_file()))


def read_bundle(folder: Path, shared: Path | None = None) -> Bundle:
    """The files of one service's folder, whose name is the service's id, and those it needs of `shared`: unless another is
    given, the folder of that name beside it.

    Raises Invalid naming every file that is missing or too large.
    """
    files = _contents(folder, own_files(folder), needed=(PROCESS, PASSPORT))
    beside = shared or folder.parent / SHARED
    while used := {name: path for name in sorted(_used_by(files) - files.keys()) if (path := _in(beside, name)).is_file()}:
        files |= _contents(folder, used)  # a called process may call others
    return Bundle(folder.name, files)


def own_files(folder: Path) -> dict[str, Path]:
    """The files of a service's own folder by their names in its bundle; none where there is no folder."""
    return {f.relative_to(folder).as_posix(): f for pattern in _OWN for f in sorted(folder.glob(pattern))}


def _contents(folder: Path, paths: Mapping[str, Path], needed: Iterable[str] = ()) -> dict[str, bytes]:
    problems = [problem(name, "This file is missing.") for name in needed if name not in paths]
    problems += [
        problem(name, "The file has %(size)d bytes; at most %(most)d are read.", size=path.stat().st_size, most=MAX_FILE)
        for name, path in paths.items()
        if path.stat().st_size > MAX_FILE
    ]
    if problems:
        raise Invalid("The folder %(folder)s is no service.", problems, folder=folder.name)
    return {name: path.read_bytes() for name, path in paths.items()}


def _used_by(files: Mapping[str, bytes]) -> set[str]:
    """The shared files these name, whether they are there or not: that is for the checks to say."""
    diagrams = [text_of(content) for name, content in files.items() if name.endswith(".bpmn")]
    called = {f"{SHARED}/{process}.bpmn" for diagram in diagrams for process in _CALLED.findall(diagram)}
    decided = {f"{SHARED}/{decision}.dmn" for diagram in diagrams for decision in _DECIDED.findall(diagram)}
    return called | decided | ({STEPS} if called else set()) | set(_LETTER.findall(text_of(files[PASSPORT])))


def text_of(content: bytes) -> str:
    """A file as text, by the mark at its beginning; what cannot be read stands as the sign for that."""
    return content.decode("utf-16" if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8", "replace")


def _in(shared: Path, name: str) -> Path:
    return shared / name.removeprefix(f"{SHARED}/")


_passports: dict[tuple[str, ...], Passport] = {}


def passport_of(bundle: Bundle) -> Passport:
    """The bundle's passport, checked; read once for all bundles in which it is the same, a draft's of which the diagram changes.

    Raises Invalid listing every problem with its key path and line.
    """
    texts = (sha256(bundle.files.get(name, b"")).hexdigest() for name in (PASSPORT, STEPS))
    key = (bundle.service, *texts, *sorted(bundle.files))  # the rest of a bundle it is checked against by name alone
    passport = _passports.get(key)
    if passport is None:
        passport = _read_passport(bundle)
        if len(_passports) >= KEPT_PASSPORTS:
            _passports.clear()
        _passports[key] = passport
    return passport


def _read_passport(bundle: Bundle) -> Passport:
    text = bundle.files.get(PASSPORT)
    if text is None:
        raise Invalid("The bundle %(service)s has no %(file)s.", service=bundle.service, file=PASSPORT)
    root, data = parsed(text)
    try:
        passport = passport_from(_with_shared_forms(data, bundle), PASSPORT)
    except Invalid as wrong:
        raise _with_lines(wrong, root) from wrong
    problems = tuple(_misfits(passport, bundle))
    if problems:
        raise _with_lines(Invalid("The passport %(file)s is wrong.", problems, file=PASSPORT), root)
    return passport


def _with_shared_forms(data: object, bundle: Bundle) -> object:
    """The passport's values with the forms of the called processes its diagram uses; a form of its own goes before them."""
    if STEPS not in bundle.files or not isinstance(data, dict) or not isinstance(data.get("forms"), list):
        return data
    _, steps = parsed(bundle.files[STEPS])
    called = [name.removeprefix(f"{SHARED}/").removesuffix(".bpmn") for name in bundle.files if name.endswith(".bpmn")]
    own = {form.get("id") for form in data["forms"] if isinstance(form, dict)}
    shared = [form for name in called for form in (steps.get(name, ()) if isinstance(steps, dict) else ())]
    return {**data, "forms": [*data["forms"], *(form for form in shared if form["id"] not in own)]}


def _misfits(passport: Passport, bundle: Bundle) -> Iterator[Problem]:
    """What the passport says and the bundle's other files do not keep."""
    if passport.id != bundle.service:
        yield problem("id", "Expected the folder's name '%(service)s', found '%(id)s'.", service=bundle.service, id=passport.id)
    letters = [(f"results[{i}].letter", result.letter) for i, result in enumerate(passport.results)]
    letters += [(f"forms[{i}].letter", form.letter) for i, form in enumerate(passport.forms) if form.letter]
    for place, name in letters:
        if name not in bundle.files:
            yield problem(place, "The bundle has no file '%(name)s'.", name=name)


class PlainLoader(yaml.SafeLoader):
    """YAML whose plain words mean what they look like: `no`, `on`, `0.9` and `13:00` stay texts. It has no tags, and so many
    places and levels at most: what is larger would take long to read."""

    def __init__(self, text: bytes | str) -> None:
        super().__init__(text)
        self._places = self._depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        self._places, self._depth = self._places + 1, self._depth + 1
        if self._places > MAX_PLACES:
            raise Invalid("%(file)s has more than %(most)d places.", file=PASSPORT, most=MAX_PLACES)
        if self._depth > MAX_DEPTH:
            raise Invalid(TOO_DEEP, file=PASSPORT, most=MAX_DEPTH)
        if getattr(self.peek_event(), "tag", None) is not None:
            raise Invalid("%(file)s has the tag '%(tag)s'; tags are not read.", file=PASSPORT, tag=self.peek_event().tag)
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node


PlainLoader.yaml_implicit_resolvers = {
    first: [rule for rule in rules if rule[0] in ("tag:yaml.org,2002:null", "tag:yaml.org,2002:timestamp")]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
PlainLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"(true|false)$"), list("tf"))
PlainLoader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"(0|[1-9][0-9]*)$"), list("0123456789"))


def plain_values(text: bytes) -> object:
    """What a YAML file of a bundle says, whatever it should say. Raises Invalid for one that cannot be read."""
    return parsed(text)[1]


def parsed(text: bytes) -> tuple[yaml.Node, object]:
    """The file as YAML nodes, which know their lines, and as plain values."""
    if len(text) > MAX_PASSPORT:
        raise Invalid("%(file)s has %(size)d bytes; at most %(most)d are read.", file=PASSPORT, size=len(text), most=MAX_PASSPORT)
    try:
        loader = PlainLoader(text)
        root = loader.get_single_node()
        if root is None:
            raise Invalid("The passport %(file)s is empty.", file=PASSPORT)
        _refuse_twins(root)
        return root, loader.construct_document(root)
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError) as wrong:
        unread = Sentence("%(file)s cannot be read as YAML: %(reason)s", {"file": PASSPORT, "reason": _reason(wrong)})
        mark = wrong.problem_mark if isinstance(wrong, yaml.MarkedYAMLError) else None
        raise Invalid(
            unread.template, [Problem(_at(PASSPORT, mark.line + 1), unread)] if mark else (), **unread.values
        ) from wrong


def _reason(wrong: Exception) -> str:
    """Without the place, which is told as such."""
    return (wrong.problem or str(wrong)) if isinstance(wrong, yaml.MarkedYAMLError) else str(wrong)


def _refuse_twins(root: yaml.Node) -> None:
    """A key given twice would silently lose its first value; an alias inside itself, or too many, would never end."""
    problems: list[Problem] = []
    for count, (path, key) in enumerate(_keys(root, "")):
        if count > MAX_PLACES:
            raise Invalid("%(file)s repeats itself more than %(most)d times.", file=PASSPORT, most=MAX_PLACES)
        if key is not None:
            problems.append(problem(path, "This key stands here twice; the second time in line %(line)d.", line=_line(key)))
    if problems:
        raise _with_lines(Invalid("The passport %(file)s is wrong.", problems, file=PASSPORT), root)


def _keys(node: yaml.Node, path: str, depth: int = 0) -> Iterator[tuple[str, yaml.Node | None]]:
    """Every place of the file; with the key's node where the key has been given before."""
    if depth > MAX_DEPTH:
        raise Invalid(TOO_DEEP, file=PASSPORT, most=MAX_DEPTH)
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            here = f"{path}.{key.value}" if path else str(key.value)
            yield here, key if str(key.value) in seen else None
            seen.add(str(key.value))
            yield from _keys(value, here, depth + 1)
    elif isinstance(node, yaml.SequenceNode):
        for i, item in enumerate(node.value):
            yield f"{path}[{i}]", None
            yield from _keys(item, f"{path}[{i}]", depth + 1)


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _with_lines(wrong: Invalid, root: yaml.Node) -> Invalid:
    """The same problems, each place followed by its line: `variants[0].term.limit (line 42)`."""
    problems = [Problem(_at(p.place, line_of(p.place, root)), p.sentence) for p in wrong.problems]
    return Invalid(wrong.sentence.template, problems, **wrong.sentence.values)


def _at(place: str, line: int) -> str:
    return f"{place} (line {line})"


def line_of(place: str, root: yaml.Node) -> int:
    """The line of a key path, or of the deepest part of it that is there."""
    node, line = root, _line(root)
    for key, index in re.findall(r"([^.\[\]]+)|\[(\d+)\]", place):
        if isinstance(node, yaml.MappingNode):
            pair = next((pair for pair in node.value if pair[0].value == key), None)
            if pair is None:
                break
            line, node = _line(pair[0]), pair[1]
        elif isinstance(node, yaml.SequenceNode) and index and int(index) < len(node.value):
            node = node.value[int(index)]
            line = _line(node)
        else:
            break
    return line
