"""Checks a certificate: accepts what follows from declared rules and known facts, nothing else.

It shares no code with the engine that it checks and needs the standard library only. Of a
certificate it believes the question alone (need, day, scope); all else it derives anew from rules
and known facts, which it takes as data, and compares. `python checker.py CERTIFICATE RULES KNOWN`
exits 0 for accepted, 1 for rejected, 2 for what cannot be read.
"""

from __future__ import annotations

import ast
import datetime as dt
import hashlib
import heapq
import json
import operator
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from math import sqrt
from typing import Any

Fact = dict[str, Any]
Firing = dict[str, Any]
Reads = list[tuple[str, Fact]]  # the patterns that facts must match: type and limits by slot
Numbers = tuple[int, ...]  # of the facts that match them
SCHEMA = "whyllm.certificate/1"
LARGEST_BYTES = 64_000_000
MOST_VALUES = 100  # that a need states
MOST_LINES, LONGEST_VALUE = 20, 240  # of reasons for each part, and of a value that they show
AGAINST = {"excluded": ["Excluded"], "undecided": ["Undecided"]}  # what causes conclude
IN_FAVOUR = ["Kept", "Named", "Runs", "Merit"]
canonical = json.JSONEncoder(sort_keys=True, allow_nan=False, separators=(",", ":")).encode


class RejectedError(Exception):
    """Why nothing can be derived from a certificate's question, in one line."""


# What rules call, implemented anew


def months(date: str) -> int:
    """Months from year 0 to a date, YYYY, YYYY-MM or YYYY-MM-DD; a missing part is its first."""
    return int(date[:4]) * 12 + int(date[5:7] or 1)


def cache(shape: tuple[Any, ...], tokens: int, value_bytes: float) -> float:
    """Key-value cache in 1e9 bytes, by the kind of attention; -1 marks what does not apply."""
    attention, layers, heads, size, window, wide, latent = shape
    if attention in ("state-space", "latent"):
        return float(layers * latent * tokens * value_bytes / 1e9 if attention == "latent" else 0)
    held = layers * tokens
    if attention == "sliding" and window != -1 and wide != -1:
        held = wide * tokens + (layers - wide) * min(tokens, window)
    return float(2 * heads * size * value_bytes * held / 1e9)


FUNCTIONS = {
    "round": round,
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
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le,
    ast.Gt: operator.gt, ast.GtE: operator.ge,
}  # fmt: skip


@lru_cache(maxsize=1000)
def parsed(source: str) -> ast.expr:
    """The syntax of an expression."""
    return ast.parse(source, mode="eval").body


def evaluate(node: ast.AST, values: dict[str, Any]) -> Any:
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
            pairs = zip(ops, pairwise(sides), strict=True)
            return all(OPERATORS[type(op)](*pair) for op, pair in pairs)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -evaluate(operand, values)
        case ast.JoinedStr(values=parts):
            return "".join([str(evaluate(part, values)) for part in parts])
        case ast.FormattedValue(value=part, conversion=-1, format_spec=None):
            return evaluate(part, values)
    raise ValueError(f"no expression of a rule: {ast.unparse(node)}")


# Matching and firing


class Facts:
    """Numbered facts, each once, indexed by type and by each slot's value."""

    def __init__(self) -> None:
        self.all: list[Fact] = []
        self._there: set[str] = set()
        self._where: defaultdict[tuple[str, str, Any], list[int]] = defaultdict(list)

    def add(self, facts: Iterable[Fact]) -> None:
        """Number the facts that are new; 1, 1.0 and true make three facts."""
        for fact in facts:
            text = canonical(fact)
            if text not in self._there:
                self._there.add(text)
                for slot, value in fact.items():
                    self._where[fact["type"], slot, value].append(len(self.all))
                self.all.append(fact)

    def of(self, kind: str, slots: Fact, values: Fact) -> list[int]:
        """Numbers of all facts that may match a pattern: those with its rarest fixed value."""
        fixed = [(kind, s, v) for s, limits in slots.items() for v in fixed_value(limits, values)]
        return min([self._where.get(k, []) for k in [(kind, "type", kind), *fixed]], key=len)

    def hold(self, kind: str, slots: Fact, values: Fact) -> bool:
        """Whether some fact matches a pattern."""
        near = [self.all[number] for number in self.of(kind, slots, values)]
        return any(fits(slots, fact, values) is not None for fact in near)

    def each(self, kind: str) -> list[Fact]:
        """The facts of a type, oldest first."""
        return [self.all[number] for number in self.of(kind, {}, {})]


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


