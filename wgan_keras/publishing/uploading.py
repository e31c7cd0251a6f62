"""A preset to the Hugging Face Hub, whole or not at all."""

import contextlib
import json
import pathlib
import tempfile
from collections.abc import Iterator
from typing import Any

from wgan_keras import plots
from wgan_keras._text import shown
from wgan_keras._types import PathLike
from wgan_keras.files.reading import read_json
from wgan_keras.presets import files, from_preset, hub, store
from wgan_keras.publishing import model_card
from wgan_keras.publishing.recipe import without_paths

CARD, SAMPLES = "README.md", "samples.png"
_OURS = {*files.FILES, CARD, SAMPLES}
_OF_THE_HUB = {".gitattributes"}  # put there by the hub itself


def upload_preset(uri: str, preset: PathLike, public: bool = False, license: str = "unknown") -> str:
    """Uploads a preset to the Hugging Face Hub, with a model card and a picture of samples.

    The preset is opened first, as `from_preset` does for those who download it. All files go up in one commit, which
    replaces a preset that is there. The token is that of `HF_TOKEN` or of `hf auth login`. Of a training on a folder of
    pictures the recipe goes along with the folder's name alone, as ./NAME, without the path to it.

    Args:
        uri: `hf://user/repo`; the repository is created if it is not there.
        preset: a run's folder, a preset's folder, or a name of `list_presets()`. Of a run, the card has its scores.
        public: whether everybody sees the repository.
        license: of the weights, as the hub spells it: "mit", "apache-2.0", "cc-by-4.0", "other", "unknown".

    Returns:
        The address of the commit.

    Raises:
        ValueError, FileNotFoundError: no such preset, or not a whole one; no such form of `uri`; the repository holds
            something else than a preset, or is public where a private one was asked for, or the other way round.
        PermissionError: no token, or one that may not write there.
        ImportError: huggingface_hub is not installed.
        ConnectionError: the hub does not answer, or refuses the files. A repository made before that stays, empty.

    References:
        Mitchell et al. (2019), "Model Cards for Model Reporting", arXiv 1810.03993.
    """
    repository, revision = hub.parse(uri)
    if revision is not None:
        raise ValueError(f"{uri} names a revision; expected hf://user/repo, to whose main branch presets go.")
    client = hub.client(uri)
    folder = store.locate(preset)
    model = from_preset(folder)
    if client.get_token() is None:
        raise PermissionError(f"{uri} needs a token that may write: set HF_TOKEN, or log in by `hf auth login`.")
    api = client.HfApi()
    with _one_sentence(uri, client):
        held = _held(api, client, repository)
        others = _others(api, held) if held else []
    _check_repository(uri, held, others, public)
    with tempfile.TemporaryDirectory() as made:
        recipe, card, samples = (pathlib.Path(made, name) for name in (files.CONFIG, CARD, SAMPLES))
        recipe.write_text(json.dumps(without_paths(read_json(folder / files.CONFIG)), indent=2) + "\n")
        results = model_card.results(folder, store.in_run(preset, "scores.json"))
        pictures = _drawn(model, samples)
        card.write_text(model_card.text(repository, folder, model, results, license, SAMPLES if pictures else None))
        sources = [recipe, folder / files.WEIGHTS, folder / files.METADATA, card, *pictures]
        outdated = sorted((_names(held) & _OURS) - {source.name for source in sources}) if held else []
        with _one_sentence(uri, client):
            if held is None:
                api.create_repo(repository, private=not public)
            commit = api.create_commit(
                repository,
                [
                    *(client.CommitOperationAdd(source.name, source) for source in sources),
                    *(client.CommitOperationDelete(name) for name in outdated),
                ],
                commit_message="Upload a preset of wgan_keras",
                parent_commit=held and held.sha,  # nobody else's commit comes between the check and this one
            )
    return str(commit.commit_url)


def _drawn(model, path):
    """[`path` with a sample grid], or [] where no picture shows them, as of points in space."""
    try:
        plots.check_sample_shape(model.sampler.output_shape[1:])
    except ValueError:
        return []
    plots.save_png(plots.sample_sheet(model, 64, seed=0), path)
    return [path]


def _held(api, client, repository):
    """The client's `ModelInfo` of the repository; None if there is none."""
    try:
        return api.model_info(repository)
    except client.errors.RepositoryNotFoundError:
        return None


def _others(api, held):
    """The files of a repository that are no preset's; all of them if it holds no preset."""
    names = _names(held) - _OF_THE_HUB
    if names and not (set(files.FILES) <= names and _is_preset(api, held.id)):
        return sorted(names)
    return sorted(names - _OURS)


def _names(held):
    """Of the repository's files."""
    return {each.rfilename for each in held.siblings or ()}


def _is_preset(api, repository):
    """Whether its metadata.json has our form: presets of KerasHub have files of the same names."""
    with tempfile.TemporaryDirectory() as folder:
        api.hf_hub_download(repository, files.METADATA, local_dir=folder)
        try:
            files.read_metadata(folder)
        except ValueError:
            return False
    return True


def _check_repository(uri, held, others, public):
    """ValueError unless it is new, empty or a preset's, and as public as asked for."""
    if others:
        raise ValueError(
            f"{uri} holds something else than a preset of wgan_keras ({shown(others)}); expected a new or an empty "
            "repository, or one with a preset, which is replaced."
        )
    if held and held.private is public:
        state, wanted = ("private", "public") if held.private else ("public", "private")
        raise ValueError(f"{uri} is {state}, and was to be {wanted}; change that in its settings, or upload as it is.")


@contextlib.contextmanager
def _one_sentence(uri: str, client: Any) -> Iterator[None]:
    """Errors of the client, which have no common type, as PermissionError or ConnectionError."""
    try:
        yield
    except Exception as error:
        status = error.response.status_code if isinstance(error, client.errors.HfHubHTTPError) else None
        if status in (401, 403):
            raise PermissionError(
                f"The token may not write to {uri}; take one with write access there. {hub.told(error)}"
            ) from error
        raise ConnectionError(f"The preset could not be uploaded to {uri}: {hub.told(error)}") from error
