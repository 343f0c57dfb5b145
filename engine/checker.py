"""Checks a certificate: accepts what follows from declared rules and known facts, nothing else.

It shares no code with the engine and needs the standard library only. Of a certificate it believes
the question (need, day, scope); all else it derives anew from rules and known facts, taken as data,
and compares. `python checker.py CERTIFICATE RULES KNOWN` exits 0 (accepted), 1 (rejected) or 2.
"""

from __future__ import annotations

import ast
import datetime as dt
import hashlib
import heapq
import json
import operator
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from math import sqrt
from typing import Any

Fact = dict[str, Any]  # {"type": …, slot: value, …}; rules and firings are objects of this kind too
Reads = list[tuple[str, Fact]]  # the patterns that facts must match: type and limits by slot
LARGEST_BYTES, MOST_STATED, MOST_LINES, LONGEST_VALUE = 64_000_000, 100, 20, 240
AGAINST = {"excluded": ["Excluded"], "undecided": ["Undecided"]}  # what a verdict's causes conclude
IN_FAVOUR = ["Kept", "Named", "Runs", "Merit"]
canonical = json.JSONEncoder(sort_keys=True, allow_nan=False, separators=(",", ":")).encode
parsed = lru_cache(maxsize=1000)(lambda source: ast.parse(source, mode="eval").body)


def months(date: str) -> int:
    """Months from year 0 to a date, YYYY, YYYY-MM or YYYY-MM-DD; a missing part is its first."""
    return int(date[:4]) * 12 + int(date[5:7] or 1)


def cache(shape: tuple[Any, ...], tokens: int, value_bytes: float) -> float:
    """Key-value cache in 1e9 bytes, by the kind of attention; -1 marks what does not apply."""
    attention, layers, heads, size, window, wide, latent = shape
    if attention in ("state-space", "latent"):
        return float(layers * latent * tokens * value_bytes / 1e9 if attention == "latent" else 0)
    slides = attention == "sliding" and -1 not in (window, wide)
    held = wide * tokens + (layers - wide) * (min(tokens, window) if slides else tokens)
    return float(2 * heads * size * value_bytes * held / 1e9)


FUNCTIONS: dict[str, Any] = {  # what rules call, implemented anew
    "round": round,
    "primary_subtag": lambda tag: tag.partition("-")[0].lower(),
    "month_count": months,
    "months_between": lambda a, b: months(b) - months(a) - (int(b[8:] or 1) < int(a[8:] or 1)),
    "too_early": lambda cutoff, wanted: wanted[: len(cutoff)] > cutoff[: len(wanted)],
    "too_coarse": lambda cutoff, wanted: wanted != cutoff and wanted.startswith(cutoff),
    "CacheShape": lambda *figures: figures,
    "weights_gb": lambda billions, bits, term: billions * (bits + term / sqrt(billions)) / 8,
    "cache_gb": cache,
    "assumed_cache_gb": lambda billions, tokens, per_1k: billions * tokens / 1000 * per_1k,
    "overhead_gb": lambda gb, base, root, runtime: base + root * sqrt(gb) + runtime,
}
OPERATORS: dict[type, Any] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt,
    ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
}  # fmt: skip


def evaluate(node: ast.AST, values: Fact) -> Any:
    """The value of an expression; ValueError for a kind that no declared rule holds."""
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name):
            return values[name]
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
            return FUNCTIONS[name](*[evaluate(argument, values) for argument in arguments])
        case ast.BinOp(left=left, op=op, right=right):
            return OPERATORS[type(op)](evaluate(left, values), evaluate(right, values))
        case ast.Compare(left=left, ops=ops, comparators=others):
            sides = [evaluate(side, values) for side in (left, *others)]
            return all(OPERATORS[type(op)](*sides[n : n + 2]) for n, op in enumerate(ops))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -evaluate(operand, values)
        case ast.JoinedStr(values=parts):
            return "".join([str(evaluate(part, values)) for part in parts])
        case ast.FormattedValue(value=part, conversion=-1, format_spec=None):
            return evaluate(part, values)
    raise ValueError(f"no expression of a rule: {ast.unparse(node)}")


def fixed_value(limits: Fact, values: Fact) -> list[Any]:
    """The one value that a slot's limits leave, where a literal or a bound variable says so."""
    bound = [values[limits["var"]]] if limits.get("var") in values else []
    return [limits["is"]] if "is" in limits else bound


