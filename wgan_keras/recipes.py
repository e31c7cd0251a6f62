"""A recipe: game, networks, data and training in one JSON file, from which a model is built by name."""

import dataclasses
import json
import pathlib
from typing import Annotated

import keras

from wgan_keras import optimizers
from wgan_keras._files import one_line, read_json
from wgan_keras._schema import Count, Range, check, check_call, check_fields, check_names, parameters
from wgan_keras.games import GAMES
from wgan_keras.networks.counting import count_parameters
from wgan_keras.networks.registry import NETWORKS, built_by
from wgan_keras.networks.sizes import Width
from wgan_keras.parts import find
from wgan_keras.precision import policy
from wgan_keras.saving import whole_file
from wgan_keras.views import VIEWS

BatchSize = Annotated[int, Range(at_least=1, at_most=1_000_000)]
ImageSize = Annotated[int, Range(at_least=1, at_most=16_384)]
_OF_THE_GAME = ("generator", "critic")  # which the recipe builds itself


@dataclasses.dataclass(frozen=True)
class _Data:
    name: str
    image_size: ImageSize | None = None


@dataclasses.dataclass(frozen=True)
class _Evaluation:
    protocol: str
    every: Count


@dataclasses.dataclass(frozen=True)
class Recipe:
    """Everything a training depends on.

    Fields:
        game: {"name": as `wgan-keras list games` has it, and that class's arguments}; its `seed` rules the networks'
            initial weights, the order of the data and every draw in training.
        generator, critic: {"name": a function of `wgan_keras.networks`, and its arguments}.
        data: {"name": as in `wgan_keras.data.load`, and its `image_size` for a folder}; None for a model whose training
            is not known: then `batch_size` and `iterations` are None too, and nothing can be trained by the recipe.
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
        _check_call("game", self.game, GAMES, _OF_THE_GAME)
        _check_call("generator", self.generator, NETWORKS)
        _check_call("critic", self.critic, NETWORKS)
        for field in ("generator_optimizer", "critic_optimizer"):
            if getattr(self, field) is not None:
                optimizers.check_spec(field, getattr(self, field))
        self._check_training()
        if self.dtype_policy not in ("float32", "mixed_bfloat16"):
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
    def seed(self):
        return self.game.get("seed") or 0

    @property
    def takes_labels(self):
        """Whether its data have labels: a network is built for `classes`."""
        return any(network.get("classes") is not None for network in (self.generator, self.critic))

    def build(self):
        """The game with its initial weights, the same at every call; not compiled."""
        keras.utils.set_random_seed(self.seed)
        keras.config.set_dtype_policy(self.dtype_policy)
        return self._build()

    def build_for_weights(self):
        """The game, for weights to be loaded: unlike `build` it sets neither the global seed nor the dtype policy."""
        with policy(self.dtype_policy):
            return self._build()

    def _build(self):
        generator = _call(self.generator, NETWORKS)
        critic = _call(self.critic, NETWORKS)
        return _call({**self.game, "seed": self.seed}, GAMES, generator, critic)

    def count_parameters(self):
        """{"generator", "critic"}: how many numbers each will hold; nothing is built that takes memory."""
        with policy(self.dtype_policy):
            specs = {"generator": self.generator, "critic": self.critic}
            return {role: count_parameters(lambda spec=spec: _call(spec, NETWORKS)) for role, spec in specs.items()}

    def compile(self, model):
        """Gives a model the recipe's optimizers, new; returns it."""
        specs = (self.generator_optimizer, self.critic_optimizer)
        model.compile(*(spec and optimizers.from_spec(spec) for spec in specs))
        return model

    def save(self, path):
        with whole_file(path) as temporary:
            temporary.write_text(json.dumps(dataclasses.asdict(self), indent=2) + "\n")

    @classmethod
    def from_model(cls, model) -> "Recipe":
        """The recipe by which a game, compiled or not, is built again; of its data and budget it knows nothing.

        Raises:
            ValueError: a game, network, optimizer or schedule that nobody has registered.
        """
        specs = {"generator_optimizer": None, "critic_optimizer": None}
        if model.compiled:
            specs = {role: optimizers.to_spec(getattr(model, role)) for role in specs}
        return cls(
            game=_game_spec(model),
            generator=_network_spec("generator", model.generator),
            critic=_network_spec("critic", model.critic),
            data=None,
            batch_size=None,
            iterations=None,
            dtype_policy=next(layer.dtype_policy.name for layer in model.generator.layers if layer.weights),
            **specs,
        )

    def differs_from(self, model) -> list[str]:
        """Names of the fields that a compiled game was not made by, of those that a model tells.

        Optimizers are compared where the recipe names them, and nothing where a network does not know how it was built.
        """
        if None in (built_by(model.generator), built_by(model.critic)):
            return []
        own, asked = Recipe.from_model(model), Recipe.from_model(self.compile(self.build_for_weights()))
        named = [role for role in ("generator_optimizer", "critic_optimizer") if getattr(self, role) is not None]
        names = ["game", "generator", "critic", "dtype_policy", *named]
        return [name for name in names if getattr(own, name) != getattr(asked, name)]

    @classmethod
    def load(cls, path):
        """A recipe from a JSON file.

        Raises:
            FileNotFoundError: no such file.
            ValueError: not JSON, or a field, name or argument that no recipe has.
        """
        path = pathlib.Path(path).expanduser()
        if not path.is_file():
            raise FileNotFoundError(f"There is no recipe {path}; expected a JSON file such as a run's config.json.")
        fields = read_json(path, "Copy the recipe again.")
        known = {field.name: field.default is dataclasses.MISSING for field in dataclasses.fields(cls)}
        check_names(str(path), fields, known, required=[name for name, needed in known.items() if needed])
        try:
            return cls(**fields)
        except (ValueError, TypeError) as error:
            raise ValueError(f"{path}: {one_line(error)}") from error


