"""How Sphinx builds the site from the Markdown of this folder; docs/make_site.py runs it."""

from importlib.metadata import version as version_of

project = "whyllm"
version = release = version_of("whyllm")
html_title = "whyllm"

extensions = ["myst_parser", "sphinx.ext.autodoc"]
nitpicky = True
nitpick_ignore_regex = [  # the standard library's are not linked, since builds work offline
    ("py:.*", r"(collections|datetime|os|pathlib|types|typing)\b.*"),
    ("py:class", r"\w+Json"),  # told in reference/answers.md
]

myst_heading_anchors = 4  # as a code host names the headings of a Markdown page
myst_links_external_new_tab = False

autodoc_typehints = "signature"
autodoc_member_order = "bysource"
python_use_unqualified_type_names = True

html_theme = "furo"
html_copy_source = False
html_show_copyright = False
html_static_path = ["_static"]
html_css_files = ["site.css"]
templates_path: list[str] = []
