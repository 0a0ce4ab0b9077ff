"""Settings of the documentation site, read by sphinx-build (scripts/docs)."""

import os

project = "hris.ad"
author = copyright = "hris.ad contributors"
version = release = os.environ["HRIS_VERSION"]
extensions = ["myst_parser", "sphinx.ext.intersphinx", "sphinx_antsibull_ext"]
# scripts/site_pages.py writes the list of what is referred to there
intersphinx_mapping = {"ansible": ("https://docs.ansible.com/ansible/latest/", "ansible.inv")}
html_theme = "alabaster"
html_theme_options = {
    "description": "Active Directory follows HR",
    "fixed_sidebar": True,
    "page_width": "75em",
}
html_show_sphinx = False
# Links to headings, as in Markdown everywhere else
myst_heading_anchors = 4
