"""A recipe: game, networks, data and training in one JSON file, from which a model is built by name."""

import dataclasses
import pathlib
from typing import Annotated, Any

import keras

from wgan_keras import _spec, optimizers
from wgan_keras._schema import Count, Range, as_json, check, check_fields, check_names, parameters
from wgan_keras._text import one_line
from wgan_keras._types import PathLike
from wgan_keras.files.reading import read_json
from wgan_keras.files.saving import write_json
from wgan_keras.games import GAMES
from wgan_keras.layers.precision import policy
from wgan_keras.networks.counting import count_parameters
from wgan_keras.networks.registry import NETWORKS, built_by, built_under
from wgan_keras.parts import as_specs
from wgan_keras.pipelines.pixels import Channels, ImageSize, Resize

BatchSize = Annotated[int, Range(at_least=1, at_most=1_000_000)]
_OF_THE_GAME = ("generator", "critic")  # which the recipe builds itself
_POLICIES = ("float32", "mixed_bfloat16")
_PRECISIONS = ("float32", "bfloat16")  # of weights
_WITHOUT = "Without that, model.save('gan.keras') keeps the model, and model.get_config() says what it is made of."


@dataclasses.dataclass(frozen=True)
class _Data:
    name: str
    image_size: ImageSize | None = None
    resize: Resize = "crop"
    channels: Channels | None = None


def data_spec(name: str, **options: Any) -> dict[str, Any]:
    """{"name", and the options of reading that are not the usual ones}, as a recipe's `data`."""
    usual = {field.name: field.default for field in dataclasses.fields(_Data)}
    return _spec.of(name, {k: v for k, v in options.items() if v != usual[k]})


@dataclasses.dataclass(frozen=True)
class _Evaluation:
    protocol: str
    every: Count


