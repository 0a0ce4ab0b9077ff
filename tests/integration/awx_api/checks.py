"""What AWX refuses, with its words (awx/main/fields.py, awx/api/views, awx/main/utils of 24.6.1)."""
from __future__ import annotations

import json
import re

from jinja2 import TemplateError, Undefined
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import ImmutableSandboxedEnvironment


class RefusedError(Exception):
    """An answer with status 400. body: as AWX's."""

    def __init__(self, body: dict):
        super().__init__(json.dumps(body))
        self.body = body


def require(condition: object, name: str, text: str) -> None:
    if not condition:
        raise RefusedError({name: [text]})


# ---- credential types ----
FIELD = {"id", "type", "label", "choices", "secret", "multiline", "format", "help_text", "ask_at_runtime", "default"}
ENVIRONMENT_BLOCKLIST = {"VIRTUAL_ENV", "PATH", "PYTHONPATH", "JOB_ID", "INVENTORY_ID", "INVENTORY_SOURCE_ID", "INVENTORY_UPDATE_ID", "AD_HOC_COMMAND_ID",
                         "REST_API_URL", "REST_API_TOKEN", "MAX_EVENT_RES", "CALLBACK_QUEUE", "CALLBACK_CONNECTION", "CACHE", "JOB_CALLBACK_DEBUG",
                         "INVENTORY_HOSTVARS", "AWX_HOST", "PROJECT_REVISION", "SUPERVISOR_CONFIG_PATH"}
SANDBOX = ImmutableSandboxedEnvironment(undefined=Undefined)


def credential_type(data: dict) -> None:
    require(data["kind"] in ("cloud", "net"), "kind", f"Must be 'cloud' or 'net', not {data['kind']}")
    inputs = data["inputs"]
    require(set(inputs) <= {"fields", "required"}, "inputs", "Additional properties are not allowed")
    names = [_field(given) for given in inputs.get("fields", [])]
    require(len(names) == len(set(names)), "inputs", "field ids are not unique")
    require(set(inputs.get("required", [])) <= set(names), "inputs", "required names no field")
    _injectors(data["injectors"], set(names))


def _field(given: dict) -> str:
    require({"id", "label"} <= set(given), "inputs", "'id' and 'label' are required properties")
    require(set(given) <= FIELD, "inputs", f"Additional properties are not allowed {sorted(set(given) - FIELD)}")
    name, kind = given["id"], given.get("type", "string")
    require(re.fullmatch("[a-zA-Z_]+[a-zA-Z0-9_]*", name) and name != "tower", "inputs", f"{name} is an invalid variable name")
    require(kind in ("string", "boolean"), "inputs", f"{kind} is not one of ['string', 'boolean']")
    require(kind == "string" or not set(given) & {"choices", "multiline", "format", "secret"}, "inputs", f"not allowed for type boolean ({name})")
    require(given.get("format", "url") in ("url", "ssh_private_key"), "inputs", "no such format")
    require(all(isinstance(text, str) for text in given.get("choices", [])), "inputs", "choices are strings")
    require(isinstance(given.get("default", True if kind == "boolean" else ""), bool if kind == "boolean" else str), "inputs", "default has another type")
    return name


def _injectors(injectors: dict, names: set[str]) -> None:
    require(set(injectors) <= {"env", "extra_vars", "file"}, "injectors", "Additional properties are not allowed")
    files = injectors.get("file", {})
    several = {name.partition(".")[2] for name in files if "." in name}
    require(all(re.fullmatch(r"template(\.[a-zA-Z_]+[a-zA-Z0-9_]*)?", name) for name in files), "injectors", "file has templates only")
    require(not several or len(several) == len(files), "injectors", "Must use multi-file syntax when injecting multiple files")
    for name, text in injectors.get("env", {}).items():
        require(isinstance(text, str) and text.isascii(), "injectors", f"{name} is no ASCII string")
        require(not name.startswith("ANSIBLE_"), "injectors", f"Environment variable {name} may affect Ansible configuration so its use is not allowed in credentials.")
        require(name not in ENVIRONMENT_BLOCKLIST, "injectors", f"Environment variable {name} is not allowed to be used in credentials.")
        _template(text, names, several, bool(files) and not several)
    for text in [*_leaves(injectors.get("extra_vars", {})), *files.values()]:
        require(isinstance(text, str), "injectors", f"{text!r} is not of type 'string'")
        _template(text, names, several, bool(files) and not several)


def _leaves(value):
    if isinstance(value, dict):
        for inner in value.values():
            yield from _leaves(inner)
    elif isinstance(value, list):
        yield from value
    else:
        yield value


def _template(text: str, names: set[str], files: set[str], one_file: bool) -> None:
    try:
        used = find_undeclared_variables(SANDBOX.parse(text))
    except TemplateError as error:
        raise RefusedError({"injectors": [f"Syntax error rendering template: {error}"]}) from error
    require(used <= names | {"tower"}, "injectors", f"{sorted(used - names - {'tower'})} uses an undefined field")
    for name in re.findall(r"tower\.filename(?:\.(\w+))?", text):
        require(name in files if name else one_file, "injectors", "uses an undefined field (tower.filename)")


def credential_inputs(kind: dict, inputs: dict) -> None:
    fields = {field["id"]: field for field in kind["inputs"].get("fields", [])}
    unknown = sorted(set(inputs) - set(fields))
    require(not unknown, "inputs", f"Additional properties are not allowed ({', '.join(map(repr, unknown))} was unexpected)")
    for name, value in inputs.items():
        wanted = bool if fields[name].get("type") == "boolean" else str
        require(isinstance(value, wanted), "inputs", f"{value!r} is not of type '{wanted.__name__}' ({name})")


