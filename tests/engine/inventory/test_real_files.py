"""Files as projects have them, read by hand: every model, its line, its column, how sure."""

from __future__ import annotations

import pytest
from whyllm.engine.inventory.inputs import found_in
from whyllm.engine.inventory.mention import Mention

from tests.engine.inventory.reading import FILES, Told, told

SURE, LOOSE = True, False
MISTRAL = "mistralai/Mistral-7B-Instruct-v0.3"
EXPECTED: dict[str, list[Told]] = {
    "values.yaml": [
        ("vllm/vllm-openai", 6, 20, LOOSE),
        ("mistralai/Mistral-Small-3.2-24B-Instruct-2506", 8, 18, SURE),
        (MISTRAL, 12, 45, SURE),
        ("vllm/vllm-openai", 14, 20, LOOSE),
        ("BAAI/bge-m3", 15, 17, SURE),
        ("vllm/vllm-openai:v0.11.0", 17, 12, LOOSE),
        ("Qwen/Qwen3-8B", 20, 9, SURE),
        ("BAAI/bge-reranker-v2-m3", 25, 16, SURE),
    ],
    "compose.yaml": [
        ("llama3.1:8b", 11, 27, SURE),
        ("nomic-embed-text", 11, 54, SURE),
        ("bartowski/gemma-2-9b-it-GGUF:Q4_K_M", 19, 27, SURE),
        ("phi4:14b", 20, 23, LOOSE),  # in a comment
        ("nomic-embed-text", 25, 44, SURE),  # the default of a variable
        ("llama3.1:8b", 26, 24, SURE),
    ],
    "chain.py": [
        ("tiiuae/falcon-7b-instruct", 1, 54, LOOSE),
        ("qwen2.5:7b", 12, 39, SURE),
        (MISTRAL, 13, 15, SURE),  # a variable that is given to from_pretrained
        ("squad/plain_text", 14, 9, LOOSE),
        ("zephyr", 18, 28, SURE),
        ("BAAI/bge-m3", 19, 45, SURE),
        ("cross-encoder/ms-marco-MiniLM-L6-v2", 20, 24, SURE),
        ("google/gemma-2-9b-it", 22, 47, SURE),  # after letters of two bytes each
        ("microsoft/phi-4", 25, 37, SURE),
        ("qwen2.5:7b", 26, 36, SURE),
        ("phi4:14b", 27, 14, SURE),
    ],
    "notebook.ipynb": [
        ("google/gemma-2-9b-it", 8, 51, SURE),
        ("Qwen/Qwen3-8B", 8, 94, LOOSE),  # after escapes, which count as they are written
        ("phi4:14b", 20, 19, SURE),
        ("google/gemma-2-9b-it", 22, 42, SURE),
        ("Qwen/Qwen3-8B", 30, 35, SURE),
        ("Qwen/Qwen3-8B", 30, 76, SURE),
    ],
    "card.md": [
        ("org/Some-Data-2", 7, 12, LOOSE),
        ("Helpdesk-8B", 10, 18, SURE),
        ("meta-llama/Llama-3.1-8B-Instruct", 12, 12, LOOSE),
        ("example/Helpdesk-70B", 13, 46, SURE),
        ("example/Helpdesk-8B-GGUF:Q4_K_M", 16, 20, SURE),
        ("example/Helpdesk-8B", 22, 46, SURE),
    ],
    "fetch.sh": [
        ("example/Left-Out-7B", 2, 39, LOOSE),
        ("Qwen/Qwen3-8B", 4, 13, SURE),
        ("BAAI/bge-m3", 6, 26, SURE),
        ("squad/Plain-1", 7, 33, LOOSE),  # of the type dataset
        (MISTRAL, 8, 34, SURE),
        ("ggml-org/gemma-3-4b-it-GGUF:Q4_K_M", 9, 18, SURE),
        ("/models/phi-4-Q4_K_M.gguf", 10, 14, SURE),
        (MISTRAL, 12, 11, SURE),
        ("llama3.1:8b", 13, 50, SURE),
        ("mistral", 14, 32, SURE),
    ],
    "Modelfile": [
        ("llama3.1:8b", 2, 6, SURE),
        ("example/Helpdesk-LoRA-2", 3, 9, SURE),
        ("mistralai/Mistral-7B-v0.1", 6, 17, LOOSE),
    ],
    "Dockerfile": [
        ("vllm/vllm-openai:v0.11.0", 1, 6, LOOSE),
        ("Qwen/Qwen3-8B", 2, 16, SURE),
        ("llama3.1:8b", 3, 18, SURE),
        ("BAAI/bge-m3", 5, 15, SURE),
        ("phi4:14b", 6, 43, SURE),
        (MISTRAL, 8, 24, SURE),
    ],
    "inventory.csv": [
        ("BAAI/bge-m3", 2, 8, SURE),
        ("example/Helpdesk-8B", 4, 7, SURE),
        ("Llama 3.1 8B", 6, 2, SURE),
    ],
    "names.txt": [
        ("mistralai/Codestral-22B-v0.1", 2, 1, SURE),
        ("Qwen/Qwen3-8B", 4, 4, SURE),
        ("llama3.1:8b", 5, 5, SURE),
        ("google/gemma-2-9b-it", 6, 4, SURE),
        ("microsoft/phi-4", 7, 4, SURE),
        ("BAAI/bge-m3", 8, 24, SURE),
        ("Llama 3.1 8B Instruct", 9, 1, SURE),
    ],
}