def fits(slots: Fact, fact: Fact, values: Fact) -> Fact | None:
    """The bindings together with those of a fact that matches the slots, else None."""
    values = dict(values)
    for slot, limits in slots.items():
        value = fact[slot]
        allowed = limits.get("is", value) == value and value in limits.get("any", [value])
        bound = values.setdefault(limits["var"], value) if "var" in limits else value
        if not allowed or value in limits.get("none", []) or bound != value:
            return None
    return values


class Chaining:
    """Numbered facts, each once, what fired on them, and an index by each slot's value."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []
        self.trace: list[Fact] = []
        self._there: set[str] = set()
        self._where: defaultdict[tuple[str, str, Any], list[int]] = defaultdict(list)

    def add(self, facts: Iterable[Fact]) -> int:
        """Number the facts that are new, and tell the first number; 1, 1.0, true make three."""
        first = len(self.facts)
        for fact in facts:
            text = canonical(fact)
            if text not in self._there:
                self._there.add(text)
                for slot, value in fact.items():
                    self._where[fact["type"], slot, value].append(len(self.facts))
                self.facts.append(fact)
        return first

    def each(self, kind: str) -> list[Fact]:
        """The facts of a type, oldest first."""
        return [self.facts[number] for number in self._where.get((kind, "type", kind), [])]

    def _near(self, kind: str, slots: Fact, values: Fact) -> list[int]:
        """The numbers of all facts that may match a pattern: those of its rarest value."""
        fixed = [(kind, s, v) for s, limits in slots.items() for v in fixed_value(limits, values)]
        return min([self._where.get(k, []) for k in [(kind, "type", kind), *fixed]], key=len)

    def _hold(self, kind: str, slots: Fact, values: Fact) -> bool:
        """Whether some fact matches a pattern."""
        near = [self.facts[number] for number in self._near(kind, slots, values)]
        return any(fits(slots, fact, values) is not None for fact in near)

    def _joined(
        self, reads: Reads, chosen: dict[int, int], values: Fact
    ) -> Iterator[tuple[int, ...]]:
        """Every choice of a fact for each pattern that extends the chosen ones; fewest first."""
        left = [place for place in range(len(reads)) if place not in chosen]
        options = [(self._near(*reads[place], values), place) for place in left]
        numbers, place = min(options, key=lambda option: len(option[0]), default=([], 0))
        if not left:
            yield tuple([chosen[place] for place in range(len(reads))])
        for number in numbers:
            extended = fits(reads[place][1], self.facts[number], values)
            if extended is not None:
                yield from self._joined(reads, {**chosen, place: number}, extended)

    def _matches(self, reads: Reads, since: int) -> set[tuple[int, ...]]:
        """The matches of a rule's patterns in which some fact has a number from `since` on."""
        found = set(self._joined(reads, {}, {})) if since == 0 else set()
        for place, (kind, slots) in enumerate(reads if since else []):
            for number in reversed(self._where.get((kind, "type", kind), [])):
                if number < since:
                    break
                values = fits(slots, self.facts[number], {})
                if values is not None:
                    found.update(self._joined(reads, {place: number}, values))
        return found

    def _fire(self, rule: Fact, reads: Reads, numbers: tuple[int, ...]) -> None:
        """Do what a rule does on matched facts, unless a test or an absence fails."""
        premises = [self.facts[number] for number in numbers]
        values, absences, conclusions = dict[str, Any](), [], []
        for (_, slots), fact in zip(reads, premises, strict=True):
            values = fits(slots, fact, values) or {}
        for element in rule["when"]:
            if "test" in element and not evaluate(parsed(element["test"]), values):
                return
            if "no" in element:
                kind, slots = element["no"], element["slots"]
                if self._hold(kind, slots, values):
                    return
                told = {slot: fixed_value(limits, values)[0] for slot, limits in slots.items()}
                absences.append({"type": kind, **told})
        for made in rule["concludes"]:
            slots = {slot: evaluate(parsed(e), values) for slot, e in made["slots"].items()}
            conclusions.append({"type": made["type"], **slots})
        self.add(conclusions)
        self.trace.append({"rule": rule["rule"], "bindings": values, "premises": premises,
                           "absences": absences, "conclusions": conclusions})  # fmt: skip

    def run(self, rules: Fact, since: int) -> None:
        """Fire stage by stage, oldest first, all that the facts from number `since` on bring."""
        for stage in rules["stages"]:
            whens = [rule["when"] for rule in stage["rules"]]
            reads = [[(e["fact"], e["slots"]) for e in when if "fact" in e] for when in whens]
            agenda: list[tuple[int, tuple[int, ...]]] = []
            new = since
            while new < len(self.facts):
                for order, patterns in enumerate(reads):
                    for numbers in self._matches(patterns, new):
                        heapq.heappush(agenda, (order, numbers))
                new = len(self.facts)
                while agenda and new == len(self.facts):
                    order, numbers = heapq.heappop(agenda)
                    self._fire(stage["rules"][order], reads[order], numbers)
        for absent in [absent for firing in self.trace for absent in firing["absences"]]:
            if self._hold(absent["type"], {s: {"is": v} for s, v in absent.items()}, {}):
                raise ValueError(f"a rule misses {brief(absent)}, which is concluded later")