@dataclasses.dataclass(frozen=True)
class Recipe:
    """Everything a training depends on.

    Fields:
        game: {"name": as `wgan-keras list games` has it, and that class's arguments}; its `seed` rules the networks'
            initial weights, the order of the data and every draw in training. Parts that come as objects are kept as
            {"name", and their arguments}.
        generator, critic: {"name": a function of `wgan_keras.networks`, and its arguments}.
        data: {"name": as in `wgan_keras.data.load`, and for pictures its `image_size`, `resize` and `channels`}; None
            for a model whose training is not known: then `batch_size` and `iterations` are None too, and nothing can be
            trained by the recipe.
        generator_optimizer, critic_optimizer: {"name": "adam" | "rmsprop" | "sgd", and its arguments}; None: the
            paper's. Its `learning_rate` may be a schedule: {"name": "polynomial_decay" | "cosine_decay" |
            "exponential_decay", and its arguments}, whose steps are that optimizer's updates.
        batch_size: the paper's m.
        iterations: generator iterations in all.
        evaluation: {"protocol": a name such as "fid_fashion_mnist_classifier_10k", "every": iterations}; the run then
            keeps, beside its last state, the one that scored best. None for none.
        dtype_policy: "float32" or "mixed_bfloat16".
    """

    game: dict
    generator: dict
    critic: dict
    data: dict | None
    batch_size: int | None = 64
    iterations: int | None = 20_000
    generator_optimizer: dict | None = None
    critic_optimizer: dict | None = None
    evaluation: dict | None = None
    dtype_policy: str = "float32"

    def __post_init__(self) -> None:
        game = _spec.check("game", self.game, GAMES, _OF_THE_GAME)
        object.__setattr__(self, "game", as_specs(game, self.game))  # a file has no objects
        _spec.check("generator", self.generator, NETWORKS)
        _spec.check("critic", self.critic, NETWORKS)
        for field in optimizers.ROLES:
            if getattr(self, field) is not None:
                optimizers.check_spec(field, getattr(self, field))
        self._check_training()
        if self.dtype_policy not in _POLICIES:
            raise ValueError(f"dtype_policy is {self.dtype_policy!r}; expected 'float32' or 'mixed_bfloat16'.")

    def _check_training(self) -> None:
        if self.data is None:
            if (self.batch_size, self.iterations, self.evaluation) != (None, None, None):
                raise ValueError(
                    "The recipe has no data; expected batch_size, iterations and evaluation to be null as well, or "
                    'data such as {"name": "fashion_mnist"}.'
                )
            return
        check_fields("data", self.data, _Data)
        check("batch_size", self.batch_size, BatchSize)
        check("iterations", self.iterations, Count)
        if self.evaluation is None:
            return
        check_fields("evaluation", self.evaluation, _Evaluation)
        if self.iterations % self.evaluation["every"]:
            raise ValueError(
                f"evaluation 'every' is {self.evaluation['every']}; expected a divisor of iterations = "
                f"{self.iterations}, so that the last state is scored too."
            )

    @property
    def seed(self) -> int:
        return self.game.get("seed") or 0

    @property
    def takes_labels(self) -> bool:
        """Whether its data have labels: a network is built for `classes`."""
        return any(_classes(network) is not None for network in (self.generator, self.critic))

    @property
    def is_conditional(self) -> bool:
        """Whether images are made for labels: its generator takes some."""
        return _classes(self.generator) is not None

    @property
    def data_options(self) -> dict[str, Any]:
        """How its pictures are read: `image_size`, `resize` and `channels`, as far as it says so."""
        return _spec.arguments(self.data or {})

    def build(self) -> keras.Model:
        """The game with its initial weights, the same at every call; not compiled."""
        keras.utils.set_random_seed(self.seed)
        keras.config.set_dtype_policy(self.dtype_policy)
        return self._build()

    def build_for_weights(self) -> keras.Model:
        """The game, for weights to be loaded: unlike `build` it sets neither the global seed nor the dtype policy."""
        with policy(self.dtype_policy):
            return self._build()

    def _build(self):
        generator = _spec.build(self.generator, NETWORKS)
        critic = _spec.build(self.critic, NETWORKS)
        return _spec.build({**self.game, "seed": self.seed}, GAMES, generator, critic)

    def count_parameters(self) -> dict[str, int]:
        """{"generator", "critic"}: how many numbers each will hold; nothing is built that takes memory."""
        with policy(self.dtype_policy):
            specs = {"generator": self.generator, "critic": self.critic}
            return {
                role: count_parameters(lambda spec=spec: _spec.build(spec, NETWORKS)) for role, spec in specs.items()
            }

    def compile(self, model: keras.Model) -> keras.Model:
        """Gives a model the recipe's optimizers, new; returns it."""
        specs = (self.generator_optimizer, self.critic_optimizer)
        model.compile(*(spec and optimizers.from_spec(spec) for spec in specs))
        return model

    def save(self, path: PathLike) -> None:
        write_json(path, as_json(dataclasses.asdict(self)))

    @classmethod
    def from_model(cls, model: keras.Model) -> "Recipe":
        """The recipe by which a game, compiled or not, is built again; of its data and budget it knows nothing.

        Raises:
            ValueError: a game, network, optimizer or schedule that nobody has registered; a layer of another precision,
                see `check_precision`; networks that were built under two dtype policies.
        """
        check_precision(model)
        specs = {role: optimizers.to_spec(getattr(model, role)) for role in optimizers.ROLES if model.compiled}
        return cls(
            game=_game_spec(model),
            generator=_network_spec("generator", model.generator),
            critic=_network_spec("critic", model.critic),
            data=None,
            batch_size=None,
            iterations=None,
            dtype_policy=_told_policy(model) or _seen_policy(model),
            **specs,
        )

    def differs_from(self, model: keras.Model) -> list[str]:
        """Names of the fields that a compiled game was not made by, of those that a model tells.

        Optimizers are compared where the recipe names them, and nothing where a network does not know how it was built.
        """
        if None in (built_by(model.generator), built_by(model.critic)):
            return []
        asked_for = self.compile(self.build_for_weights())
        own, asked = Recipe.from_model(model), Recipe.from_model(asked_for)
        if _told_policy(model) is None:  # of an earlier file
            own, asked = (
                dataclasses.replace(recipe, dtype_policy=_seen_policy(game))
                for recipe, game in ((own, model), (asked, asked_for))
            )
        named = [role for role in optimizers.ROLES if getattr(self, role) is not None]
        names = ["game", "generator", "critic", "dtype_policy", *named]
        return [name for name in names if getattr(own, name) != getattr(asked, name)]

    @classmethod
    def load(cls, path: PathLike) -> "Recipe":
        """A recipe from a JSON file.

        Raises:
            FileNotFoundError: no such file.
            ValueError: not JSON, or a field, name or argument that no recipe has.
        """
        path = pathlib.Path(path).expanduser()
        fields = _read(path)
        try:
            return cls(**fields)
        except (ValueError, TypeError) as error:
            raise ValueError(f"{path}: {one_line(error)}") from error


