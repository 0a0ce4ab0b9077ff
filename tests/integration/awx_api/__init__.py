"""A server that answers as the API of AWX 24.6.1 does, for what configuration as code needs. It is stricter: a field that AWX
would ignore without a word is refused.

    resources.py   what each kind of object has: fields, references, associations
    checks.py      what AWX refuses: credential types, surveys, schedules, prompts of nodes
    store.py       the objects; looking them up, making, changing and joining them
    launch.py      a job as AWX would start it: variables, environment, files
    server.py      HTTP, as awx.awx uses it
    controller.py  what ansible-rulebook asks: templates, launches and jobs, for a receiver
"""
