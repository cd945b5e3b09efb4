"""SHA: what fails the shapes, and what would make them pass in silence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from rdflib import OWL, RDF, SH, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from kg.checking.context import Context, meant, names_of
from kg.checking.findings import Finding, Related, Severity
from kg.errors import UnreadableInput
from kg.validation.compiled import Shape, Shapes, compile_shapes
from kg.validation.engine import Engine, Failing
from kg.validation.report import Report, Result
from kg.validation.validator import validate

_SEVERITIES = {"Violation": Severity.ERROR, "Warning": Severity.WARNING, "Info": Severity.INFO}
# Terms of SHACL Advanced Features and SHACL-JS, which the engines leave aside.
_ADVANCED = {
    *(
        "target",
        "rule",
        "Rules",
        "expression",
        "js",
        "values",
        "SPARQLTarget",
        "SPARQLRule",
        "TripleRule",
        "SPARQLFunction",
    ),
    *("jsFunctionName", "jsLibrary", "JSConstraint", "JSRule", "condition", "construct"),
}
_MORE = {
    *_ADVANCED,
    "flags",
    "alternativePath",
    "deactivated",
    "details",
    "detail",
    "entailment",
    "suggestedShapesGraph",
}
_NESTING = ("node", "and", "or", "xone", "not", "property", "qualifiedValueShape")


def check(context: Context) -> Iterator[Finding]:
    """Yield what the shapes find, and what is wrong with them."""
    graph = context.project.shapes
    files = context.files("shapes")
    if not files:
        return
    yield from _vocabulary(context)
    try:
        shapes = compile_shapes(graph)
        if not shapes.by_node:
            for file in files:
                yield context.finding("SHA04", f"{file.name} has no shape", "write one", place=file.source.place(0))
            return
        yield from _dangling(context, shapes)
        report = context.report = context.report or validate(
            context.project.data, graph, Graph(), confirmed=context.confirmed
        )
    except UnreadableInput as error:
        yield _unusable(context, graph, str(error))
        return
    yield from _results(context, shapes, report)
    yield from _silent(context, shapes)
    for text in report.disagreements:
        yield context.finding("SHA05", text, "report it to foedus with the shape and the node")
    for shape, spent in report.seconds.items():
        before = context.timings.get(context.term(shape), (0.0, 0))
        context.timings[context.term(shape)] = before[0] + spent, before[1] + report.focused.get(shape, 0)


def _results(context: Context, shapes: Shapes, report: Report) -> Iterator[Finding]:
    engine = Engine(shapes, context.project.data)
    for result in report.results:
        shape = shapes.by_node.get(result.shape)
        path = shape.path.predicate if shape and shape.path else None
        if result.component == "ClosedConstraintComponent" and result.path:
            path = URIRef(result.path.strip("<>"))
        place = context.positions.of(result.focus, path, result.value, ("data", "ontology"))
        related = []
        where = context.positions.of(result.shape, SH[_parameter(result)], among=("shapes",))
        if where:
            related.append(Related(where, f"the shape asks for sh:{_parameter(result)} here"))
        text = context.term(result.focus) + (f" {_path(context, result.path)}" if result.path else "")
        told = f" {context.term(result.value)}" if result.value is not None and result.value != result.focus else ""
        yield context.finding(
            "SHA01",
            result.message,
            place=place,
            focus=result.focus,
            severity=_SEVERITIES.get(result.severity, Severity.ERROR),
            path=result.path or "",
            value=result.value,
            shape=result.shape,
            related=related,
            details=(f"{text}{told}", *_why(context, engine, shapes, shape, result)),
        )


def _why(context: Context, engine: Engine, shapes: Shapes, shape: Shape | None, result: Result) -> Iterator[str]:
    """Why a value does not conform to the shapes that a constraint names."""
    parameter = URIRef(SH[_parameter(result)]) if _parameter(result) in _NESTING else None
    if shape is None or parameter is None or result.value is None:
        return
    for node in shape.parameters.get(parameter, ()):
        listed = parameter in (SH["and"], SH["or"], SH.xone)
        for number, member in enumerate(shapes.graph.items(node) if listed else [node], start=1):
            name = "" if isinstance(member, BNode) else f"{context.term(member)}: "
            name = f"{number}. {name}" if listed else name
            try:
                wrong = engine.why(member, result.value)
            except (UnreadableInput, ArithmeticError):
                continue
            if not wrong:
                yield f"{name}it conforms"
            for each in wrong[:3]:
                yield f"{name}{_reason(context, each)}"


def _reason(context: Context, failing: Failing) -> str:
    name = failing.component.removesuffix("ConstraintComponent")
    parameter = f"{name[0].lower()}{name[1:]}"
    wanted = " ".join(context.term(value) for value in failing.shape.parameters.get(URIRef(f"{SH}{parameter}"), ()))
    path = f"{_path(context, failing.shape.path.text)} " if failing.shape.path else ""
    value = f"{context.term(failing.value)} " if failing.value is not None else ""
    message = f" ({failing.shape.messages[0]})" if failing.shape.messages else ""
    return f"{path}{value}fails sh:{parameter} {wanted}".rstrip() + message


def _silent(context: Context, shapes: Shapes) -> Iterator[Finding]:
    """Shapes that look at nothing, and instances that nothing looks at."""
    data = context.project.data
    referred = {node for shape in shapes.by_node.values() for node in shapes.referred(shape)}
    referred |= set(shapes.graph.objects(None, SH.property))
    reached: dict[Node, None] = {}
    empty: list[Shape] = []
    for shape in shapes.by_node.values():
        if shape.deactivated:
            continue
        place = context.positions.of(shape.node, among=("shapes",))
        if shape.targeted:
            focus = shape.focus_nodes(data)
            reached.update(focus)
            if not focus:
                empty.append(shape)
        elif shape.node not in referred and (shape.parameters or shape.path) and isinstance(shape.node, URIRef):
            message = f"{context.term(shape.node)} has no target, and no shape names it: it judges nothing"
            yield context.finding("SHA04", message, "give it a target, or remove it", place=place, shape=shape.node)
    if context.files("data"):
        # A class that is a shape is one of a library, of which data need not use every part.
        yield from (_targets_nothing(context, shape) for shape in empty if not _implicit(shape))
        yield from _uncovered(context, reached)
    elif empty:
        message = f"there are no data: {len(empty)} of {len(shapes.targeted)} shapes with targets were tried on nothing"
        place = context.positions.of(empty[0].node, among=("shapes",))
        yield context.finding("SHA02", message, "check the shapes together with data", place=place)


def _implicit(shape: Shape) -> bool:
    """Whether a shape's only target is itself, as a class."""
    return [target for targets in shape.targets.values() for target in targets] == [shape.node]