# ---- surveys ----
ANSWERS = {"text": str, "textarea": str, "password": str, "multiplechoice": str, "multiselect": str, "integer": int, "float": float}


def survey(spec: dict) -> None:
    """Raises RefusedError with AWX's {"error": text}."""
    for name, wanted in (("name", str), ("description", str), ("spec", list)):
        _survey(name in spec, f"Field '{name}' is missing from survey spec.")
        _survey(isinstance(spec[name], wanted), f"Expected {wanted.__name__} for field '{name}'.")
    _survey(spec["spec"], "'spec' doesn't contain any items.")
    seen: set[str] = set()
    for number, question in enumerate(spec["spec"]):
        _question(number, question)
        _survey(question["variable"] not in seen, f"'variable' '{question['variable']}' duplicated in survey question {number}.")
        seen.add(question["variable"])


def _question(number: int, question: dict) -> None:
    for name in ("type", "question_name", "variable", "required"):
        _survey(name in question, f"'{name}' missing from survey question {number}")
        wanted = bool if name == "required" else str
        _survey(isinstance(question[name], wanted), f"'{name}' in survey question {number} expected to be {wanted.__name__}.")
    kind, default = question["type"], question.get("default", "")
    _survey(kind in ANSWERS, f"'{kind}' in survey question {number} is not one of the allowed question types.")
    _survey(default == "" or isinstance(default, ANSWERS[kind]), f"Default value {default} in survey question {number} expected to be {ANSWERS[kind].__name__}.")
    for limit in ("min", "max"):
        _survey(question.get(limit) in (None, "") or isinstance(question[limit], int), f"The {limit} limit in survey question {number} expected to be integer.")
    if kind in ("multiplechoice", "multiselect"):
        _survey("choices" in question, f"Survey question {number} of type {kind} must specify choices.")
        given = [text for text in str(default).split("\n") if text]
        _survey(kind == "multiselect" or len(given) < 2, "Multiple Choice (Single Select) can only have one default value.")
        _survey(set(given) <= set(choices(question)), "Default choice must be answered from the choices listed.")


def choices(question: dict) -> list[str]:
    found = question["choices"]
    return found.splitlines() if isinstance(found, str) else list(found)


def _survey(condition: object, text: str) -> None:
    if not condition:
        raise RefusedError({"error": text})


# ---- schedules ----
def rrule(text: str) -> None:
    starts, rules = re.findall(r"DTSTART[^\s]*", text), re.findall(r"RRULE:([^\s]*)", text)
    require(starts, "rrule", "Valid DTSTART required in rrule. Value should start with: DTSTART:YYYYMMDDTHHMMSSZ")
    require(re.fullmatch(r"DTSTART(:\d{8}T\d{6}Z|;TZID=[\w/+-]+:\d{8}T\d{6})", starts[0]), "rrule",
            "DTSTART cannot be a naive datetime. Require ;TZINFO= or YYYYMMDDTHHMMSSZZ.")
    require(len(starts) == 1, "rrule", "Multiple DTSTART is not supported.")
    require(rules, "rrule", "RRULE required in rrule.")
    for rule in rules:
        parts = dict(part.split("=", 1) for part in rule.split(";") if part)
        require("FREQ" in parts, "rrule", "rrule parsing failed validation: no FREQ")
        require("INTERVAL" in parts, "rrule", "INTERVAL required in rrule.")
        require(parts["FREQ"] != "SECONDLY", "rrule", "SECONDLY is not supported.")
        require(not re.search(r"\d", parts.get("BYDAY", "")), "rrule", "BYDAY with numeric prefix not supported.")
        require(not {"BYYEARDAY", "BYWEEKNO"} & set(parts), "rrule", "BYYEARDAY and BYWEEKNO are not supported.")
        require(not {"COUNT", "UNTIL"} <= set(parts), "rrule", "RRULE may not contain both COUNT and UNTIL")
        require(int(parts.get("COUNT", 0)) < 1000, "rrule", "COUNT > 999 is unsupported.")


# ---- notifications ----
EMAIL = {"host": str, "port": int, "username": str, "password": str, "use_tls": bool, "use_ssl": bool, "sender": str, "recipients": list}
WEBHOOK = {"url": str, "http_method": str, "headers": dict, "disable_ssl_verification": bool, "username": str, "password": str}
CONFIGURATIONS = {"email": (EMAIL, {"timeout": 30}), "webhook": (WEBHOOK, {"username": "", "password": "", "http_method": "POST"})}


def notification(data: dict) -> None:
    require(data["notification_type"] in CONFIGURATIONS, "notification_type", "not a valid choice")
    fields, defaults = CONFIGURATIONS[data["notification_type"]]
    given = data["notification_configuration"]
    for name, value in defaults.items():
        given.setdefault(name, value)
    missing = [name for name in fields if name not in given]
    require(not missing, "notification_configuration", f"Missing required fields for Notification Configuration: {missing}.")
    wrong = [name for name, wanted in fields.items() if type(given[name]) is not wanted]
    require(not wrong, "notification_configuration", f"Configuration field '{wrong}' incorrect type.")
    unknown = sorted(set(given) - set(fields) - set(defaults))
    require(not unknown, "notification_configuration", f"Unknown fields: {unknown}")
