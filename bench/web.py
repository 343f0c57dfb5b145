"""50 clients at once for half a minute against a real `whyllm serve`: latencies, and right answers.

Each client asks one question after the other: pages, needs that many ask, and now and then one
among some hundred needs, which is worked out when it is first asked. Twice: with a second of
reading between question and question, then without a pause. What many ask has been asked once
before, as on any server that has run for a minute. Every answer is compared with the engine's own.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import subprocess
import sys
import time
from urllib.parse import urlencode

import httpx
from whyllm.engine.consulting import Consultant
from whyllm.engine.knowledge import answering_catalogue
from whyllm.engine.need import Need

POPULAR = [
    {"modality": "code", "use": "commercial"}, {"modality": "text", "task": "chat", "ram": 16},
    {"modality": "vision", "vram": 24}, {"modality": "text", "task": "reasoning", "vram": 24},
    {"modality": "embedding"}, {"modality": "speech", "use": "commercial"},
]  # fmt: skip
PAGES = ["/", "/tree", "/tree?modality=text", "/rules/LIC-020", "/why/codestral?use=commercial"]


def drawn(chance: random.Random) -> dict[str, object]:
    need: dict[str, object] = {
        "modality": chance.choice(["text", "code", "vision", "embedding"]),
        "vram": chance.choice([8, 12, 16, 24, 48, 80]),
        "use": chance.choice(["commercial", "internal", "research", "personal"]),
        "region": chance.choice(["FR", "US", "KR", "JP"]),
    }
    return {axis: need[axis] for axis in chance.sample(list(need), chance.randint(1, 4))}


async def client(
    chance: random.Random, site: str, until: float, pause: float, share: float,
    seen: dict[str, set[str]], took: dict[str, list[float]],
) -> None:  # fmt: skip
    async with httpx.AsyncClient(base_url=site, timeout=60) as http:
        while time.monotonic() < until:
            await asyncio.sleep(chance.expovariate(1 / pause) if pause else 0)
            if chance.random() < 0.3:
                kind, path = "pages", chance.choice(PAGES)
            else:
                often = chance.random() > share
                need = chance.choice(POPULAR) if often else drawn(chance)
                kind, path = "often" if often else "seldom", f"/api/recommend?{urlencode(need)}"
            began = time.perf_counter()
            answer = await http.get(path)
            took[kind].append(time.perf_counter() - began)
            assert answer.status_code == 200, (path, answer.status_code)
            if kind != "pages":
                seen.setdefault(path, set()).add(",".join(answer.json()["kept"]))


def check(seen: dict[str, set[str]]) -> None:
    consultant = Consultant(answering_catalogue(()))
    for path, answers in seen.items():
        pairs = [pair.split("=") for pair in path.split("?")[1].split("&")]
        kept = consultant.consult(Need.of(dict(pairs))).kept
        assert answers == {",".join(kept)}, path


def told(kind: str, times: list[float]) -> None:
    ordered = sorted(times)
    at = [1000 * ordered[min(len(ordered) - 1, int(len(ordered) * q))] for q in (0.5, 0.95, 0.99)]
    print(f"{kind:>8}: {len(times):>6} answers   p50 {at[0]:6.1f} ms   p95 {at[1]:6.1f} ms   "
          f"p99 {at[2]:6.1f} ms")  # fmt: skip


async def run(site: str, clients: int, seconds: float, share: float, pause: float) -> None:
    seen: dict[str, set[str]] = {}
    took: dict[str, list[float]] = {"often": [], "seldom": [], "pages": []}
    until = time.monotonic() + seconds
    minds = (random.Random(f"{number}/{pause}") for number in range(clients))
    await asyncio.gather(*(client(m, site, until, pause, share, seen, took) for m in minds))
    everything = [t for times in took.values() for t in times]
    for kind, times in took.items():
        if times:
            told(kind, times)
    told("all", everything)
    reading = f"pausing {pause:g} s in the mean" if pause else "without a pause"
    print(f"{len(everything) / seconds:,.0f} answers a second to {clients} clients {reading}")
    check(seen)
    print(f"{len(seen)} different needs, each answered as the engine answers")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--seldom", type=float, default=0.05, help="share of needs drawn at random")
    chosen = parser.parse_args()
    server = subprocess.Popen(
        [sys.executable, "-m", "whyllm.cli", "serve", "--port", "0"],
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert server.stderr
    found = re.search(r"http://[^/]+", server.stderr.readline())
    assert found
    try:
        for path in (*PAGES, *(f"/api/recommend?{urlencode(need)}" for need in POPULAR)):
            httpx.get(found[0] + path, timeout=60)
        for pause in (1.0, 0.0):
            asyncio.run(run(found[0], chosen.clients, chosen.seconds, chosen.seldom, pause))
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