@pytest.mark.parametrize("name", EXPECTED)
def test_every_occurrence_is_found_in_its_place(name: str) -> None:
    assert told(list(found_in(FILES / name, name))) == EXPECTED[name]


def test_no_file_lacks_its_expectation() -> None:
    assert {path.name for path in FILES.iterdir()} == EXPECTED.keys()


@pytest.mark.parametrize("name", EXPECTED)
def test_a_place_holds_the_name(name: str) -> None:
    lines = (FILES / name).read_text("utf-8").split("\n")
    for model, line, column, _ in EXPECTED[name]:
        assert line is not None
        assert column is not None
        assert lines[line - 1][column - 1 :].startswith(model)


@pytest.mark.parametrize("name", [name for name in EXPECTED if name != "names.txt"])
def test_within_a_folder_a_file_says_the_same(name: str) -> None:
    within = [
        mention
        for mention in found_in(FILES, "here")
        if isinstance(mention, Mention) and mention.place.file == f"here/{name}"
    ]
    assert told(list(within)) == EXPECTED[name]


def test_within_a_folder_lines_are_no_names() -> None:
    within = [
        mention
        for mention in found_in(FILES, ".")
        if isinstance(mention, Mention) and mention.place.file == "names.txt"
    ]
    assert "Llama 3.1 8B Instruct" not in [mention.name for mention in within]
    assert [mention.name for mention in within if mention.stated] == ["BAAI/bge-m3"]  # an address


def test_what_stands_beside_a_model_is_declared_for_it() -> None:
    declared = {
        mention.name: (mention.declared, mention.bases)
        for name in ("card.md", "Modelfile", "inventory.csv")
        for mention in found_in(FILES / name, name)
        if isinstance(mention, Mention) and (mention.declared or mention.bases)
    }
    assert declared == {
        "Helpdesk-8B": (("llama3.1",), ("meta-llama/Llama-3.1-8B-Instruct",)),
        "llama3.1:8b": (("Llama 3.1 Community License", "Apache-2.0"), ()),
        "BAAI/bge-m3": (("MIT",), ()),
        "example/Helpdesk-8B": (
            ('Llama 3.1 "Community"',),
            ("meta-llama/Llama-3.1-8B-Instruct", "example/Other-1"),
        ),
    }