def joined(reads: Reads, facts: Facts, chosen: dict[int, int], values: Fact) -> Iterator[Numbers]:
    """Every choice of a fact for each pattern that extends the chosen ones; fewest first."""
    left = [place for place in range(len(reads)) if place not in chosen]
    if not left:
        yield tuple([chosen[place] for place in range(len(chosen))])
        return
    options = [(facts.of(*reads[place], values), place) for place in left]
    numbers, place = min(options, key=lambda option: len(option[0]))
    for number in numbers:
        extended = fits(reads[place][1], facts.all[number], values)
        if extended is not None:
            yield from joined(reads, facts, {**chosen, place: number}, extended)


def matches(reads: Reads, facts: Facts, since: int) -> set[Numbers]:
    """The matches of a rule's patterns in which some fact has a number from `since` on."""
    if since == 0:
        return set(joined(reads, facts, {}, {}))
    found: set[Numbers] = set()
    for place, (kind, slots) in enumerate(reads):
        for number in reversed(facts.of(kind, {}, {})):
            if number < since:
                break
            values = fits(slots, facts.all[number], {})
            if values is not None:
                found.update(joined(reads, facts, {place: number}, values))
    return found


def fire(rule: Fact, facts: Facts, reads: Reads, numbers: Numbers) -> Firing | None:
    """What a rule does on matched facts; None where a test fails or an unwanted fact is there."""
    premises, values, absences = [facts.all[number] for number in numbers], {}, []
    for (_, slots), fact in zip(reads, premises, strict=True):
        values = fits(slots, fact, values) or {}
    try:
        for element in rule["when"]:
            if "test" in element and not evaluate(parsed(element["test"]), values):
                return None
            if "no" in element:
                kind, slots = element["no"], element["slots"]
                if facts.hold(kind, slots, values):
                    return None
                told = {slot: fixed_value(limits, values)[0] for slot, limits in slots.items()}
                absences.append({"type": kind, **told})
        made = []
        for new in rule["concludes"]:
            slots = {slot: evaluate(parsed(e), values) for slot, e in new["slots"].items()}
            made.append({"type": new["type"], **slots})
    except (ArithmeticError, TypeError, ValueError) as error:
        raise RejectedError(f"{rule['rule']} cannot be judged: {error}") from None
    parts = ("rule", "bindings", "premises", "absences", "conclusions")
    return dict(zip(parts, (rule["rule"], values, premises, absences, made), strict=True))


def run(rules: Fact, facts: Facts, trace: list[Firing], since: int) -> None:
    """Fire, stage by stage, all that the facts from number `since` on bring about, oldest first."""
    for stage in rules["stages"]:
        whens = [rule["when"] for rule in stage["rules"]]
        reads = [[(e["fact"], e["slots"]) for e in when if "fact" in e] for when in whens]
        agenda: list[tuple[int, Numbers]] = []
        new = since
        while new < len(facts.all):
            for order, patterns in enumerate(reads):
                for numbers in matches(patterns, facts, new):
                    heapq.heappush(agenda, (order, numbers))
            new = len(facts.all)
            while agenda and new == len(facts.all):
                order, numbers = heapq.heappop(agenda)
                firing = fire(stage["rules"][order], facts, reads[order], numbers)
                if firing is not None:
                    trace.append(firing)
                    facts.add(firing["conclusions"])
    for firing in trace:
        for absent in firing["absences"]:
            if facts.hold(absent["type"], {s: {"is": v} for s, v in absent.items()}, {}):
                raise RejectedError(f"{firing['rule']} takes for absent what is concluded later")


# The question, and what is answered on it


