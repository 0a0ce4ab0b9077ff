"""The documented options of each module are its options: names, types, defaults and all, at every depth."""
from __future__ import annotations

import collection_parts as parts
import pytest


def as_documented(option: dict) -> dict:
    return {
        "type": option.get("type") or "str",
        "elements": option.get("elements"),
        "required": bool(option.get("required")),
        "default": option.get("default"),
        "choices": sorted(map(str, option.get("choices") or [])),
        "aliases": sorted(option.get("aliases") or []),
    }


def differences(documented: dict, accepted: dict, place: str) -> list[str]:
    found = [f"{place}{name}: documented, but not an option" for name in sorted(set(documented) - set(accepted))]
    found += [f"{place}{name}: an option, but not documented" for name in sorted(set(accepted) - set(documented))]
    for name in sorted(set(documented) & set(accepted)):
        told, real = as_documented(documented[name]), as_documented(accepted[name])
        found += [f"{place}{name}: {key} is documented as {told[key]!r} and is {real[key]!r}" for key in told if told[key] != real[key]]
        found += differences(documented[name].get("suboptions") or {}, accepted[name].get("options") or {}, f"{place}{name}.")
    return found


@pytest.mark.parametrize("name", parts.module_names())
def test_documentation_is_the_spec(name):
    found = differences(parts.documents()[name]["doc"].get("options") or {}, parts.spec(name)["argument_spec"], "")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", parts.module_names())
def test_check_mode_is_documented_as_it_is(name):
    told = parts.documents()[name]["doc"]["attributes"]["check_mode"]["support"]
    assert (told == "full") == bool(parts.spec(name).get("supports_check_mode"))


# Kept: it is the name of the action everywhere (limits, plans, counts), and nobody reads limits in a template
METHODS_THAT_STAY = {"limits.update", "domain_limits.update", "sources.limits.update"}


def named_as_a_method(options: dict | None, inner: str, place: str = ""):
    """Options or results that have the name of a method of dictionaries: `result.values` in a template is that method."""
    for name, one in (options or {}).items():
        if hasattr(dict, name):
            yield place + name
        yield from named_as_a_method(one.get(inner), inner, f"{place}{name}.")


@pytest.mark.parametrize("name", parts.module_names())
def test_no_name_is_that_of_a_method_of_dictionaries(name):
    document = parts.documents()[name]
    assert not list(named_as_a_method(document.get("return"), "contains")), "templates get the method instead of the result"
    assert not set(named_as_a_method(document["doc"].get("options"), "suboptions")) - METHODS_THAT_STAY


@pytest.mark.parametrize("name", parts.module_names())
def test_what_a_module_needs_is_said(name):
    """Python in all of them; a library in the documentation is one that main() asks for, or one that only some options need."""
    told = parts.documents()[name]["doc"]["requirements"]
    assert "Python 3.11 or newer" in told
    assert parts.documents()[name]["doc"]["attributes"]["platform"]["platforms"] == "posix"
    always = {text.split()[0] for text in told if "(" not in text} - {"Python"}
    sometimes = {word for text in told if "(" in text for word in text.split("(")[0].split()}
    needed = parts.libraries(name)
    assert needed <= always | sometimes, "a library that is in no requirement"
    assert always - {"cryptography"} <= needed, "a requirement that main() does not look for"


def secrets(options: dict, place: str = ""):
    """Options whose name says that they hold a secret, with their spec."""
    for name, option in options.items():
        if any(word in name for word in ("password", "secret", "token", "api_key")) and option.get("type", "str") == "str" and not option.get("choices"):
            yield place + name, option
        yield from secrets(option.get("options") or {}, f"{place}{name}.")


@pytest.mark.parametrize("name", parts.module_names())
def test_secrets_stay_out_of_logs(name):
    shown = [place for place, option in secrets(parts.spec(name)["argument_spec"]) if "no_log" not in option]
    assert not shown, f"say no_log=True (or False, where the name misleads) for {', '.join(shown)}"


@pytest.mark.parametrize("group", sorted(parts.action_groups()))
def test_action_group_is_who_has_the_options(group):
    """A group is named for the fragment whose options it sets: its members are exactly the modules with that fragment."""
    fragment = parts.PREFIX + group
    with_fragment = [name for name in parts.module_names() if fragment in parts.fragments(name)]
    assert sorted(parts.action_groups()[group]) == with_fragment
    for name in with_fragment:
        assert fragment in parts.documents()[name]["doc"]["attributes"]["action_group"]["membership"], f"{name} does not say so"
