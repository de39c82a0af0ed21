#!/usr/bin/env python3
"""The benchmark's rules as controls: writes a baseline folder with one control a rule.

usage: j2_controls.py RULES.json DIR [COPIES]

The controls are j2-00 … j2-49 (of further copies: j2-00-1 …); the profile is "bench". Four more count
the standard selections and the truncated lines, as gen-audit-log.py --expect does.
"""
import json
import os
import sys

# How each field of j2-rules.py is said in columns of audit.event.
COLUMN = {"verb": "verb", "uri": "uri", "ua": "user_agent", "user": "user", "imp": "impersonated",
          "res": "resource", "sub": "subresource", "ns": "namespace", "name": "name", "code": "code",
          "arn": "canonical_arn", "decision": "decision", "reason": "reason", "groups": "groups",
          "ips": "source_ips", "rb_role": "binding.role", "svc_type": "service.type",
          "pod_priv": "workload.privileged", "tmpl_priv": "workload.privileged",
          "pod_hostnet": "workload.host_network", "tmpl_hostnet": "workload.host_network",
          "pod_hostpath": "workload.host_paths"}
# List columns whose elements are not the plain text: how one element is compared.
INSIDE_RULES = {"role_verbs": "verbs", "role_res": "resources"}


def quoted(value):
    return json.dumps(value)


def any_of(field, test):
    """`test` is CEL over the element x."""
    if field in INSIDE_RULES:
        return 'role.rules.exists(r, r["%s"].exists(x, %s))' % (INSIDE_RULES[field], test)
    return "%s.exists(x, %s)" % (COLUMN[field], test)


def subjects(values):
    """A binding's subjects are written Kind/name."""
    return "binding.subjects.exists(x, %s)" % " || ".join(
        "x.endsWith(%s)" % quoted("/" + v) for v in values)


def condition(field, op, value):
    column = COLUMN.get(field)
    if field == "rb_subj":
        return subjects([value] if op == "any_eq" else value)
    return {
        "eq": lambda: "%s == %s" % (column, quoted(value)),
        "ne": lambda: "%s != %s" % (column, quoted(value)),
        "in": lambda: "%s in %s" % (column, quoted(value)),
        "prefix": lambda: "%s.startsWith(%s)" % (column, quoted(value)),
        "nprefix": lambda: "!%s.startsWith(%s)" % (column, quoted(value)),
        "contains": lambda: "%s.contains(%s)" % (column, quoted(value)),
        "numeq": lambda: "has(%s) && %s == %d" % (column, column, value),
        "numge": lambda: "has(%s) && %s >= %d" % (column, column, value),
        "numlt": lambda: "(!has(%s) || %s < %d)" % (column, column, value),
        "true": lambda: column,
        "any_eq": lambda: any_of(field, "x == %s" % quoted(value)),
        "any_in": lambda: any_of(field, "x in %s" % quoted(value)),
        "any_prefix": lambda: any_of(field, "x.startsWith(%s)" % quoted(value)),
    }[op]()


def control(name, where):
    return {"id": name, "title": "Benchmark rule " + name, "owner": "shared", "severity": "info",
            "criteria": {"soc2": ["CC7.2"]}, "over": "audit.event", "where": where, "forbid": True, "say": "{verb} {object}",
            "why": "It measures speed.", "fix": "None."}


def standard_selections():
    yield "expect-secret-reads", ('!truncated && resource == "secrets" && verb in ["get", "list", "watch"] '
                                  '&& !user.startsWith("system:")')
    yield "expect-exec-attach", '!truncated && subresource in ["exec", "attach"]'
    yield "expect-forbidden", "!truncated && has(code) && code == 403"
    yield "expect-truncated", "truncated"


def write(folder, name, value):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
        json.dump(value, f, indent=1)  # JSON is YAML
        f.write("\n")


def main():
    with open(sys.argv[1], encoding="utf-8") as f:
        rules = json.load(f)
    folder, copies = sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 1
    for sub in ("bench", "profiles"):
        os.makedirs(os.path.join(folder, sub), exist_ok=True)
    for copy in range(copies):
        for i, rule in enumerate(rules):
            name = "j2-%02d" % i + ("-%d" % copy if copy else "")
            where = " && ".join(condition(*c) for c in rule)
            write(folder, "bench/%s.yaml" % name, control(name, where))
    for name, where in standard_selections():
        write(folder, "bench/%s.yaml" % name, control(name, where))
    write(folder, "profiles/bench.yaml", {"profile": "bench", "controls": {"include": ["j2-*"]}})
    write(folder, "profiles/expect.yaml", {"profile": "expect", "controls": {"include": ["expect-*"]}})


main()