def given(need: Fact, day: str, rules: Fact) -> list[Fact]:
    """The facts of the question: what the need states, and the day; ValueError for no need."""
    stated = []
    for axis, allowed in [(axis, rules["axes"][axis]) for axis in rules["axes"] if axis in need]:
        for value in need[axis] if allowed["repeatable"] else [need[axis]]:
            wrong = allowed["choices"] and value not in allowed["choices"]
            if wrong or type(value) not in (str, int, float, bool):
                raise ValueError(f"need.{axis}: found {brief(value)}, which it cannot be")
            stated.append({"type": "Stated", "axis": axis, "value": value})
    if set(need) - set(rules["axes"]) or len(stated) > MOST_STATED:
        raise ValueError("need: states an unknown axis, or too much")
    return [*stated, {"type": "Today", "date": day}]


def shortlist(kept: list[str], found: Chaining, rules: Fact, known: Fact) -> list[str]:
    """The kept models, best first by merits or by the leaf's lines, one a family, a few in all."""
    family = {fact["model"]: fact["family"] for fact in found.each("Model")}
    levels: dict[Any, Any] = {}
    if rules["shortlist_by"] == "leaf":
        levels = {fact["model"]: fact["line"] for fact in reversed(found.each("Named"))}
        size = {fact["model"]: fact["total_b"] for fact in found.each("Parameters")}
        old = {fact["model"] for fact in found.each("ReplacedBy") if fact["newer"] in kept}
        kept = sorted(kept, key=lambda m: (levels.get(m, 0), m in old, -size.get(m, 0.0), m))
    else:
        for fact in found.each("Merit"):
            key = fact["model"], fact["criterion"]
            levels[key] = min(fact["level"], levels.get(key, fact["level"]))
        order = known["criteria"]
        kept = sorted(kept, key=lambda m: ([-levels.get((m, c), 0) for c in order], m))
    first = {family[model]: model for model in reversed(kept)}
    return [m for m in kept if first[family[m]] == m][: known["shortlist_length"]]


def proof(number: int, trace: list[Fact], drawn_by: dict[str, int]) -> Fact:
    """A firing as a tree: each premise by the first firing that drew it, or as a given fact."""
    premises = [(drawn_by.get(canonical(fact)), fact) for fact in trace[number]["premises"]]
    below = [{"fact": f} if n is None else proof(n, trace, drawn_by) for n, f in premises]
    return {"firing": number, "premises": below}


