"""A preset's README.md, written from its config.json and metadata.json alone."""

import json
import pathlib

from wgan_keras import _spec, data
from wgan_keras.files.saving import whole_file
from wgan_keras.games import GAMES
from wgan_keras.presets import table
from wgan_keras.presets.score_names import label


def write(folder):
    """Writes README.md of the preset in `folder`."""
    folder = pathlib.Path(folder)
    recipe = json.loads((folder / "config.json").read_text())
    metadata = json.loads((folder / "metadata.json").read_text())
    sections = (
        _head(folder.name, recipe, metadata),
        _labels(folder.name, recipe["game"].get("class_names")),
        _scores(metadata["scores"]),
        _classes(recipe["data"]["name"], metadata["scores"].get("class_shares")),
        _neighbors(folder),
        _training(folder.name, recipe, metadata),
        _data(metadata["data"]),
    )
    with whole_file(folder / "README.md") as temporary:
        temporary.write_text("\n\n".join(filter(None, sections)) + "\n")


def _head(name, recipe, metadata):
    game = GAMES.find(recipe["game"]["name"]).__name__
    generator, critic = (metadata["parameters"][role] for role in ("generator", "critic"))
    return f"""# {name}

![samples](samples.png)

A `{game}` of wgan_keras on {recipe["data"]["name"]}: generator {_call(recipe["generator"])},
{generator:,} numbers; critic {_call(recipe["critic"])}, {critic:,} numbers. The samples above are not selected.

    wgan-keras sample {name} --out samples.png

```python
import wgan_keras as wk

samples = wk.from_preset("{name}").sample(64, seed=0)
```"""


def _labels(name, classes):
    if classes is None:
        return None
    return f"""It makes what it is asked for, in the picture a row each: {", ".join(classes)}.

    wgan-keras sample {name} --label "{classes[-1]}" --out one_kind.png"""


def _scores(scores):
    parts = [
        "## Scores",
        f"The best state is that after iteration {scores['best']['iteration']:,}, the final one that after "
        f"{scores['final']['iteration']:,}. The rule: {scores['selection']}. Mean ± standard deviation over these "
        "seeds; the last column is what real data score.",
    ]
    for protocol, best in scores["best"]["protocols"].items():
        final, real = scores["final"]["protocols"][protocol], scores["real_against_real"][protocol]
        lines = [f"| {protocol} | best | final | real data |", "|---|---|---|---|"]
        for score, value in best.items():
            floor = f"{real[score]:.4g}" if score in real else ""
            lines.append(f"| {label(score, protocol)} | {_value(value)} | {_value(final[score])} | {floor} |")
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def _classes(data_name, shares):
    if shares is None:
        return None
    names = data.class_names(data_name)
    heads, values = " | ".join(names), " | ".join(f"{share:.1%}" for share in shares)
    return f"""## Classes

Of the same samples, by the classifier:

| {heads} |
{"|---" * len(names)}|
| {values} |"""


def _neighbors(folder):
    if not (folder / "neighbors.png").exists():
        return None
    return """## Nearest training images

Above ten samples, below each the training image whose features are nearest to its own.

![nearest neighbors](neighbors.png)"""


def _training(name, recipe, metadata):
    rates = ", ".join(f"{role} {_call(recipe[f'{role}_optimizer'])}" for role in ("generator", "critic"))
    game = _call(recipe["game"])
    return f"""## Training

{recipe["iterations"]:,} generator iterations of batch {recipe["batch_size"]}; game {game}; optimizers: {rates}.
{metadata["hardware"]}: {table.duration(metadata["seconds"])} with all evaluations; finished {metadata["date"]}.
[config.json](config.json) is the whole recipe, [history.csv](history.csv) the log.

    wgan-keras train {name} --out runs/{name}

![curves](curves.png)"""


def _data(provenance):
    return f"""## Data and license

{provenance["source"]}. License of the data: {provenance["license"]}. The weights are MIT, as wgan_keras is."""


def _call(spec):
    """A recipe's {"name", arguments} as `name(argument=value, ...)` in code style."""
    return "as in the paper" if spec is None else f"`{_spelled(spec)}`"


def _spelled(spec):
    arguments = (f"{k}={_spelled(v) if isinstance(v, dict) else repr(v)}" for k, v in _spec.arguments(spec).items())
    return f"{spec['name']}({', '.join(arguments)})"


def _value(value):
    return table.spread(value["mean"], value["std"] or None)
