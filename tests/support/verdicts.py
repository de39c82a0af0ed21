"""What may become of a verdict where something was not read."""


def fails(control):
    return control["totals"].get("fail", 0)


def wrong(whole, less):
    """Why the second verdict is not one that follows from the first; None: it is."""
    if less["verdict"] == "unknown":
        return None
    if less["verdict"] != whole["verdict"]:
        return f"{whole['verdict']} became {less['verdict']}"
    if fails(less) < fails(whole) and not less.get("reason"):
        return f"{fails(whole)} failures became {fails(less)}, and nothing tells why"
    return None
