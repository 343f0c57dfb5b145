"""Writes the generated pages of docs/, and its pictures and schemas.

`python docs/generate.py` writes them; a test compares them with what would be written.
"""

from __future__ import annotations

import json
import os
import shlex
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import click
from whyllm.cli.program import program
from whyllm.cli.schema import json_schema, policy_schema
from whyllm.engine.asking.vocabulary import LANGUAGES, grammar
from whyllm.engine.fleet.results import COLUMNS
from whyllm.engine.need import AXES
from whyllm.engine.render.nouns import NOUNS
from whyllm.engine.render.rule_words import rule_json
from whyllm.engine.stages import RULEBOOKS, rulebook
from whyllm.kb.editor_schemas import editor_schema
from whyllm.kb.loader import kinds_of_file

from field_tables import Parts, row

FOLDER = Path(__file__).parent
WIDTH = 88


def rules_page() -> str:
    """Every rule of both rulebooks, from its card."""
    lines = ["# The rules", "", "Generated from the rules themselves by `make docs`.", ""]
    told: set[str] = set()
    for name in RULEBOOKS:
        book = rulebook(name)
        lines += [f"## The {name} rulebook: {book.title}", ""]
        for stage in book.stages:
            lines += [f"### {stage.id}: {stage.question}", ""]
            for card in stage.cards:
                if card.id in told:
                    lines += [f"- [{card.id}](#{card.id.lower()}) {card.title}", ""]
                    continue
                told.add(card.id)
                data = rule_json(card, book)
                lines += [f"#### {card.id}", "", f"**{card.title}.** {data['text']}", ""]
                lines += [
                    "```",
                    *data["condition"],
                    f"=> {', '.join(data['concludes'])}",
                    "```",
                    "",
                ]
                lines += [f"Says: {data['because']}", "", f"Example: {data['example']}", ""]
                lines += [f"Does not say: {data['does_not_say']}", ""]
    return "\n".join(lines)


def commands_page() -> str:
    """The help of every command."""
    lines = ["# The commands", "", "Generated from the commands themselves by `make docs`.", ""]
    for context in _contexts(program, None, "whyllm"):
        lines += [f"## {context.command_path}", "", "```", context.get_help(), "```", ""]
    return "\n".join(lines)


def _contexts(
    command: click.Command, parent: click.Context | None, name: str
) -> Iterator[click.Context]:
    """The context of a command and of all commands below it, as they are when called."""
    context = click.Context(command, parent, name, terminal_width=WIDTH, **command.context_settings)
    yield context
    if isinstance(command, click.Group):
        for below in command.list_commands(context):
            found = command.get_command(context, below)
            assert found is not None
            yield from _contexts(found, context, below)


KINDS = {
    "why": ("Why a model fell, or stayed", "`whyllm why MODEL`, on the last consultation"),
    "why-not": ("Why not a model", "`whyllm why MODEL`, on the last consultation"),
    "admit": ("What would admit a model", "`whyllm why MODEL`, which ends in the smallest changes"),
    "first": ("How a model could come first", "`whyllm why MODEL --first`"),
    "licence": ("What a licence allows", "`whyllm why MODEL`, for what the question says alone"),
    "recommend": ("Which model", "`whyllm recommend`, for what the question says alone"),
    "what-if": ("What another need would change", "`whyllm what-if`, on the last consultation"),
    "compare": ("What decides between two models", "`whyllm compare MODEL MODEL`"),
}
"""Each kind of question: its heading, and the command that answers it."""

QUESTIONS = """# Questions in words

Generated from the grammar itself by `make docs`.

`whyllm ask` reads the questions below, in English and in French, and answers each as the command
that it stands for, which it names on standard error. It is a grammar, not a model: a question with
a word that the grammar does not hold is refused, with exit code 2, rather than answered without
that word. Capitals, accents, hyphens, quotation marks and kinds of apostrophe make no difference.

A model is named in any spelling that the other commands take. Constraints may stand in any
question. A question about a verdict is answered on the last consultation with its constraints over
it; a question to a licence, and a request for models, on its own constraints alone. A question to
a licence that names no use means commercial use; what is not said constrains nothing.
*Non-commercial* is read as research. k is a thousand, also of tokens; GiB and Gio are turned into
gigabytes of 1e9 bytes; a revenue is in US dollars.

Round brackets hold alternatives and square ones what may be missing; `{m}` stands for a model,
`{c}` for constraints, other braces for an amount, a language, a place, or a group of words that is
listed at the end.
"""

