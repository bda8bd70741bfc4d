"""The one entry for BPMN and DMN files from outside: bytes of unknown origin become a tree that is safe to work with.

In this order, so that nothing dangerous reaches the next stage: size, encoding, a pass of the plain event parser that stops
at the first document type declaration and at depth, then the tree, the schema, the mending of lawful spellings the library
misreads, and the checks for what it would silently drop. Hostile input is never an exception: it is a finding.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE
from functools import cache
from pathlib import Path
from threading import Lock
from xml.parsers import expat

import SpiffWorkflow.dmn.parser
from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import XSD_PATH

from app.domain.moves import Finding
from app.engine.extension import BPMN
from app.engine.findings import Rule, has_errors, line_of, place_of
from app.engine.integrity import integrity
from app.engine.mending import mend

MAX_BYTES = 5 * 1024 * 1024  # the largest diagrams drawn by hand have a few hundred kilobytes
MAX_DEPTH = 100  # an element of the schema stands at most 9 deep; each nested sub-process adds one
MAX_ELEMENTS = 50_000  # several times what the size above holds in ordinary XML; bounds the time of every later check
MAX_SCHEMA_FINDINGS = 50  # one misplaced element can make the schema complain about all its neighbours

TOO_LARGE = Rule("bpmn-too-large", "The file has %(found)s bytes; at most %(limit)s are read")
TOO_DEEP = Rule("bpmn-too-deep", "Elements are nested deeper than %(limit)s levels")
TOO_MANY = Rule("bpmn-too-many-elements", "The file has more than %(limit)s XML elements")
ENCODING = Rule("bpmn-encoding", "The file is declared as %(declared)s; only UTF-8 and UTF-16 are read")
BROKEN_TEXT = Rule("bpmn-encoding", "The file is not valid %(encoding)s text at byte %(position)s")
DOCTYPE = Rule("bpmn-doctype", "The file has a document type declaration (DTD, entities); these are never read")
INCLUSION = Rule("bpmn-inclusion", "The file includes another file; inclusions are never followed")
MALFORMED = Rule("bpmn-malformed", "The file is not well-formed XML: %(reason)s")
WRONG_ROOT = Rule("bpmn-root", "Expected “definitions” in the namespace %(expected)s, found %(found)s")
SCHEMA = Rule("bpmn-schema", "The file does not follow the schema: %(reason)s")
DUPLICATE_ID = Rule("bpmn-duplicate-id", "The id “%(id)s” is already taken on line %(line)s; an id stands once in a file")

_DMN_SCHEMAS = Path(SpiffWorkflow.dmn.parser.__file__).with_name("schema")
_DMN = {  # the schema of 1.2 that comes with the library refers to a part that is not there
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd": _DMN_SCHEMAS / "DMN.xsd",
    "https://www.omg.org/spec/DMN/20191111/MODEL/": _DMN_SCHEMAS / "DMN13.xsd",
}
_XINCLUDE = "http://www.w3.org/2001/XInclude"
_ENCODINGS = {"utf-8": ("utf-8", "us-ascii"), "utf-16": ("utf-16", "utf-16le", "utf-16be")}
_DECLARATION = re.compile(r"<\?xml\s[^>]*?\?>", re.DOTALL)
_NAMESPACE = re.compile(r"\{[^}]*\}")
_VALIDATING = Lock()  # a schema keeps the errors of its last validation in itself
_DECLARED = re.compile(r"""\sencoding\s*=\s*["']([^"']*)["']""")


class _Refused(Exception):
    """Stops the reading of a file at its first dangerous or unreadable place."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding


def read_definitions(name: str, content: bytes) -> tuple[etree._Element | None, list[Finding]]:
    """The `definitions` of a BPMN file, ready for the engine's parser; None when any finding is an error.

    `name` is the file's name for the findings. The tree keeps the lines of the file.
    """
    root, findings = examine(name, content)
    return (None if has_errors(findings) else root), findings


def read_decisions(name: str, content: bytes) -> tuple[etree._Element | None, list[Finding]]:
    """The `definitions` of a DMN 1.1 or 1.3 file; None when any finding is an error."""
    try:
        root = _tree(name, content)
        schema = _DMN.get(etree.QName(root).namespace or "")
        if schema is None or etree.QName(root).localname != "definitions":
            raise _Refused(WRONG_ROOT.broken_by(name, root, expected=" / ".join(_DMN), found=root.tag))
    except _Refused as refused:
        return None, [refused.finding]
    findings = _duplicates(name, root)
    findings += _schema_findings(name, root, schema, findings)
    return (None if has_errors(findings) else root), findings


def examine(name: str, content: bytes) -> tuple[etree._Element | None, list[Finding]]:
    """Like `read_definitions`, yet gives a readable tree in spite of errors in it, so that checks can report all at once."""
    try:
        root = _tree(name, content)
        if root.tag != f"{{{BPMN}}}definitions":
            raise _Refused(WRONG_ROOT.broken_by(name, root, expected=BPMN, found=root.tag))
    except _Refused as refused:
        return None, [refused.finding]
    findings = _duplicates(name, root)
    findings += _schema_findings(name, root, Path(XSD_PATH), findings)
    findings += mend(name, root)
    findings += integrity(name, root)
    return root, findings


