"""The glossary has the words that options and results are named with."""
from __future__ import annotations

import re
from collections.abc import Iterator

import collection_parts as parts

# Words with the meaning that they have for everybody, and terms of HTTP, mail, files and Active Directory: a glossary need
# not explain them. A word with a meaning of our own does not belong here, but in docs/glossary.md.
ORDINARY_WORDS = """
accept actual addresses admin after all allow also any apply at attachments attribute attributes auth
authentication backoff before body ca cert certificate certs classes client company compare
concurrency connect core count counts custom dates days decided delimiter delivered department
departments describe description dest details different dir display distinguished dn email employment empty
encoding end entities errors exceeded exist expected expires failed failure failures fewer filter firstname
folder format from gone guid headers host hours html id identities in inbound include into junit keep kept
last lasting least legal length location locations mail manager many markdown match max mb message method
mobile month more most msg must next null office omit on onboarding overlapping page pages paging parameter
parameters params passed passphrase path paths people percent port positions possibly prefer private protocol
proxy reason render request requests require resend response result retries retry sam same scope search
seconds secret secrets select send server servers set share sheet shift sid size skip stable stopped subject
success sure surname telephone
terminated tests text than timeout timezone title tls to token total truncated type unchanged unique written
unresolved until upn url username users valid validate variables vendor verify warn warnings what when whole within
"""
ORDINARY = set(ORDINARY_WORDS.split())
# What HR systems and Active Directory name themselves is returned as it is
AS_RETURNED = {"returns.employees", "returns.users", "returns.user"}


def named(options: dict | None, place: str) -> Iterator[tuple[str, str]]:
    """(name, place) of every option or result, at every depth."""
    for name, one in (options or {}).items():
        yield name, place
        inner = one.get("suboptions") or one.get("contains")
        if f"{place}.{name}".split(".", 1)[1] not in AS_RETURNED:
            yield from named(inner, f"{place}.{name}")


def all_names() -> dict[str, str]:
    """{name: where it stands first}."""
    found: dict[str, str] = {}
    for module, document in parts.documents().items():
        for name, place in [*named(document["doc"].get("options"), module), *named(document.get("return"), f"{module}.returns")]:
            found.setdefault(name, place)
    return found


def covered() -> tuple[set[str], set[str]]:
    """(words of the glossary's terms, names that it shows as code)."""
    text = (parts.ROOT / "docs/glossary.md").read_text("utf-8")
    terms = [line.split("|")[1] for line in text.splitlines() if line.startswith("| ")]
    return set(re.findall(r"[a-z]+", " ".join(terms).lower())), set(re.findall(r"`(?:\w+\.)*(\w+)`", text))


def is_known(word: str, terms: set[str]) -> bool:
    forms = {word, word.removesuffix("s"), word.removesuffix("d"), word.removesuffix("ies") + "y"}
    return bool(forms & (terms | ORDINARY)) or word.isdigit()


def test_every_word_of_an_option_or_result_is_explained():
    terms, shown = covered()
    unknown = {
        f"{place}.{name}: {word}"
        for name, place in all_names().items() if name not in shown
        for word in re.findall(r"[a-z]+|\d+", name.lower()) if not is_known(word, terms)
    }
    assert not unknown, "write the term into docs/glossary.md"


def test_ordinary_words_are_used():
    words = {word for name in all_names() for word in re.findall(r"[a-z]+", name.lower())}
    assert not ORDINARY - words, "take words out that no option or result has"