MAY_USE = """## Whether one may use a model

A question to the licence where it speaks of use, deployment, adaptation, users, revenue or place;
else one about the verdict on the last consultation.
"""

NAMES = """
Languages and countries are known by their names in CLDR, in the language of the question, and by
a few more:
"""


def questions_page() -> str:
    """What `ask` understands, from the files that it reads."""
    grammars = {language: grammar(language) for language in LANGUAGES}

    def forms(kind: str) -> list[str]:
        return ["```", *(p for data in grammars.values() for p in data["forms"][kind]), "```", ""]

    lines = [QUESTIONS]
    for kind, (title, command) in KINDS.items():
        lines += [f"## {title}", "", f"Answered as {command}.", ""]
        lines += [f"- {said}" for data in grammars.values() for said in data["examples"][kind]]
        lines += ["", *forms(kind)]
    lines += [MAY_USE, *forms("may-use"), "## Constraints", ""]
    for axis in AXES:
        lines += [f"### {axis}", "", "```"]
        for data in grammars.values():
            for value, phrases in data["constraints"][axis].items():
                lines += [f"{value}: {phrase}" for phrase in phrases]
        lines += ["```", ""]
    lines += ["## Groups of words", "", "```"]
    for language, data in grammars.items():
        lines += [f"{language} {name}: {words}" for name, words in data["groups"].items()]
        lines += [f"{language} left out: {' '.join(data['silent'])}"]
        lines += [f"{language} courtesy: {phrase}" for phrase in data["courtesies"]]
        lines += [f"{language} joins a constraint: {phrase}" for phrase in data["connectors"]]
    lines += ["```", NAMES]
    for data in grammars.values():
        known = {**data["languages"], **data["places"]}
        lines += [f"- {', '.join(f'{name} ({code})' for name, code in known.items())}"]
    return "\n".join([*lines, ""])


def schema_page(kind: str) -> str:
    """The JSON Schema of one kind of knowledge file, for editors that check while one types."""
    return json.dumps(editor_schema(kind), ensure_ascii=False, indent=2) + "\n"


DAY = ["--on", "2026-11-23"]
CODE = ["--modality", "code", "--use", "commercial", "--vram", "24", *DAY]
PICTURES: dict[str, tuple[str, str, list[str]]] = {
    "tree": ("The course's tree", "The chapter's flowchart, node by node.", ["tree"]),
    "rulebook": (
        "A rulebook",
        "The expert rulebook: its stages in their order, each with its rules.",
        ["tree", "--rulebook", "expert"],
    ),
    "run": (
        "A run",
        "What one consultation did with the whole catalogue. Models that fell for one cause stand "
        "in a group, which the page in HTML opens; `--view full` draws each of them, and `--view "
        "spine` the path alone.",
        ["run", *CODE],
    ),
    "why": (
        "A verdict",
        "The proof of one verdict: what is given and what is absent below, the rules between, the "
        "verdict on top.",
        ["why", "codestral", *CODE],
    ),
    "rules": (
        "The rules",
        "Which facts each rule reads, which must be absent (dashed), what it concludes. `--stage` "
        "draws a stage, `--focus` what bears on one rule or type of facts.",
        ["rules", "--stage", "modality"],
    ),
    "kb": (
        "The knowledge",
        "Publisher, family, variant, licence, and what a variant was made from.",
        ["kb", "--focus", "DeepSeek-R1-Distill-Llama-70B"],
    ),
    "diff": (
        "A difference",
        "What another need would add, remove and change. Two saved graphs or two rulebooks are "
        "compared alike: `whyllm graph diff before.json after.json`.",
        ["diff", "--set", "use=research", *CODE],
    ),
}
"""Each picture of how-to/graphs.md: its heading, what it shows, the words after `whyllm graph`."""

GRAPHS = """# Decision graphs

Generated by `make docs`; each picture by the command above it.

Every graph is read off the rules, the trace or the knowledge, never drawn by hand. `--format` takes
text, svg, png, pdf, html, mermaid, dot, graphml and json; where there is a `-o FILE`, its name says
the format. The layout is Graphviz's: the system's `dot`, else one that the package brings, which
draws everything but PDF. The page in HTML is one file without any address in it: fold, search, step
through the run, follow one model; without script it is a list that opens and closes.

In an SVG each node is a link, to the page on its rule, to the model's card or to the text of its
licence; rules lead to `rules.md` beside the picture, which is [this page](../reference/rules.md).
What became of a node is told by its outline and by a word as well as by its colour.
"""


PAGE = """## A page

The run above as a page in one file, taken by `make screenshot`:

```
whyllm graph run --modality code --use commercial --vram 24 -o run.html
```

![A run as a page: picture, outline, and tools to search, fold and step](../pictures/page.png)
"""


