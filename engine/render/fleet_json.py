"""The review of a fleet as JSON: `whyllm.fleet/1`."""

from __future__ import annotations

from whyllm.engine.fleet.tally import Tally
from whyllm.engine.render.fleet_shapes import FleetJson
from whyllm.engine.reviewing.finding import Verdict


def fleet_json(tally: Tally) -> FleetJson:
    """`whyllm.fleet/1`; causes and axes stand by the number of their rows, the most first."""
    total = tally.total
    axes = sorted(total.axes.items(), key=lambda entry: (-entry[1], entry[0]))
    return {
        "schema": "whyllm.fleet/1",
        "on": tally.on.isoformat(),
        "need": tally.need.as_json(),
        "policy": tally.policy_file,
        "kb": {"version": tally.catalogue.version, "digest": tally.catalogue.digest},
        "input": tally.input,
        "results": tally.results,
        "rows": total.rows,
        "summary": {str(verdict): total.verdicts[verdict] for verdict in Verdict},
        "unread": total.faults,
        "causes": [
            {"rule": cause.rule, "title": cause.title, "verdict": cause.verdict, "rows": cause.rows}
            for cause in tally.causes
        ],
        "depends_on": dict(axes),
        "contradicted": total.contradicted,
        "faults": tally.all_faults,
        "unused_exceptions": tally.unused_exceptions,
        "parts": {"all": tally.parts, "judged": tally.judged, "stood": tally.stood},
    }
