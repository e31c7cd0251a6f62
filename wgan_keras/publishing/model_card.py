"""The README.md of a preset on the Hugging Face Hub: text below a front matter that the hub reads."""

import dataclasses
import math
import re
from typing import Any

from wgan_keras import data
from wgan_keras._types import PathLike
from wgan_keras.callbacks import read_scores
from wgan_keras.data.catalog import Folder, Unregistered
from wgan_keras.presets import files, hub, open_recipe
from wgan_keras.presets.score_names import label
from wgan_keras.publishing.recipe import public_name

LIBRARY = "wgan-keras"
_SEED_OF_RUNS = 0  # of the samples by which a training is scored; older files do not say


@dataclasses.dataclass(frozen=True)
class Result:
    """One score of the uploaded state.

    Fields:
        score, protocol: their names.
        mean, std: over the sampling seeds; std is None of a single one.
        seeds: of the samples.
        real: what real data score; None where that is not known.
    """

    score: str
    protocol: str
    mean: float
    std: float | None
    seeds: tuple[int, ...]
    real: float | None


def results(folder: PathLike, scores_of_run: PathLike | None = None) -> list[Result]:
    """The scores of a preset: those of its metadata, else what its run scored at that very iteration.

    Args:
        folder: of the preset.
        scores_of_run: the run's scores.json.

    Raises:
        ValueError: one of the files is damaged.
    """
    metadata = files.read_metadata(folder)
    if metadata.get("scores"):
        return _of_metadata(metadata["scores"])
    return _of_run(scores_of_run, metadata["iterations"]) if scores_of_run else []


def _of_metadata(scores):
    seeds, real = tuple(scores["sampling_seeds"]), scores["real_against_real"]
    return [
        Result(name, protocol, spread["mean"], spread["std"], seeds, real.get(protocol, {}).get(name))
        for protocol, spreads in scores["best"]["protocols"].items()
        for name, spread in spreads.items()
    ]


def _of_run(path, iteration):
    kept = read_scores(path, ("protocol", "real_against_real"))
    protocol = kept["protocol"]["name"]
    state = next((entry for entry in kept["history"] if entry["iteration"] == iteration), {})
    return [
        Result(name, protocol, value, None, (kept.get("seed", _SEED_OF_RUNS),), kept["real_against_real"].get(name))
        for name, value in state.items()
        if name not in ("epoch", "iteration")
    ]


def text(
    repository: str, folder: PathLike, model: Any, results: list[Result], license: str, picture: str | None = None
) -> str:
    """The card.

    Args:
        repository: `user/repo`.
        folder: of the preset.
        model: the same, opened.
        results: see `results`.
        license: of the weights, as the hub spells it.
        picture: the name of a file of samples beside the card.
    """
    recipe = open_recipe(folder)
    known = files.read_metadata(folder).get("data") or (recipe.data and data.provenance(public_name(recipe.data)))
    front = _front_matter(repository, recipe, model, results, license, known)
    sections = (_head(repository, model, picture), _scores(results), _data(known, license))
    return str(
        hub.client(repository).ModelCard(
            f"---\n{front.to_yaml()}\n---\n\n" + "\n\n".join(filter(None, sections)) + "\n"
        )
    )


def _front_matter(repository, recipe, model, results, license, known):
    """The hub's ModelCardData; its model-index has the protocol as a metric's config, seeds and spread as its args."""
    client = hub.client(repository)
    task = _task(model)
    data_name = _public_name(known)
    evaluated = [
        client.EvalResult(
            task_type=task or "other",
            dataset_type=data_name or "unknown",
            dataset_name=data_name or "a data set of the user's own",
            metric_type=_type(each),
            metric_name=f"{label(each.score, each.protocol)} under {each.protocol}",
            metric_config=each.protocol,
            metric_value=each.mean,
            metric_args={"seeds": list(each.seeds), **({} if each.std is None else {"std": each.std})},
        )
        for each in results
        if math.isfinite(each.mean)
    ]
    return client.ModelCardData(
        library_name=LIBRARY,
        license=license,
        tags=["keras", "gan", recipe.game["name"]],
        datasets=data_name and [data_name],
        metrics=sorted({each.metric_type for each in evaluated}) or None,
        pipeline_tag=task,
        model_name=repository.split("/")[1],
        eval_results=evaluated or None,
    )


def _type(result):
    """A score's name for the hub, `fid_fashion_mnist_classifier`: "fid" alone would be compared with Inception's."""
    return re.sub(r"\W+", "_", label(result.score, result.protocol).lower()).strip("_")


def _task(model):
    """The hub's name of what the model does; None where it has none."""
    images = len(model.generator.output_shape) == 4
    return "unconditional-image-generation" if images and not model.takes_labels else None


def _public_name(known):
    """The name of a registered data set; None for others, by whose name the hub may know another set."""
    if not known or known["source"] in (Folder.source, Unregistered.source):
        return None
    return known["name"] if re.fullmatch(r"[\w.-]+", known["name"]) else None


def _head(repository, model, picture):
    counts = {role: getattr(model, role).count_params() for role in ("generator", "critic")}
    shown = f"\n![samples]({picture})\n" if picture else ""
    return f"""# {repository.split("/")[1]}
{shown}
A `{type(model).__name__}` of wgan_keras: generator {counts["generator"]:,} numbers, critic {counts["critic"]:,}.
The samples are not selected.

    wgan-keras sample hf://{repository} --out samples.png

```python
import wgan_keras as wk

samples = wk.from_preset("hf://{repository}").sample(64, seed=0)
```

[config.json](config.json) is the whole recipe."""


def _scores(results):
    if not results:
        return "## Scores\n\nNone are known."
    rows = [
        f"| {label(each.score, each.protocol)} | {each.protocol} | {_cell(each.mean)} | {_cell(each.std, '.1g')} | "
        f"{', '.join(map(str, each.seeds))} | {_cell(each.real)} |"
        for each in results
    ]
    head = "| score | protocol | mean | std | sampling seeds | real data |\n|---|---|---|---|---|---|"
    note = "Scores under other protocols are other numbers."
    if any(each.std is None for each in results):
        note += " These are of the training's own evaluations, which may have chosen this state for them."
    return "\n".join([f"## Scores\n\n{note}\n", head, *rows])


def _cell(value, form=".4g"):
    return "" if value is None else format(value, form)


def _data(known, license):
    weights = f"License of the weights: {license}."
    if not known:
        return f"## Data and license\n\nThe data are not known. {weights}"
    return f"## Data and license\n\nSource: {known['source']}. License of the data: {known['license']}. {weights}"
