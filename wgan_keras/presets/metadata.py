"""The form of a preset's metadata.json.

Fields:
    format: 1. What this version writes, every later one reads.
    weights_sha256: of model.weights.h5, in hexadecimal.
    keras, wgan_keras, backend: the versions that wrote it.
    parameters: {"generator", "critic"}: how many numbers each holds, moving statistics among them.
    iterations: generator iterations that the model's own optimizer has counted.
and, in a preset of the zoo,
    date, hardware, seconds: when, where and how long it was trained, evaluations included.
    data: {"name", "source", "license"}.
    scores: {"selection": the rule that chose the iteration; "sampling_seeds"; "best" and "final", each {"iteration",
        "protocols": {protocol: {score: {"mean", "std"}}}} over those seeds; "real_against_real": {protocol: {score:
        value}}; "class_shares": of the best state's samples, by class, in [0, 1]}.
    golden: {"seed", "samples": numbers that the model must go on making; "protocol", "score", "tolerance": what 2,000
        such samples score, and how far from it is too far}; see tools/zoo/golden.py.
"""

from wgan_keras._files import shown

FORMAT = 1


class _Optional:
    def __init__(self, form):
        self.form = form


_NUMBER = (int, float)
_STATE = {"iteration": int, "protocols": {"*": {"*": {"mean": _NUMBER, "std": _NUMBER}}}}
_FORM = {
    "format": int,
    "weights_sha256": str,
    "keras": str,
    "wgan_keras": _Optional(str),
    "backend": _Optional(str),
    "parameters": {"generator": int, "critic": int},
    "iterations": int,
    "date": _Optional(str),
    "hardware": _Optional(str),
    "seconds": _Optional(_NUMBER),
    "data": _Optional({"name": str, "source": str, "license": str}),
    "scores": _Optional(
        {
            "selection": str,
            "sampling_seeds": [int],
            "best": _STATE,
            "final": _STATE,
            "real_against_real": {"*": {"*": _NUMBER}},
            "class_shares": _Optional([_NUMBER]),
        }
    ),
    "golden": _Optional({"seed": int, "samples": [[_NUMBER]], "protocol": str, "score": _NUMBER, "tolerance": _NUMBER}),
}
_KINDS = {int: "a whole number", str: "a string", _NUMBER: "a number"}


def check(path, metadata):
    """ValueError unless `metadata`, read from `path`, has the form above; the message names the field."""
    version = metadata.get("format") if isinstance(metadata, dict) else None
    if isinstance(version, int) and version != FORMAT:
        raise ValueError(f"{path} has preset format {version}; this version of wgan_keras reads {FORMAT}.")
    _check(f"{path} is damaged or of another origin: it", metadata, _FORM)
    counts = {"iterations": metadata["iterations"], **metadata["parameters"]}
    for name, count in counts.items():
        least = 0 if name == "iterations" else 1
        if count < least:
            raise ValueError(f"{path} is damaged: {name!r} is {count}; expected at least {least}. Copy it again.")


def _check(where, value, form):
    if isinstance(form, dict):
        _check_fields(where, value, form)
    elif isinstance(form, list):
        if not isinstance(value, list):
            raise ValueError(f"{where} is {shown(value)}; expected a list.")
        for i, one in enumerate(value):
            _check(f"{where}[{i}]", one, form[0])
    elif isinstance(value, bool) or not isinstance(value, form):
        raise ValueError(f"{where} is {shown(value)}; expected {_KINDS[form]}.")


def _check_fields(where, value, form):
    if not isinstance(value, dict):
        raise ValueError(f"{where} is {shown(value)}; expected an object.")
    if "*" in form:
        form = dict.fromkeys(value, form["*"])
    unknown = [name for name in value if name not in form]
    lacking = [name for name, kind in form.items() if name not in value and not isinstance(kind, _Optional)]
    if unknown or lacking:
        names = "; ".join(
            f"{verb} {', '.join(map(shown, n[:6]))}" for verb, n in (("has", unknown), ("lacks", lacking)) if n
        )
        raise ValueError(f"{where} {names}. Copy the preset again.")
    for name, one in value.items():
        kind = form[name]
        _check(f"{where} {name!r}", one, kind.form if isinstance(kind, _Optional) else kind)
