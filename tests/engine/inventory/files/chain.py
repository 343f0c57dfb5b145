"""Answers questions on documents; tried first with "tiiuae/falcon-7b-instruct"."""

import os
import subprocess

import ollama
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_ollama import ChatOllama
from sentence_transformers import CrossEncoder
from transformers import AutoModelForCausalLM, AutoTokenizer, pipeline

MODEL = os.environ.get("CHAT_MODEL", "qwen2.5:7b")
CHECKPOINT = "mistralai/Mistral-7B-Instruct-v0.3"
DATA = "squad/plain_text"
size = "8B"

llm = ChatOllama(model=MODEL, temperature=0)
grader = ChatOllama(model="zephyr")
vectors = HuggingFaceEmbeddings(model_name="BAAI/bge-m3")
ranker = CrossEncoder("cross-encoder/ms-marco-MiniLM-L6-v2")
tokenizer = AutoTokenizer.from_pretrained(CHECKPOINT)
größe = AutoModelForCausalLM.from_pretrained("google/gemma-2-9b-it", device_map="auto")
other = AutoModelForCausalLM.from_pretrained(f"meta-llama/Llama-3.1-{size}")
local = AutoModelForCausalLM.from_pretrained("./checkpoints/last")
said = pipeline("text-generation", "microsoft/phi-4")
subprocess.run(["ollama", "pull", "qwen2.5:7b"], check=True)
ollama.chat("phi4:14b", messages=[{"role": "user", "content": "and/or"}])
path = "src/utils"