def is_recipe(path: PathLike) -> bool:
    """Whether a file holds a recipe, be it of names that nobody has registered here."""
    try:
        _read(pathlib.Path(path).expanduser())
    except (OSError, ValueError):
        return False
    return True


def _classes(network):
    """For how many classes a network is built; None for none."""
    if "classes" in network:
        return network["classes"]
    declared = parameters(NETWORKS.find(network["name"])).get("classes")
    return None if declared is None or declared.required else declared.default


def _read(path):
    """The fields in a recipe's file; see `Recipe.load`."""
    if not path.is_file():
        raise FileNotFoundError(f"There is no recipe {path}; expected a JSON file such as a run's config.json.")
    fields = read_json(path, "Copy the recipe again.")
    known = {field.name: field.default is dataclasses.MISSING for field in dataclasses.fields(Recipe)}
    check_names(str(path), fields, known, required=[name for name, needed in known.items() if needed])
    return fields


def _game_spec(model):
    name = GAMES.name_of(type(model))
    if name is None:
        raise ValueError(
            f"The game is a {type(model).__name__}, which nobody has registered, and a recipe, by which a preset is "
            f"built, names its game. Register it by @wgan_keras.register_game. {_WITHOUT}"
        )
    known = {k: p.default for k, p in parameters(type(model)).items() if k not in ("name", *_OF_THE_GAME)}
    return _spec.of(name, {k: v for k, v in model.get_config().items() if k in known and v != known[k]})


def check_precision(model: keras.Model) -> None:
    """A game's presets can hold its weights.

    Raises:
        ValueError: names a layer whose weights are of another precision.
    """
    for role in _OF_THE_GAME:
        for layer in getattr(model, role)._flatten_layers(include_self=False):
            other = {each.dtype for each in layer.weights} - {*_PRECISIONS}
            wrong = sorted(name for name in other if "float" in name)  # indices may be of any dtype
            if wrong:
                raise ValueError(
                    f"The {role}'s layer {layer.name!r} has weights in {wrong[0]}; presets hold them in "
                    f"{' or '.join(_PRECISIONS)}. Build it without dtype=; model.save('gan.keras') keeps any model."
                )


def _told_policy(model):
    """The name of the policy that a game's networks tell they were built under; None where neither does.

    Raises:
        ValueError: they were built under two.
    """
    told = {role: built_under(getattr(model, role)) for role in _OF_THE_GAME}
    names = {name for name in told.values() if name in _POLICIES}
    if len(names) > 1:
        raise ValueError(
            f"The generator was built under the dtype policy {told['generator']} and the critic under "
            f"{told['critic']}, and a recipe, by which a preset is built, has one policy for both. Build both under "
            f"one. {_WITHOUT}"
        )
    return names.pop() if names else None


def _seen_policy(model):
    """As the generator's layers look: some are in float32 under every policy, and one may have a policy of its own."""
    layers = model.generator._flatten_layers(include_self=False)
    return "mixed_bfloat16" if "mixed_bfloat16" in {layer.dtype_policy.name for layer in layers} else "float32"


def _network_spec(role, network):
    call = built_by(network)
    if call is None:
        raise ValueError(
            f"The {role} was not built by a registered function, and a recipe, by which a preset is built, names its "
            f"networks instead of holding code. Register it by @wgan_keras.register_network. {_WITHOUT}"
        )
    return call
