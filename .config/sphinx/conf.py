"""Settings of the documentation site, read by sphinx-build (scripts/docs)."""

import os

project = "hris.ad"
author = copyright = "hris.ad contributors"  # noqa: A001
version = release = os.environ["HRIS_VERSION"]
extensions = ["myst_parser", "sphinx_antsibull_ext"]
html_theme = "sphinx_ansible_theme"
html_theme_options = {
    "display_version": True,
    "topbar_links": {},
    "vcs_pageview_mode": "blob",
}
html_show_sphinx = False
pygments_style = "ansible"
highlight_language = "yaml+jinja"
# Links to headings, as in Markdown everywhere else
myst_heading_anchors = 4
nitpicky = False