def derived(certificate: Fact, rules: Fact, known: Fact) -> Fact:
    """The certificate that follows from the question which a certificate bears."""
    need, day, about, scope = (certificate[key] for key in ("need", "on", "about", "scope"))
    models = {"catalogue": list(known["of_model"]), "model": [about]}[scope]
    if dt.date.fromisoformat(day).isoformat() != day:
        raise ValueError(f"on: found {brief(day)}, expected a day as YYYY-MM-DD")
    if about not in [*known["of_model"], None] or models == [None]:
        raise ValueError(f"about: found {brief(about)}, of which nothing is known")
    world = [fact for model in models for fact in known["of_model"][model]]
    licences = dict.fromkeys(fact["licence"] for fact in world if fact["type"] == "Licensed")
    found, question = Chaining(), given(need, day, rules)
    of_licences = [fact for licence in licences for fact in known["of_licence"][licence]]
    found.run(rules, found.add([*known["common"], *of_licences, *world, *question]))
    excluded = {fact["model"] for fact in found.each("Excluded")}
    undecided = {fact["model"] for fact in found.each("Undecided")} - excluded
    kept = [model for model in models if model not in excluded | undecided]
    chosen = [] if found.each("OutOfScope") else shortlist(kept, found, rules, known)
    found.run(rules, found.add({"type": "Examined", "model": model} for model in chosen))
    lists = {"excluded": excluded, "undecided": undecided, "shortlisted": chosen, "kept": kept}
    verdict = next((name for name, group in lists.items() if about in group), "")
    if scope == "model" and verdict not in AGAINST:
        raise ValueError("scope: whether a model is kept hangs on the whole catalogue")
    drawn_by, causes = dict[str, int](), dict[int, None]()
    for number, firing in enumerate(found.trace):
        for fact in firing["conclusions"]:
            drawn_by.setdefault(canonical(fact), number)
            if fact["type"] in AGAINST.get(verdict, IN_FAVOUR) and fact["model"] == about:
                causes[number] = None
    relied = {canonical(fact): fact for firing in found.trace for fact in firing["premises"]}
    return {
        "schema": "whyllm.certificate/1", "rulebook": rules["rulebook"],
        "rules_digest": hashlib.sha256(canonical(rules).encode()).hexdigest(),
        "kb": {"version": known["version"], "digest": known["digest"]},
        "on": day, "need": need, "scope": scope, "about": about, "given": question,
        "facts": [fact for text, fact in relied.items() if text not in drawn_by],
        "outcome": "out-of-scope" if found.each("OutOfScope")
        else "shortlist" if kept else "nothing-remains",
        "kept": kept, "excluded": [model for model in models if model in excluded],
        "undecided": [model for model in models if model in undecided], "shortlist": chosen,
        "verdict": verdict or None, "trace": found.trace,
        "proof": [proof(number, found.trace, drawn_by) for number in causes],
    }  # fmt: skip


def brief(value: Any) -> str:
    """A value in a line of a reason; a long one loses its end."""
    text = json.dumps(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]} …"


def differences(part: str, found: Any, expected: Any) -> list[str]:
    """In what a part of a certificate differs from what follows, a line each."""
    if canonical(found) == canonical(expected):
        return []
    if isinstance(found, dict) and isinstance(expected, dict):
        pairs = {key: (found.get(key), expected.get(key)) for key in {**expected, **found}}
        return [line for key in pairs for line in differences(f"{part}.{key}", *pairs[key])]
    if not isinstance(found, list) or not isinstance(expected, list):
        return [f"{part}: found {brief(found)}, expected {brief(expected)}"]
    has, follows = ({canonical(item): item for item in items} for items in (found, expected))
    lines = [f"{part}: does not follow: {brief(has[key])}" for key in has if key not in follows]
    lines += [f"{part}: is missing: {brief(follows[key])}" for key in follows if key not in has]
    more = [f"{part}: and {len(lines) - MOST_LINES} more"] if len(lines) > MOST_LINES else []
    return [*lines[:MOST_LINES], *more] or [f"{part}: in another order, or something twice"]


def check(certificate: Any, rules: Fact, known: Fact) -> list[str]:
    """Why a certificate does not follow from the rules and the known facts; empty if it does."""
    try:
        canonical(certificate)
        return differences("certificate", certificate, derived(certificate, rules, known))
    except Exception as error:  # whatever a hostile certificate breaks speaks against it
        return [f"cannot be followed: {type(error).__name__}: {str(error)[:LONGEST_VALUE]}"]


def read_json(path: str) -> Any:
    """A file of strict JSON; OSError, ValueError or RecursionError for anything else."""

    def once(pairs: list[tuple[str, Any]]) -> Fact:
        if len(dict(pairs)) < len(pairs):
            raise ValueError("an object says a key twice")
        return dict(pairs)

    with open(path, "rb") as file:
        data = json.loads(file.read(LARGEST_BYTES), object_pairs_hook=once)
    canonical(data)
    return data


if __name__ == "__main__":
    try:
        problems = check(*map(read_json, sys.argv[1:4]))
    except (OSError, RecursionError, TypeError, ValueError) as error:
        sys.exit(print(error, file=sys.stderr) or 2)
    print("\n".join(problems) or "accepted")
    sys.exit(bool(problems))