def given(need: Fact, day: str, rules: Fact) -> list[Fact]:
    """The facts of the question: what the need states, and the day; RejectedError for no need."""
    stated = []
    for axis, choices in rules["axes"].items():
        values = need.get(axis, []) if isinstance(need.get(axis), list) else [need.get(axis)]
        for value in values if axis in need else ():
            if type(value) not in (str, int, float, bool) or choices and value not in choices:
                raise RejectedError(f"need.{axis}: found {brief(value)}, which it cannot be")
            stated.append({"type": "Stated", "axis": axis, "value": value})
    if set(need) - set(rules["axes"]) or len(stated) > MOST_VALUES:
        raise RejectedError("need: states an unknown axis, or too much")
    return [*stated, {"type": "Today", "date": day}]


def shortlist(kept: list[str], facts: Facts, rules: Fact, known: Fact) -> list[str]:
    """The kept models, best first by merits or by the leaf's lines, one a family, a few in all."""
    family = {fact["model"]: fact["family"] for fact in facts.each("Model")}
    levels: dict[Any, Any] = {}
    if rules["shortlist_by"] == "leaf":
        for fact in reversed(facts.each("Named")):
            levels[fact["model"]] = fact["line"]
        size = {fact["model"]: fact["total_b"] for fact in facts.each("Parameters")}
        old = {f["model"] for f in facts.each("ReplacedBy") if f["newer"] in kept}
        kept = sorted(kept, key=lambda m: (levels.get(m, 0), m in old, -size.get(m, 0.0), m))
    else:
        for fact in facts.each("Merit"):
            key = fact["model"], fact["criterion"]
            levels[key] = min(fact["level"], levels.get(key, fact["level"]))
        order = known["criteria"]
        kept = sorted(kept, key=lambda m: ([-levels.get((m, c), 0) for c in order], m))
    first: dict[str, str] = {}
    for model in kept:
        first.setdefault(family[model], model)
    return list(first.values())[: known["shortlist_length"]]


def derived(certificate: Fact, rules: Fact, known: Fact) -> Fact:
    """The certificate that follows from the question which a certificate bears."""
    need, day, about, scope = (certificate[key] for key in ("need", "on", "about", "scope"))
    models = [about] if scope == "model" else list(known["of_model"])
    if dt.date.fromisoformat(day).isoformat() != day or scope not in ("model", "catalogue"):
        raise RejectedError("expected `on` as YYYY-MM-DD, `scope` as model or catalogue")
    if about not in known["of_model"] and (about is not None or scope == "model"):
        raise RejectedError(f"about: found {brief(about)}, of which nothing is known")
    world = [fact for model in models for fact in known["of_model"][model]]
    licences = dict.fromkeys(fact["licence"] for fact in world if fact["type"] == "Licensed")
    facts, trace = Facts(), list[Firing]()
    for part in (known["common"], *(known["of_licence"][licence] for licence in licences), world):
        facts.add(part)
    question = known.get("question") or given(need, day, rules)
    facts.add(question)
    run(rules, facts, trace, 0)
    excluded = {fact["model"] for fact in facts.each("Excluded")}
    undecided = {fact["model"] for fact in facts.each("Undecided")} - excluded
    kept = [model for model in models if model not in excluded | undecided]
    outside = bool(facts.each("OutOfScope"))
    chosen = [] if outside else shortlist(kept, facts, rules, known)
    first_run = len(facts.all)
    facts.add({"type": "Examined", "model": model} for model in chosen)
    run(rules, facts, trace, first_run)
    lists = {"excluded": excluded, "undecided": undecided, "shortlisted": chosen, "kept": kept}
    verdict = next((name for name, group in lists.items() if about in group), None)
    if scope == "model" and verdict not in AGAINST:
        raise RejectedError("scope: whether a model is kept hangs on the whole catalogue")
    wanted = AGAINST.get(str(verdict), IN_FAVOUR) if verdict else []
    drawn_by: dict[str, int] = {}
    causes: dict[int, None] = {}
    for number, firing in enumerate(trace):
        for fact in firing["conclusions"]:
            drawn_by.setdefault(canonical(fact), number)
            if fact["type"] in wanted and fact.get("model") == about:
                causes[number] = None
    relied = {canonical(fact): fact for firing in trace for fact in firing["premises"]}
    return {
        "schema": SCHEMA,
        "rulebook": rules["rulebook"],
        "rules_digest": hashlib.sha256(canonical(rules).encode()).hexdigest(),
        "kb": {"version": known["version"], "digest": known["digest"]},
        **{"on": day, "need": need, "scope": scope, "about": about, "given": question},
        "facts": [fact for text, fact in relied.items() if text not in drawn_by],
        "trace": trace,
        "outcome": "out-of-scope" if outside else "shortlist" if kept else "nothing-remains",
        "kept": kept,
        "excluded": [model for model in models if model in excluded],
        "undecided": [model for model in models if model in undecided],
        "shortlist": chosen,
        "verdict": verdict,
        "proof": [proof(number, trace, drawn_by) for number in causes],
    }


