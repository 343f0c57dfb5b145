"""From the KnowledgeBase to facts: what is verified is asserted, what is not is said to be so."""

from __future__ import annotations

from collections.abc import Iterator

from whyllm.engine import facts as f
from whyllm.engine.catalogue import KnownFacts
from whyllm.engine.measured import measured_facts
from whyllm.engine.memory import NOT_GIVEN, CacheShape, cache_is_known
from whyllm.kb.claim_checks import covering
from whyllm.kb.conflicts import family_licences
from whyllm.kb.knowledge import KnowledgeBase
from whyllm.kb.schema import FROM_MEMORY, Licence, Model, later

EVERYWHERE = "WW"
"""The group of all countries, which no licence excludes."""

LARGEST_B = 100_000.0
"""Above any model's size, 1e9 parameters: where the top size class ends."""

_MEMORY_PACE = {"vram": "fast", "unified": "fast", "ram": "slow"}


def known_facts(kb: KnowledgeBase) -> KnownFacts:
    """All that the knowledge base lets the rules rely on."""
    return KnownFacts(
        of_model={key: tuple(_model(kb, model)) for key, model in kb.models.items()},
        of_licence={key: tuple(_licence(kb, licence)) for key, licence in kb.licences.items()},
        common=(
            *_replies(kb),
            *_machines(kb),
            *_preferences(kb),
            *measured_facts(kb),
            *_course(kb),
        ),
    )


def _model(kb: KnowledgeBase, model: Model) -> Iterator[f.WorkingFact]:
    def source(field: str) -> str:
        return model.evidence_for(field).source

    def verified(field: str) -> bool:
        return getattr(model, field) is not None and model.evidence_for(field).verified

    key = model.id
    default = model.evidence["default"].source
    yield f.Model(model=key, family=model.family, kind=model.kind, source=default)
    yield f.Availability(model=key, weights=model.weights, source=default)
    if verified("modalities"):
        for modality in model.modalities:
            yield f.Serves(model=key, modality=modality, source=source("modalities"))
    else:
        yield f.Unverified(model=key, field="modalities", source=source("modalities"))
    if verified("tuning"):
        yield f.Tuned(model=key, tuning=model.tuning, source=source("tuning"))
    else:
        yield f.Unverified(model=key, field="tuning", source=source("tuning"))
    if model.tool_calling != "unknown" and verified("tool_calling"):
        yield f.ToolCalling(model=key, value=model.tool_calling, source=source("tool_calling"))
    else:
        yield f.Unverified(model=key, field="tool_calling", source=source("tool_calling"))
    if verified("languages"):
        for language in dict.fromkeys(tag.split("-")[0] for tag in model.languages or ()):
            yield f.Speaks(model=key, language=language, source=source("languages"))
    else:
        yield f.Unverified(model=key, field="languages", source=source("languages"))
    if verified("context"):
        yield f.ContextLength(model=key, tokens=model.context, source=source("context"))
    else:
        yield f.Unverified(model=key, field="context", source=source("context"))
    if verified("cutoff"):
        yield f.Cutoff(model=key, date=model.cutoff, source=source("cutoff"))
    else:
        yield f.Unverified(model=key, field="cutoff", source=source("cutoff"))
    if verified("released"):
        yield f.Released(model=key, date=model.released, source=source("released"))
    yield from _sizes(model, verified("params_b"), verified("attention"))
    if model.successor is not None:
        yield f.ReplacedBy(model=key, newer=model.successor, source=source("successor"))
    if verified("licences"):
        for licence in model.licences or ():
            yield f.Licensed(model=key, licence=licence, through=f.OWN_CARD,
                             source=source("licences"))  # fmt: skip
    elif model.weights == "published":
        yield f.Unverified(model=key, field="licences", source=source("licences"))
    open_base = kb.open_base(model)
    if open_base is not None or not model.evidence_for("base_licences").verified:
        known_by = open_base.evidence_for("licences") if open_base else None
        named = known_by.source if known_by else source("base_licences")
        yield f.Unverified(model=key, field="base_licences", source=named)
        if open_base is None:
            return
    for licence, base in kb.inherited_licences(model).items():
        yield f.Licensed(model=key, licence=licence, through=base, source=source("base_licences"))


def _sizes(model: Model, size_known: bool, shape_known: bool) -> Iterator[f.WorkingFact]:
    source = model.evidence_for("params_b").source
    if size_known and model.params_b is not None:
        active = model.active_params_b or model.params_b
        yield f.Parameters(model=model.id, total_b=model.params_b, active_b=active, source=source)
    else:
        yield f.Unverified(model=model.id, field="params_b", source=source)
    if shape_known and model.attention is not None:
        shape = _cache_shape(model)
        if cache_is_known(shape):
            yield f.CacheShape(
                model=model.id,
                attention=shape.attention,
                layers=shape.layers,
                kv_heads=shape.kv_heads,
                head_dim=shape.head_dim,
                window=shape.window_tokens,
                global_layers=shape.global_layers,
                latent_dim=shape.latent_dim,
                source=model.evidence_for("attention").source,
            )
    if model.evidence_for("file_gb").verified:
        for quantisation, gigabytes in model.file_gb.items():
            yield f.FileSize(
                model=model.id,
                quantisation=quantisation,
                gigabytes=round(gigabytes + (model.projector_gb or 0.0), 3),
                source=model.evidence_for("file_gb").source,
            )


