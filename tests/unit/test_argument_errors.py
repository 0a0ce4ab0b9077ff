"""What Ansible says of wrong arguments names what somebody wrote. Each sentence is made by the ansible-core that runs the test."""
from __future__ import annotations

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.hris.ad.plugins.module_utils._hris.argument_errors import with_variables

AUTH = {"type": "dict", "options": {"type": {"type": "str", "choices": ["none", "bearer"]}, "url": {"type": "str"}, "file": {"type": "str"}, "count": {"type": "int"},
                                    "deep": {"type": "list", "elements": "dict", "options": {"key": {"required": True}}}},
        "required_one_of": [("url", "file")], "mutually_exclusive": [("url", "file")]}
SPEC = {"base_url": {"type": "str"}, "company_name": {"type": "str"}, "key": {"type": "str", "required": True}, "page_size": {"type": "int"},
        "state": {"choices": ["key", "gone"]}, "dest": {"type": "path"}, "auth": AUTH, "fields": {"type": "list", "elements": "int"}, "keys": {"type": "list", "choices": ["a"]}}
RULES = {"required_one_of": [("base_url", "company_name")], "mutually_exclusive": [("base_url", "company_name")], "required_by": {"dest": ["state"]},
         "required_together": [("page_size", "state")], "required_if": [("state", "gone", ("dest", "page_size")), ("state", "key", ("fields", "auth"), True)]}
GOOD = {"key": "key", "base_url": "base_url"}


def told(**given):
    """The sentences about these arguments, with variables for options."""
    found = ArgumentSpecValidator(SPEC, **RULES).validate({name: value for name, value in (GOOD | given).items() if value is not None})
    return [with_variables(text, SPEC, lambda option: f"hr_{option}") for text in found.error_messages]


@pytest.mark.parametrize(("given", "expected"), [
    ({"base_url": None}, "one of the following is required: hr_base_url, hr_company_name"),
    ({"company_name": "x"}, "parameters are mutually exclusive: hr_base_url|hr_company_name"),
    ({"key": None}, "missing required arguments: hr_key"),
    ({"state": "key"}, "hr_state is key but any of the following are missing: hr_fields, hr_auth"),
    ({"state": "gone", "page_size": 1}, "hr_state is gone but all of the following are missing: hr_dest"),
    ({"page_size": 1}, "parameters are required together: hr_page_size, hr_state"),
    ({"dest": "/x"}, "missing parameter(s) required by 'hr_dest': hr_state"),
    ({"state": "base_url"}, "value of hr_state must be one of: key, gone, got: base_url"),
    ({"keys": ["key"]}, "value of hr_keys must be one or more of: a. Got no match for: key"),
    ({"page_size": "key"}, "argument 'hr_page_size' is of type"),
    ({"fields": ["key"]}, "Elements value for option 'hr_fields' is of type"),
    ({"auth": {"url": "x", "type": "file"}}, "value of type must be one of: none, bearer, got: file found in hr_auth"),
    ({"auth": {"type": "none"}}, "one of the following is required: url, file found in hr_auth"),
    ({"auth": {"url": "x", "file": "y"}}, "parameters are mutually exclusive: url|file found in hr_auth"),
    ({"auth": {"url": "x", "deep": [{}]}}, "missing required arguments: key found in hr_auth -> deep"),
])
def test_sentences(given, expected):
    assert [text for text in told(**given) if text.startswith(expected)], told(**given)


def test_a_type_inside_of_an_option():
    (text,) = told(auth={"url": "x", "count": "key"})
    assert text.startswith("argument 'count' is of type") and text.count("hr_auth") == 1 and text.count("auth") == 1, text


def test_unknown_words_inside_of_options():
    """As AnsibleModule says it; what the module itself does not know stays."""
    unknown = ArgumentSpecValidator(SPEC, **RULES).validate(GOOD | {"auth": {"url": "x", "key": 1}}).error_messages[0]
    text = f"Unsupported parameters for (hris.ad.endpoint_info) module: {unknown}"
    assert "module: hr_auth.key. Supported parameters include: count, deep," in with_variables(text, SPEC, lambda option: f"hr_{option}")
    text = "Unsupported parameters for (x) module: key, other, auth.key, fields.a. Supported parameters include: auth, key."
    assert with_variables(text, SPEC, lambda option: f"hr_{option}") == (
        "Unsupported parameters for (x) module: key, other, hr_auth.key, hr_fields.a. Supported parameters include: auth, key.")


def test_other_sentences_and_words_that_are_no_options_stay():
    for text in ("the key is wrong: key, dest", "value of other must be one of: key", "missing required arguments: other"):
        assert with_variables(text, SPEC, lambda option: f"hr_{option}") == text
