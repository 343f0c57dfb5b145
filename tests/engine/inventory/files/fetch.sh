#!/usr/bin/env bash
# Fetches what the service needs: not example/Left-Out-7B.
set -euo pipefail
MODEL="${1:-Qwen/Qwen3-8B}"
hf download --local-dir /models "$MODEL"
huggingface-cli download BAAI/bge-m3 --include '*.safetensors'
hf download --repo-type dataset squad/Plain-1
git clone https://huggingface.co/mistralai/Mistral-7B-Instruct-v0.3.git /models/mistral
llama-server -hf ggml-org/gemma-3-4b-it-GGUF:Q4_K_M --port 8080 &
llama-cli -m /models/phi-4-Q4_K_M.gguf -p "hi"
python -m vllm.entrypoints.openai.api_server \
  --model mistralai/Mistral-7B-Instruct-v0.3 --served-model-name chat
curl localhost:11434/api/generate -d '{"model": "llama3.1:8b", "prompt": "hi"}'
ollama show $MODEL; ollama run mistral