def _cache_shape(model: Model) -> CacheShape:
    shape = model.attention
    assert shape is not None
    figures = (shape.kv_heads, shape.head_dim, shape.window, shape.global_layers, shape.latent_dim)
    known = [NOT_GIVEN if figure is None else figure for figure in figures]
    return CacheShape(shape.kind, shape.layers, *known)


def _licence(kb: KnowledgeBase, licence: Licence) -> Iterator[f.WorkingFact]:
    key, source = licence.id, licence.evidence.source

    def verified(confidence: str | None) -> bool:
        return (confidence or licence.evidence.confidence) != FROM_MEMORY

    order = kb.preferences.licence_order
    yield f.LicenceClass(licence=key, category=licence.category,
                         rank=order.index(licence.category), source=source)  # fmt: skip
    yield f.ReadOn(licence=key, date=kb.sources[source].read.isoformat(), source=source)
    for tag, clause in licence.clauses.items():
        if clause.value != "unknown" and verified(clause.confidence):
            yield f.Clause(licence=key, tag=tag, value=clause.value, section=clause.section,
                           source=source)  # fmt: skip
        else:
            yield f.Unread(licence=key, tag=tag, source=source)
    unread = set(licence.unread)
    for threshold in licence.thresholds:
        if not verified(threshold.confidence):
            unread.add("thresholds")
        else:
            yield f.Threshold(
                licence=key,
                measure=threshold.measure,
                limit=threshold.limit,
                basis=threshold.basis,
                date=threshold.date or "",
                effect=threshold.effect,
                counts_in=threshold.counts_in,
                section=threshold.section,
                source=source,
            )
    for territory in licence.territory:
        if not verified(territory.confidence):
            unread.add("territory")
            continue
        for place in territory.excludes:
            yield f.Exclusion(licence=key, place=place, covers=territory.covers,
                              section=territory.section, source=source)  # fmt: skip
    for part in sorted(unread):
        yield f.Unread(licence=key, tag=part, source=source)
    for duty in licence.duties:
        for trigger in duty.triggers:
            yield f.Duty(licence=key, duty=f"{key}/{duty.id}", trigger=trigger,
                         section=duty.section, source=source)  # fmt: skip
    for claimed, covered in covering(kb):
        if covered == key:
            yield f.ClaimCovers(claimed=claimed, licence=key, source=source)


def _replies(kb: KnowledgeBase) -> Iterator[f.WorkingFact]:
    own = "whyllm-judgement"
    for decisive in kb.decisive:
        value: str | bool = True if decisive.value == "true" else decisive.value
        for tag in decisive.clauses:
            yield f.Decides(axis=decisive.axis, value=value, tag=tag, source=own)
        for trigger in decisive.triggers:
            yield f.Triggers(axis=decisive.axis, value=value, trigger=trigger, source=own)
    named = {p for x in kb.licences.values() for t in x.territory for p in t.excludes}
    for place in sorted(named):
        if place not in kb.places:
            yield f.Within(place=place, group=place, source=own)
    for use in kb.terms.counts_in:
        yield f.ThresholdKind(counts_in=use.id, source=own)
    for group in kb.places.values():
        if group.id == EVERYWHERE:
            continue
        yield f.Within(place=group.id, group=group.id, source=group.evidence.source)
        for member in group.members:
            yield f.Within(place=member, group=group.id, source=group.evidence.source)
    for outside in kb.outside.values():
        for kind in {m.kind for m in kb.models.values() if outside.modality in m.modalities}:
            yield f.OutsideScope(kind=kind, modality=outside.modality,
                                 source=outside.evidence.source)  # fmt: skip