def graphs_page() -> str:
    """The kinds of graphs, each with its command and its picture."""
    lines = [GRAPHS]
    for name, (title, told, words) in PICTURES.items():
        command = shlex.join(["whyllm", "graph", *words, "-o", f"{name}.svg"])
        lines += [f"## {title}", "", told, "", "```", command, "```", ""]
        lines += [f"![{title}](../pictures/{name}.svg)", ""]
    return "\n".join([*lines, PAGE])


def picture(words: list[str]) -> str:
    """What a command draws, laid out by the packaged Graphviz: the same bytes everywhere."""
    path = os.environ.get("PATH", "")
    os.environ["PATH"] = ""
    try:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "picture.svg"
            program.main(["graph", *words, "-o", str(file)], standalone_mode=False)
            return file.read_text(encoding="utf-8").replace('"rules.md', '"../reference/rules.md')
    finally:
        os.environ["PATH"] = path


ANSWERS = """# The JSON of the answers

Generated from the shapes themselves by `make docs`.

`--format json` writes one object, whose `schema` is `whyllm.<noun>/1`. Keys are
always there unless the table says otherwise. `whyllm schema NOUN` prints the JSON Schema; the
functions for Python programs give the same object ([their page](python.md)).
"""


def answers_page() -> str:
    """Every noun with its fields, then the parts that they are made of."""
    lines, parts = [ANSWERS], Parts()
    for noun in NOUNS:
        schema = json_schema(noun)
        parts.defined(schema)
        lines += [f"## {noun}", "", schema["description"], "", *parts.table(schema), ""]
    return "\n".join([*lines, "## Parts", "", *parts.sections(NOUNS)])


KNOWLEDGE = """# The knowledge files

Generated from the schema itself by `make docs`. Editors read the same from `docs/schemas`, a file
for each kind, such as [models.json](../schemas/models.json).

The built-in files lie in kb/data, yours in a folder of the same layout that `--kb DIR` or
`WHYLLM_KB` names. How to write one: [add a model or a licence](../how-to/add-knowledge.md).
"""


def knowledge_page() -> str:
    """Every kind of knowledge file, then the parts of entries."""
    lines, parts = [KNOWLEDGE], Parts()
    for kind, (glob, entry, several) in kinds_of_file().items():
        schema = entry.model_json_schema()
        parts.defined(schema)
        held = "A list; each entry is so:" if several else "One entry:"
        lines += [f"## {kind}", "", f"`{glob}`. {held}", "", schema.get("description", ""), ""]
        lines += [*parts.table(schema, required=True), ""]
    return "\n".join([*lines, "## Parts", "", *parts.sections(required=True)])


POLICY = """# The policy file

Generated from the shape itself by `make docs`; `whyllm schema policy` prints its JSON Schema.

`whyllm-policy.yaml` says what your organisation makes of licences. How to use one:
[review licences](../how-to/review-licences.md#the-policy-file).
"""


def policy_page() -> str:
    """The policy file, then its parts."""
    parts, schema = Parts(), policy_schema()
    parts.defined(schema)
    lines = [POLICY, *parts.table(schema, required=True), "", "## Parts", ""]
    return "\n".join([*lines, *parts.sections(required=True)])


FLEET = """# The results of a fleet review

Generated from the columns themselves by `make docs`: what each row of `verdicts/` holds, as Parquet
has it. How to use them: [review a fleet](../how-to/fleet.md).

| column | type | what it is |
| --- | --- | --- |
"""


def fleet_page() -> str:
    """The columns of a fleet review's results."""
    rows = [row([f"`{key}`", f"{kind}", said]) for key, (kind, said) in COLUMNS.items()]
    return FLEET + "\n".join([*rows, ""])


PAGES = {
    "reference/rules.md": rules_page,
    "reference/commands.md": commands_page,
    "reference/questions.md": questions_page,
    "reference/answers.md": answers_page,
    "reference/fleet-results.md": fleet_page,
    "reference/knowledge.md": knowledge_page,
    "reference/policy.md": policy_page,
    "how-to/graphs.md": graphs_page,
    **{f"pictures/{name}.svg": partial(picture, words) for name, (*_, words) in PICTURES.items()},
    **{f"schemas/{kind}.json": partial(schema_page, kind) for kind in kinds_of_file()},
}


def main() -> None:
    """Write every page."""
    for name, page in PAGES.items():
        (FOLDER / name).parent.mkdir(exist_ok=True)
        (FOLDER / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