def proof(number: int, trace: list[Firing], drawn_by: dict[str, int]) -> Fact:
    """A firing as a tree: each premise by the first firing that drew it, or as a given fact."""
    premises = [(drawn_by.get(canonical(fact)), fact) for fact in trace[number]["premises"]]
    below = [{"fact": f} if n is None else proof(n, trace, drawn_by) for n, f in premises]
    return {"firing": number, "premises": below}


# Comparing


def brief(value: Any) -> str:
    """A value in a line of a reason; a long one loses its middle."""
    text, half = canonical(value), LONGEST_VALUE // 2
    return text if len(text) <= LONGEST_VALUE else f"{text[:half]} … {text[-half:]}"


def differences(part: str, found: Any, expected: Any) -> list[str]:
    """In what a part of a certificate differs from what follows, a line each."""
    if canonical(found) == canonical(expected):
        return []
    if isinstance(found, dict) and isinstance(expected, dict):
        pairs = {key: (found.get(key), expected.get(key)) for key in {**expected, **found}}
        return [line for key in pairs for line in differences(f"{part}.{key}", *pairs[key])]
    if not isinstance(found, list) or not isinstance(expected, list):
        return [f"{part}: found {brief(found)}, expected {brief(expected)}"]
    has, follows = (Counter(map(canonical, items)) for items in (found, expected))
    lines = [f"{part}: does not follow: {brief(json.loads(text))}" for text in has - follows]
    lines += [f"{part}: is missing: {brief(json.loads(text))}" for text in follows - has]
    more = [f"{part}: and {len(lines) - MOST_LINES} more"] if len(lines) > MOST_LINES else []
    return [*lines[:MOST_LINES], *more] or [f"{part}: stands in another order than follows"]


def check(certificate: Any, rules: Fact, known: Fact) -> list[str]:
    """Why a certificate does not follow from the rules and the known facts; empty if it does."""
    try:
        canonical(certificate)
        return differences("certificate", certificate, derived(certificate, rules, known))
    except RejectedError as reason:
        return [str(reason)]
    except (ArithmeticError, LookupError, RecursionError, TypeError, ValueError) as error:
        return [f"nothing follows from it: {type(error).__name__}: {error}"]


def read_json(path: str) -> Any:
    """JSON as its standard has it, without NaN and keys said twice; OSError or ValueError."""

    def once(pairs: list[tuple[str, Any]]) -> Fact:
        if len(dict(pairs)) < len(pairs):
            raise ValueError("a key is said twice in one object")
        return dict(pairs)

    with open(path, "rb") as file:
        text = file.read(LARGEST_BYTES + 1)
    if len(text) > LARGEST_BYTES:
        raise ValueError(f"larger than {LARGEST_BYTES} bytes")
    try:
        data = json.loads(text, object_pairs_hook=once)
        canonical(data)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return data


def main(certificate: str, rules: str, known: str) -> int:
    """Check files and print each reason against the certificate; the exit code."""
    try:
        problems = check(read_json(certificate), read_json(rules), read_json(known))
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    print("\n".join(problems) or "accepted")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