def _machines(kb: KnowledgeBase) -> Iterator[f.WorkingFact]:
    source = {c.id: c.evidence.source for c in kb.hardware.constants}
    for memory, pace in _MEMORY_PACE.items():
        name = f"{memory}-share"
        yield f.UsableShare(memory=memory, share=kb.constant(name), pace=pace, source=source[name])
    yield f.MemoryModel(
        value_bytes=kb.constant("kv-bytes-per-value"),
        fallback_gb_per_1k_per_b=kb.constant("kv-fallback-gb-per-1k-per-b"),
        compute_base_gb=kb.constant("compute-base-gb"),
        compute_root_factor=kb.constant("compute-root-factor"),
        runtime_gb=kb.constant("runtime-gb"),
        source=source["runtime-gb"],
    )
    for level in kb.quantisations.values():
        yield f.QuantisationLevel(
            quantisation=level.id,
            bits=level.bits_per_weight,
            small_model_term=level.small_model_term,
            rank=level.rank,
            general=level.general,
            source=level.evidence.source,
        )
        below = [q for q in kb.quantisations.values() if q.general and q.rank > level.rank]
        steps = sorted(below, key=lambda q: q.rank)
        for step in steps[:1]:
            yield f.NextSmaller(quantisation=level.id, smaller=step.id,
                                source=step.evidence.source)  # fmt: skip
        end = steps[-1] if steps else level
        yield f.LadderEnd(quantisation=level.id, smallest=end.id, source=end.evidence.source)
    for default in kb.hardware.defaults:
        yield f.Default(axis=default.axis, value=default.value, source=default.evidence.source)
    classes = kb.hardware.classes
    for place, machine in enumerate(classes):
        yield f.MachineClass(
            machine=machine.id,
            memory=machine.memory,
            at_least_gb=machine.at_least_gb,
            stated_gb=machine.stated_gb,
            source=machine.evidence.source,
        )
        for higher in classes[place + 1 :]:
            yield f.Above(machine=machine.id, higher=higher.id, source=machine.evidence.source)


def _preferences(kb: KnowledgeBase) -> Iterator[f.WorkingFact]:
    for dimension in kb.dimensions.values():
        source = dimension.evidence.source
        for axis, values in dimension.when.items():
            for text in values:
                value: str | bool = True if text == "true" else text
                yield f.Matters(dimension=dimension.id, axis=axis, value=value, source=source)
        if dimension.made is not None:
            yield f.CourseTable(dimension=dimension.id, made=dimension.made, source=source)
        for family in kb.families.values():
            leaders = dimension.leaders
            if any(x.family == family.id or x.publisher == family.publisher for x in leaders):
                yield f.Leads(
                    dimension=dimension.id,
                    family=family.id,
                    max_params_b=dimension.max_params_b or 0.0,
                    made=dimension.made,
                    source=source,
                )
                if dimension.id == "truly-open":
                    yield f.OpenRecipe(family=family.id, source=source)
    for standing in kb.standings.values():
        if standing.evidence.verified:
            for name in standing.models:
                yield f.Tops(dimension=standing.dimension, model=name, made=standing.made,
                             source=standing.evidence.source)  # fmt: skip
    starts = kb.preferences.size_classes_b
    for level, start in enumerate(starts):
        below = starts[level + 1] if level + 1 < len(starts) else LARGEST_B
        yield f.SizeClass(level=level, at_least_b=float(start), below_b=float(below),
                          source=kb.preferences.size_evidence.source)  # fmt: skip
    for shelf in kb.lessons.shelf_life:
        yield f.ShelfLife(kind=shelf.id, months=shelf.months, source=shelf.evidence.source)
    for warning in kb.lessons.benchmark_warnings:
        yield f.BenchmarkWarning(warning=warning.id, source=warning.evidence.source)
    yield f.ReasoningCost(
        at_least=int(kb.constant("thinking-tokens-at-least")),
        at_most=int(kb.constant("thinking-tokens-at-most")),
        source="course",
    )


def _course(kb: KnowledgeBase) -> Iterator[f.WorkingFact]:
    source = kb.tree.evidence.source
    for claim, licence in family_licences(kb):
        yield f.FamilyClaim(family=claim.about, licence=licence, source=claim.evidence.source)
    for group in kb.terms.licence_group:
        if any(kb.licences[member].category == "permissive" for member in group.values or ()):
            yield f.PermissiveClaim(licence=group.id, source=source)
    axis_of = {node.id: node.axis for node in kb.tree.nodes if node.axis}
    for node, axis in axis_of.items():
        yield f.Question(node=node, axis=axis, source=source)
    for edge in kb.tree.edges:
        if edge.source in axis_of:
            for reply in edge.replies:
                yield f.Branch(node=edge.source, axis=axis_of[edge.source], value=reply,
                               target=edge.target, source=source)  # fmt: skip
        else:
            yield f.Link(node=edge.source, target=edge.target, source=source)
    for beside in kb.tree.beside:
        for line, model in enumerate(beside.models):
            yield f.Beside(modality=beside.modality, model=model, line=line, source=source)
    advice = {e.target for e in kb.tree.edges if axis_of.get(e.source) == "use"}
    lines = {node.id: node.label.split("<br/>") for node in kb.tree.nodes}
    known_then = [
        m for m, x in kb.models.items() if x.released is None or not later(x.released, kb.tree.made)
    ]
    for leaf in kb.tree.leaves:
        if leaf.node in advice:  # the licence leaves advise; they name no further candidates
            continue
        named = dict.fromkeys(leaf.models)
        named.update(dict.fromkeys(m for m in known_then if kb.models[m].family in leaf.families))
        line = lines[leaf.node].index(leaf.label)
        for name in named:
            yield f.LeafEntry(node=leaf.node, model=name, line=line, source=source)
