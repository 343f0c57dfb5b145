"""Models in programs and commands, and what only looks like one there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.inventory.reading import faults, read, stated


@pytest.mark.parametrize(
    "line",
    [
        'AutoModel.from_pretrained("{}")',
        'pipeline("text-generation", model="{}")',
        'vllm.LLM(model="{}")',
        'LLM("{}")',
        'ollama.chat(model="{}")',
        'ollama.pull("{}")',
        'InferenceClient("{}")',
        'SentenceTransformer("{}")',
        'hf_hub_download(repo_id="{}", filename="x")',
        'snapshot_download("{}")',
        'client.chat.completions.create(model="{}")',
        'MODEL = "{}"',
        'model_id: str = "{}"',
        'MODELS = ["{}"]',
        'os.environ["MODEL_NAME"] = "{}"',
        'model = os.getenv("M") or "{}"',
        'parser.add_argument("--model", default="{}")',
        'def f(x, model="{}"): pass',
        'config = dict(a={{"model_name": "{}"}})',
        'os.system("ollama pull {}")',
        'subprocess.run(["vllm", "serve", "{}"])',
        'name = "{}"\nAutoModel.from_pretrained(name)',
    ],
)
def test_a_program_states_its_models(line: str, tmp_path: Path) -> None:
    text = "import os, subprocess\n" + line.format("acme/Sketch-7B") + "\n"
    assert stated(read(tmp_path, "a.py", text)) == ["acme/Sketch-7B"]


@pytest.mark.parametrize(
    "line",
    [
        'decompose(model="additive")',
        'hf_hub_download("org/Data-1", repo_type="dataset")',
        'from_pretrained("./local-7b")',
        'from_pretrained(f"acme/Sketch-{size}")',
        'requests.get("https://example.org/acme/Sketch-7B")',
        'x = "acme/Sketch-7B"',
        'model = "/srv/models"',
        'model_type = "llama-3"',
        'model = Model("User")',
        '"""model = "acme/Sketch-7B"""',
    ],
)
def test_a_program_states_no_other(line: str, tmp_path: Path) -> None:
    assert stated(read(tmp_path, "a.py", f"model = None\n{line}\n")) == []


def test_what_is_no_python_is_read_as_text(tmp_path: Path) -> None:
    found = read(tmp_path, "a.py", 'print "old"\nm = X.from_pretrained("acme/Sketch-7B")\n')
    assert stated(found) == ["acme/Sketch-7B"]
    (fault,) = faults(found)
    assert fault.startswith("a.py:1: is not Python: ")


@pytest.mark.parametrize(
    "line",
    [
        "ollama pull {}",
        "/usr/bin/ollama run --verbose {} hello",
        "hf download {} --local-dir x",
        "huggingface-cli download {}",
        "vllm serve {} --port 1",
        "serve --model {}",
        "serve --model='{}'",
        'MODEL="{}" serve',
        "serve ${{MODEL:-{}}}",
        "llama-server -hf {}",
        "llama-cli -m {}",
        "git clone https://huggingface.co/{}",
        "bash -c 'x && ollama pull {}'",
        "docker model pull {}",
        "serve \\\n  --model \\\n  {}",
        'curl -d \'{{"model":"{}"}}\'',
    ],
)
def test_a_command_states_its_model(line: str, tmp_path: Path) -> None:
    assert stated(read(tmp_path, "a.sh", line.format("acme/Sketch-7B") + "\n")) == [
        "acme/Sketch-7B"
    ]


@pytest.mark.parametrize(
    "line",
    [
        "ollama list",
        "ollama pull $MODEL",
        "ollama pull <model>",
        "# ollama pull phi4",
        "git commit -m phi4",
        "hf download --repo-type dataset org/Data-1",
        "ollama create mine -f Modelfile",
        "docker run ollama/ollama",
        "hf download --local-dir ./x $REPO",
        "serve --model ./out --model-type llama-3",
        "echo https://huggingface.co/datasets/org/Data-1 https://huggingface.co/docs/hub-1",
    ],
)
def test_a_command_states_no_other(line: str, tmp_path: Path) -> None:
    assert stated(read(tmp_path, "a.sh", f"{line}\n")) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.ts", 'const m = { model: "acme/Sketch-7B", modelName: "User" };\n'),
        ("a.toml", '[llm]\nmodel = "acme/Sketch-7B"\n'),
        ("a.rs", 'let model_id = "acme/Sketch-7B".to_string();\n'),
        ("a.html", '<a href="https://huggingface.co/acme/Sketch-7B?x=1">it</a>\n'),
    ],
)
def test_other_languages_state_what_looks_like_a_repository(
    name: str, text: str, tmp_path: Path
) -> None:
    assert stated(read(tmp_path, name, text)) == ["acme/Sketch-7B"]
