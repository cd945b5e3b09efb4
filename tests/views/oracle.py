"""A view by its definition: leave rows out, and build and reason anew from what is left. Slow, and with no ledger."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from pyoxigraph import NamedNode, Quad, Triple

from kg import pipeline, rdf, reasoning, sources
from kg.assets import find
from kg.facts.claims import Dated, Lasting
from kg.facts.core import Thing
from kg.facts.evidence import Attestation, SourceComparison
from kg.facts.membership import MembershipListing, RecognitionStance
from kg.facts.negotiation import Occurrence
from kg.facts.sites import ControlSituation, SovereigntyClaim
from kg.facts.tables import Facts
from kg.facts.values import Edtf, Ref
from kg.terms import FOE, Names, slugify
from kg.views.view import View

NAMES = Names()
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Rebuilt:
    """A graph made anew: its rows, its asserted quads and what follows from them."""

    facts: Facts
    asserted: list[Quad]
    reasoned: reasoning.Reasoned

    @property
    def merge(self) -> set[Triple]:
        """All that the graphs say, as a set."""
        return rdf.merge([*self.asserted, *self.reasoned.quads(NAMES)])


def reasoned_anew(rules):
    """Reason over quads with no knowledge of any other."""
    return lambda quads: reasoning.reason(quads, rules, NAMES)


def reasoned_within(reasoned: reasoning.Reasoned):
    """Take from what follows from more quads what follows from these; much faster, and the same."""
    return lambda quads: reasoned.within(quads, NAMES)


def rebuilt_view(facts: Facts, view: View, reason) -> Rebuilt:
    """The graph of a view by the words of docs/views.md."""

    def build(rows: Facts) -> Rebuilt:
        asserted = pipeline.quads_of(rows, find(), NAMES)
        return Rebuilt(rows, asserted, reason(asserted))

    filtered = with_what_is_spoken_of(by_days_and_evidence(facts, view), facts, view)
    built = build(filtered)
    if not view.pov:
        return built
    gone = excluded(built, view)
    left = without_orphans(replace(filtered, claims=tuple(row for row in filtered.claims if row.claim not in gone)))
    return build(with_what_is_spoken_of(left, facts, view))


def by_days_and_evidence(facts: Facts, view: View) -> Facts:
    facts = as_recorded(facts, view.recorded_at)
    sources = {row.id: row for row in facts.sources}

    def reported(row: Attestation) -> date | None:
        day = row.reported or sources[row.source].published
        return day.latest if day else None

    def chain(ref: Ref) -> list[str]:
        found = [ref]
        while (before := sources[found[-1]].reprint_of) and before not in found:
            found.append(before)
        return found

    def counts(row: Attestation) -> bool:
        refs = chain(row.source)
        publishers = [f"publisher/{slugify(sources[ref].publisher)}" for ref in refs]
        return not set(view.excluded) & {*refs, *publishers} and not (view.verified and row.certainty != "verified")

    of: dict[str, list[Attestation]] = {}
    for row in facts.attestations:
        if counts(row):
            of.setdefault(row.claim.slug, []).append(row)
    claims, attestations = [], []
    for claim in facts.claims:
        mine = of.get(claim.claim, [])
        if view.known_at:
            dated = [row for row in mine if reported(row)]
            if dated:
                mine = [row for row in dated if reported(row) <= view.known_at]
            elif not (event := latest_event(claim)) or event > view.known_at:
                mine = []
            if isinstance(claim, Lasting) and claim.as_of and claim.as_of.latest > view.known_at:
                claim = replace(claim, as_of=None)
        if len({chain(row.source)[-1] for row in mine}) < view.minimum:
            continue
        if view.valid_at and not on_day(claim, view.valid_at, view.possible):
            continue
        claims.append(claim)
        attestations += mine
    return without_orphans(replace(facts, claims=tuple(claims), attestations=tuple(attestations)))


def as_recorded(facts: Facts, day: date | None) -> Facts:
    """Rows as they stood on a day: those recorded by then, without what was taken back later. No day: what stands."""

    def stood(row) -> bool:
        return (
            row.retracted is None
            if day is None
            else row.recorded <= day and not (row.retracted and row.retracted <= day)
        )

    def then(row):
        return replace(row, retracted=None) if day and row.retracted and row.retracted > day else row

    return replace(
        facts,
        things=tuple(then(row) for row in facts.things),
        sources=tuple(then(row) for row in facts.sources),
        attestations=tuple(then(row) for row in facts.attestations if stood(row)),
        claims=tuple(then(row) for row in facts.claims if stood(row)),
    )


def latest_event(claim) -> date | None:
    days = [value.latest for column in claim.columns() if isinstance(value := getattr(claim, column.name), Edtf)]
    return max(days, default=None)


def on_day(claim, day: date, possible: bool) -> bool:
    """Whether a claim holds on a day, or is presumed to, or possibly does."""
    if isinstance(claim, Dated | Occurrence):
        when = claim.on if isinstance(claim, Dated) else claim.begin
        return when is None or day >= (when.earliest if possible else when.latest)
    if isinstance(claim, MembershipListing):
        return possible or day >= claim.as_of.latest
    if not isinstance(claim, Lasting):
        return True
    if claim.begin and day < (claim.begin.earliest if possible else claim.begin.latest):
        return False
    if claim.end and day > (claim.end.latest if possible else claim.end.earliest):
        return False
    if claim.begin is None and not possible:
        anchors = [claim.as_of.latest] if claim.as_of else []
        anchors += [claim.end.earliest] if claim.end else []
        return not anchors or day >= min(anchors)
    return True


def without_orphans(facts: Facts) -> Facts:
    """Without claims about claims that are not there, and without what attests none."""
    claims = list(facts.claims)
    while True:
        there = {f"claim/{row.claim}" for row in claims}
        kept = [row for row in claims if not isinstance(row, SourceComparison) or row.compares in there]
        if len(kept) == len(claims):
            break
        claims = kept
    return replace(
        facts, claims=tuple(claims), attestations=tuple(row for row in facts.attestations if row.claim in there)
    )


def with_what_is_spoken_of(left: Facts, before: Facts, view: View) -> Facts:
    """Keep the things and the sources that what is left speaks of, and the things of which nothing ever spoke."""
    speaks = spoken(left)
    ever = spoken(before)
    identified = {row.identifies for row in left.identifiers}
    identified |= {ref for row in left.viewpoints for ref in (row.viewpoint_of, *(row.accepted_instrument or ()))}
    identified |= givers(left)

    def stays(thing: Thing) -> bool:
        if thing.id in speaks or thing.id in identified:
            return True
        return thing.id not in ever and (view.recorded_at is None or thing.recorded <= view.recorded_at)

    then = as_recorded(before, view.recorded_at)
    sources = {row.id: row for row in then.sources}
    named = {row.source for row in left.attestations}
    named |= {ref for row in left.claims if isinstance(row, SourceComparison) for ref in row.against or ()}
    for ref in list(named):
        while (ref := sources[ref].reprint_of) and ref not in named:
            named.add(ref)
    return replace(
        left,
        things=tuple(row for row in then.things if stays(row)),
        sources=tuple(row for row in then.sources if row.id in named),
    )


def givers(facts: Facts) -> set[str]:
    """The bodies that give codes, by the reference data."""
    quads = sources.reference_quads(facts.identifiers, NAMES)
    return {quad.object.value.partition("/id/")[2] for quad in quads if quad.predicate == FOE["givenBy"]}


def spoken(facts: Facts) -> set[str]:
    found: set[str] = set()
    for row in (*facts.claims, *facts.attestations):
        for column in row.columns():
            value = getattr(row, column.name)
            found.update(each for each in (value if isinstance(value, tuple) else (value,)) if isinstance(each, Ref))
    return found


def excluded(built: Rebuilt, view: View) -> set[str]:
    """The claims that the viewpoints leave out, by what the graph without viewpoints disputes."""
    pairs = set()
    for step in built.reasoned.derivations:
        if step.rule.startswith("contradiction-") and step.conclusion.predicate == FOE["contradicts"]:
            pairs.add(frozenset(map(claim_of, (step.conclusion.subject, step.conclusion.object))))
        if step.rule.startswith("contested-"):
            pairs.add(frozenset(claim_of(each.subject) for each in step.premises if each.predicate == FOE["claimant"]))
    pairs = {pair for pair in pairs if len(pair) == 2}
    accepted, out = set(), set()
    for row in built.facts.viewpoints:
        if row.id.slug in view.pov:
            yes, no = decided(built.facts, row, pairs, view.valid_at is not None)
            accepted |= yes
            out |= no
    return out - accepted


def claim_of(statement: NamedNode) -> str:
    return statement.value.partition("/id/claim/")[2].partition("#")[0]


def decided(facts: Facts, viewpoint, pairs, dated: bool) -> tuple[set[str], set[str]]:
    rows = {row.claim: row for row in facts.claims}
    sources = {row.id: row for row in facts.sources}
    yes, no = set(), set()
    for pair in pairs:
        accepts = {claim for claim in pair if accepts_of(facts, rows, sources, viewpoint, claim, pair, dated)}
        yes |= accepts
        no |= pair - accepts if accepts else set()
        for claim in pair - accepts:
            stance = stance_of(facts, rows, viewpoint, claim, dated)
            if stance and stance <= {"does-not-recognise", "rejects-claim", "recognised-no-longer"}:
                no.add(claim)
    return yes - no, no - yes


def stance_of(facts, rows, viewpoint, claim, dated) -> set[str]:
    row = rows[claim]
    if "recognised-claims" not in viewpoint.accepts or not isinstance(row, SovereigntyClaim):
        return set()
    mine = [
        each
        for each in facts.claims
        if isinstance(each, RecognitionStance)
        and each.recogniser == viewpoint.viewpoint_of
        and each.recognised == row.claimant
        and (dated or each.end is None)
    ]
    about = {each.recognition for each in mine if each.recognised_over == row.claimed_place}
    of_state = {each.recognition for each in mine if each.recognised_over is None}
    return about or (of_state if row.claim_kind == "independence" else set())


def accepts_of(facts, rows, sources, viewpoint, claim, pair, dated) -> bool:
    row = rows[claim]
    for each in facts.attestations:
        if each.claim.slug == claim:
            if "own-claims" in viewpoint.accepts and viewpoint.viewpoint_of in (each.speaker, each.on_behalf_of):
                return True
            if "published-claims" in viewpoint.accepts and (
                slugify(sources[each.source].publisher) == slugify(viewpoint.accepted_publisher)
            ):
                return True
    if not isinstance(row, SovereigntyClaim):
        return False
    if "own-claims" in viewpoint.accepts and row.claimant == viewpoint.viewpoint_of:
        return True
    if stance_of(facts, rows, viewpoint, claim, dated) == {"recognises"}:
        return True
    if "listed-instruments" in viewpoint.accepts and {*(row.basis_text or ())} & {*viewpoint.accepted_instrument}:
        return True
    if "control" in viewpoint.accepts:
        (rival,) = pair - {claim}
        holders = {
            each.controller
            for each in facts.claims
            if isinstance(each, ControlSituation)
            and each.controlled_place == row.claimed_place
            and each.manner in ("administers", "controls", "occupies", "self-administers")
            and (dated or each.end is None)
        }
        return row.claimant in holders and getattr(rows[rival], "claimant", None) not in holders
    return False