def _targets_nothing(context: Context, shape: Shape) -> Finding:
    for predicate, targets in shape.targets.items():
        for target in targets:
            place = context.positions.of(shape.node, predicate, target, ("shapes",))
            known = {str(each) for each in context.classes | context.properties}
            known |= {str(each) for each in context.project.data.values(RDF.type)}
            guess = "" if str(target) in known else meant(str(target), known)
            remedy = (
                f"did you mean {context.project.short(guess)}?" if guess else "correct the target, or remove the shape"
            )
            message = f"{context.term(shape.node)} targets nothing: no node has {context.term(target)}"
            return context.finding("SHA02", message, remedy, place=place, shape=shape.node)
    return context.finding("SHA02", f"{context.term(shape.node)} targets nothing", shape=shape.node)


def _uncovered(context: Context, reached: dict[Node, None]) -> Iterator[Finding]:
    """How many instances no shape looks at, class by class."""
    total, missed = 0, Counter[Node]()
    example: dict[Node, Node] = {}
    for file in context.files("data"):
        for subject, predicate, value in file.triples:
            if predicate == RDF.type and str(value) not in (str(OWL.NamedIndividual), str(OWL.Ontology)):
                total += 1
                if subject not in reached:
                    missed[value] += 1
                    example.setdefault(value, subject)
    if missed:
        share = 100 * sum(missed.values()) / total
        details = [f"{context.term(kind)}: {count}" for kind, count in missed.most_common(10)]
        kind = missed.most_common(1)[0][0]
        yield context.finding(
            "SHA06",
            f"{sum(missed.values())} of {total} instances ({share:.0f} %) are looked at by no shape",
            f"write a shape that targets {context.term(kind)}",
            place=context.positions.of(example[kind], RDF.type, kind, ("data",)),
            details=details,
        )


def _vocabulary(context: Context) -> Iterator[Finding]:
    """Terms in the namespace of SHACL that it does not have, and those that are left aside."""
    known = names_of(SH) | _MORE
    # Who describes SHACL itself, or a draft of it, may have more terms.
    described = {subject for file in context.files() for subject, predicate, _ in file.triples if predicate == RDF.type}
    for file in context.files():
        seen: set[Node] = set()
        for triple in file.triples:
            for term in triple:
                if not isinstance(term, URIRef) or not term.startswith(str(SH)) or term in seen:
                    continue
                seen.add(term)
                name = term.removeprefix(str(SH))
                if name not in known and name and term not in described:
                    guess = meant(name, known)
                    remedy = f"did you mean sh:{guess}?" if guess else "look the term up in SHACL"
                    place = context.positions.use(file, term)
                    yield context.finding(
                        "SHA03", f"sh:{name} is no term of SHACL", remedy, place=place, path=f"sh:{name}"
                    )
                elif name in _ADVANCED:
                    place = context.positions.use(file, term)
                    message = f"sh:{name} is of SHACL Advanced Features, which are not run"
                    remedy = "say the same with SHACL Core or sh:sparql"
                    yield context.finding("SHA08", message, remedy, place=place, path=f"sh:{name}")


def _unusable(context: Context, graph: Graph, text: str) -> Finding:
    """A finding at the shape that an error names."""
    terms = {term for triple in graph for term in triple if not isinstance(term, Literal)}
    node = max((term for term in terms if term.n3() in text), key=str, default=None)
    if node is None:
        return context.finding("SHA07", text)
    places = (context.positions.use(file, node) for file in context.files("shapes"))
    place = next(filter(None, places), None)
    return context.finding("SHA07", text.replace(node.n3(), context.term(node)), place=place, shape=node)


def _dangling(context: Context, shapes: Shapes) -> Iterator[Finding]:
    """Names of shapes that nothing describes."""
    for shape in shapes.by_node.values():
        for node in shapes.referred(shape):
            if (node, None, None) not in shapes.graph:
                place = context.positions.of(shape.node, None, node, ("shapes",))
                for parameter, values in shape.parameters.items():
                    if node in values:
                        place = context.positions.of(shape.node, parameter, node, ("shapes",))
                message = f"there is no shape {context.term(node)}"
                yield context.finding("SHA07", message, "write it, or correct the name", place=place, shape=node)


def _parameter(result: Result) -> str:
    name = result.component.removesuffix("ConstraintComponent")
    return "sparql" if name == "SPARQL" else f"{name[0].lower()}{name[1:]}"


def _path(context: Context, path: str) -> str:
    """A path with the project's prefixes instead of whole IRIs."""
    parts = path.split("<")
    return parts[0] + "".join(
        context.project.short(part.partition(">")[0]) + part.partition(">")[2] for part in parts[1:]
    )
