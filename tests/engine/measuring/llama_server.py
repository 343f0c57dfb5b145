"""Serves models with llama.cpp's own server, a port for each; prints addresses, ends with stdin."""

from __future__ import annotations

import sys

import xllamacpp


def main(paths: list[str]) -> None:
    servers = []
    for path in paths:
        params = xllamacpp.CommonParams()
        params.model.path = path
        params.n_ctx = 512
        params.n_parallel = 1
        params.cpuparams.n_threads = 1
        params.port = 0
        servers.append(xllamacpp.Server(params))
    print(*(server.listening_address for server in servers), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1:])