def standard(
    game,
    data,
    sample_shape,
    network=None,
    width=64,
    latent_dim=None,
    learning_rate=None,
    class_names=None,
    conditioning=None,
    **fields,
):
    """The usual recipe for a game on data of some shape: DCGAN networks for images, an MLP of 3 x 512 for points.

    Args:
        game: a dict as `Recipe.game`.
        data: a dict as `Recipe.data`.
        sample_shape: (height, width, channels) or (dimensions,).
        network: "dcgan" or "mlp"; None chooses.
        width: filters of a DCGAN's finest stage, or 8 units of an MLP's layers for each.
        learning_rate: of both optimizers; None: the usual one.
        class_names: of the data, for a conditional game; None for an unconditional one.
        conditioning: how the critic knows of classes, "projection" or "classifier"; None: the network's usual way.
        fields: the rest of `Recipe`.
    """
    check("width", width, Width)
    shape = list(sample_shape)
    family = network or ("dcgan" if len(shape) == 3 else "mlp")
    kind = GAMES.find(game["name"])
    usual = kind.usual_arguments(tuple(shape), learning_rate)
    game = {**usual.pop("game", {}), **game}
    usual = {role: optimizers.to_spec(optimizer) for role, optimizer in usual.items()}
    if shape == [2]:
        usual["batch_size"] = 256
    sizes = (width, latent_dim, kind.default_critic_normalization)
    shapes = {"generator": shape, "critic": _shown_shape(shape, game.get("views", ()))}
    names = {"generator": f"{family}_generator", "critic": kind.default_critic.format(family=family)}
    networks = {role: _usual_network(name, (shapes[role], *sizes)) for role, name in names.items()}
    if class_names is not None:
        game["class_names"] = list(class_names)
        for role in kind.labeled_networks:
            networks[role]["classes"] = len(class_names)
    if conditioning is not None:
        networks["critic"]["conditioning"] = conditioning
    return Recipe(game=game, data=data, **networks, **(usual | fields))


def _shown_shape(shape, views):
    """What the critic is shown of images of a shape."""
    for view in views:
        shape = list(find(VIEWS, view, "views").compute_output_shape(tuple(shape)))
    return shape


def _usual_network(name, sizes):
    usual = getattr(NETWORKS.get(name), "usual", None)
    if usual is None:
        family, _, role = name.rpartition("_")
        families = [each.removesuffix("_generator") for each in NETWORKS if each.endswith("_generator")]
        known = " or ".join(repr(each) for each in families if f"{each}_{role}" in NETWORKS)
        raise ValueError(f"network is {family!r}; expected {known}, or a pair of your own that is registered.")
    return {"name": name, **usual(*sizes)}


def optimizers_at(game, learning_rate):
    """The paper's optimizers for a game with another learning rate, as fields of a recipe."""
    specs = map(optimizers.to_spec, GAMES.find(game).default_optimizers(learning_rate))
    return dict(zip(("generator_optimizer", "critic_optimizer"), specs, strict=True))


def _call(spec, registry, *given):
    return registry.find(spec["name"])(*given, **{k: v for k, v in spec.items() if k != "name"})


def _check_call(field, spec, registry, given=()):
    """`spec` names an entry of `registry` and arguments that it takes."""
    check_names(field, spec, None, required=("name",))
    thing = registry.find(spec["name"], field)
    check_call(f"{field} {spec['name']!r}", spec, thing, given)


def _game_spec(model):
    name = GAMES.name_of(type(model))
    if name is None:
        raise ValueError(
            f"The game is a {type(model).__name__}, which nobody has registered; a preset names its game. Register it "
            "by @wgan_keras.register_game, or save the model as a .keras file: model.save('gan.keras')."
        )
    known = {k: p.default for k, p in parameters(type(model)).items() if k not in ("name", *_OF_THE_GAME)}
    return {"name": name, **{k: v for k, v in model.get_config().items() if k in known and v != known[k]}}


def _network_spec(role, network):
    call = built_by(network)
    if call is None:
        raise ValueError(
            f"The {role} was not built by a registered function, and a preset names its networks instead of holding "
            "code. Register it by @wgan_keras.register_network, or save the model as a .keras file: "
            "model.save('gan.keras')."
        )
    return call