def tree_as_written(name: str, content: bytes) -> etree._Element:
    """The tree of a file that `examine` could read, nothing mended, comments and all: to change it and write it back."""
    return _parsed(name, _decoded(name, content), etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))


def safe_tree(name: str, content: bytes) -> etree._Element | None:
    """The XML of a file as it is written, unchecked and unmended, comments left out; None for what may not be read."""
    try:
        return _tree(name, content)
    except _Refused:
        return None


def _tree(name: str, content: bytes) -> etree._Element:
    if len(content) > MAX_BYTES:
        raise _Refused(TOO_LARGE.broken(name, 0, "", found=len(content), limit=MAX_BYTES))
    text = _decoded(name, content)
    _scan(name, text)
    # Comments split the text around them, and the library reads only the first part: `a == 1 <!-- --> or b`.
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    root = _parsed(name, text, parser)
    for node in root.iter(f"{{{_XINCLUDE}}}*"):
        raise _Refused(INCLUSION.broken_by(name, node))
    return root


def _parsed(name: str, text: str, parser: etree.XMLParser) -> etree._Element:
    try:
        return etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise _Refused(MALFORMED.broken(name, error.lineno or 0, "", reason=error.msg)) from error


def _decoded(name: str, content: bytes) -> str:
    """The text without its XML declaration, lines kept."""
    encoding = _detected(name, content)
    try:
        text = content.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _Refused(BROKEN_TEXT.broken(name, line, "", encoding=encoding, position=error.start)) from error
    declaration = _DECLARATION.match(text)
    if declaration is None:
        return text
    declared = _DECLARED.search(declaration[0])
    allowed = _ENCODINGS[encoding[:6].rstrip("-")]
    if declared is not None and declared[1].lower() not in allowed:
        raise _Refused(ENCODING.broken(name, 1, "", declared=declared[1]))
    return "\n" * declaration[0].count("\n") + text[declaration.end() :]


def _detected(name: str, content: bytes) -> str:
    """UTF-8 unless the first bytes say otherwise (XML 1.0, appendix F)."""
    if content.startswith((BOM_UTF32_LE, BOM_UTF32_BE, b"<\0\0\0", b"\0\0\0<")):
        raise _Refused(ENCODING.broken(name, 1, "", declared="UTF-32"))
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return "utf-16"
    if content.startswith((b"<\0", b"\0<")):
        return "utf-16-le" if content.startswith(b"<") else "utf-16-be"
    return "utf-8-sig" if content.startswith(BOM_UTF8) else "utf-8"


def _scan(name: str, text: str) -> None:
    """One pass that builds nothing. The handler of a document type runs before its entities are read."""
    parser = expat.ParserCreate()
    depth = elements = 0

    def refuse(rule: Rule, **values: object) -> None:
        raise _Refused(rule.broken(name, parser.CurrentLineNumber, "", **values))

    def doctype(*_: object) -> None:
        refuse(DOCTYPE)

    def start(*_: object) -> None:
        nonlocal depth, elements
        depth, elements = depth + 1, elements + 1
        if depth > MAX_DEPTH:
            refuse(TOO_DEEP, limit=MAX_DEPTH)
        if elements > MAX_ELEMENTS:
            refuse(TOO_MANY, limit=MAX_ELEMENTS)

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        parser.Parse(text.encode("utf-8", "surrogatepass"), True)
    except expat.ExpatError as error:
        raise _Refused(MALFORMED.broken(name, error.lineno, "", reason=expat.ErrorString(error.code))) from error


def _duplicates(name: str, root: etree._Element) -> list[Finding]:
    first: dict[str, etree._Element] = {}
    found = []
    for node in root.iter():
        identity = node.get("id", "").strip()
        if identity and first.setdefault(identity, node) is not node:
            found.append(DUPLICATE_ID.broken_by(name, node, id=identity, line=line_of(first[identity])))
    return found


def _schema_findings(name: str, root: etree._Element, schema_file: Path, known: list[Finding]) -> list[Finding]:
    """What the schema says against the file, less the duplicate ids already known: those are named with both lines."""
    with _VALIDATING:
        schema = _schema(schema_file)
        if schema.validate(root):
            return []
        errors = [(e.line, e.message, e.path) for e in schema.error_log]  # type: ignore[attr-defined]
    told = tuple(f"'{finding.values['id']}' is not a valid value of the atomic type 'xs:ID'." for finding in known)
    return [
        SCHEMA.broken(name, line, _place(root, path), reason=_NAMESPACE.sub("", message))
        for line, message, path in errors[:MAX_SCHEMA_FINDINGS]
        if not message.endswith(told)
    ]


def _place(root: etree._Element, path: str | None) -> str:
    """The id at or around the path the validator gives, such as /*/*[1]/*[3]."""
    prefixes = {prefix: uri for node in root.iter() for prefix, uri in node.nsmap.items() if prefix}
    found = root.getroottree().xpath(path, namespaces=prefixes) if path else None
    return place_of(found[0]) if isinstance(found, list) and found and isinstance(found[0], etree._Element) else ""


@cache
def _schema(file: Path) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(file))


def safely_read(name: str, content: bytes) -> etree._Element | None:
    """The tree of a BPMN or DMN file as it is written, neither validated nor mended; None for one that is dangerous or broken."""
    try:
        return _tree(name, content)
    except _Refused:
        return None
