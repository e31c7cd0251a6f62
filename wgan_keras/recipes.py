"""A recipe: game, networks, data and training in one JSON file, from which a model is built by name."""

import dataclasses
import difflib
import inspect
import json
import math
import pathlib

import keras

from wgan_keras import bounds, metrics, models, networks
from wgan_keras._files import one_line, read_json, shown
from wgan_keras.metrics.precision import policy
from wgan_keras.models.wgan import RMSPROP_EPSILON
from wgan_keras.networks.counting import count_parameters
from wgan_keras.saving import whole_file

GAMES = {"gan": models.GAN, "wgan": models.WGAN, "wgan_gp": models.WGANGP}
NETWORKS = {name: getattr(networks, name) for name in networks.__all__}
SCHEDULES = {
    "cosine_decay": keras.optimizers.schedules.CosineDecay,
    "exponential_decay": keras.optimizers.schedules.ExponentialDecay,
    "polynomial_decay": keras.optimizers.schedules.PolynomialDecay,
}
OPTIMIZERS = {"adam": keras.optimizers.Adam, "rmsprop": keras.optimizers.RMSprop, "sgd": keras.optimizers.SGD}


@dataclasses.dataclass(frozen=True)
class Recipe:
    """Everything a training depends on.

    Fields:
        game: {"name": "gan" | "wgan" | "wgan_gp", and that class's arguments}; its `seed` rules the networks'
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

    def __post_init__(self):
        _check_call("game", self.game, GAMES, given=("generator", "critic"))
        _check_call("generator", self.generator, NETWORKS)
        _check_call("critic", self.critic, NETWORKS)
        for field in ("generator_optimizer", "critic_optimizer"):
            if getattr(self, field) is not None:
                _check_optimizer(field, getattr(self, field))
        self._check_training()
        if self.dtype_policy not in ("float32", "mixed_bfloat16"):
            raise ValueError(f"dtype_policy is {self.dtype_policy!r}; expected 'float32' or 'mixed_bfloat16'.")

    def _check_training(self):
        if self.data is None:
            if (self.batch_size, self.iterations, self.evaluation) != (None, None, None):
                raise ValueError(
                    "The recipe has no data; expected batch_size, iterations and evaluation to be null as well, or "
                    'data such as {"name": "fashion_mnist"}.'
                )
            return
        _check_names("data", self.data, ("name", "image_size"), required=("name",))
        if not isinstance(self.data["name"], str):
            raise ValueError(f"data 'name' is {self.data['name']!r}; expected a name or a folder, as a string.")
        if self.data.get("image_size") is not None:
            bounds.check("image_size", self.data["image_size"], "data 'image_size'")
        for field in ("batch_size", "iterations"):
            bounds.check(field, getattr(self, field))
        if self.evaluation is not None:
            self._check_evaluation()

    def _check_evaluation(self):
        _check_names("evaluation", self.evaluation, ("protocol", "every"), required=("protocol", "every"))
        protocol = metrics.parse_protocol(self.evaluation["protocol"])
        if protocol.mixture not in (None, self.data["name"]):
            raise ValueError(f"evaluation 'protocol' is {protocol.name!r}, but the data are {self.data['name']!r}.")
        if not protocol.has_best:
            raise ValueError(
                f"evaluation 'protocol' is {self.evaluation['protocol']!r}, whose best state would be the one that "
                "copies most; expected one that measures quality, such as fid_... or all_..."
            )
        bounds.check("every", self.evaluation["every"], "evaluation 'every'")
        if self.iterations % self.evaluation["every"]:
            raise ValueError(
                f"evaluation 'every' is {self.evaluation['every']}; expected a divisor of iterations = "
                f"{self.iterations}, so that the last state is scored too."
            )

    @property
    def seed(self):
        return self.game.get("seed") or 0

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
        optimizers = (self.generator_optimizer, self.critic_optimizer)
        model.compile(*(spec and _optimizer(spec) for spec in optimizers))
        return model

    def save(self, path):
        with whole_file(path) as temporary:
            temporary.write_text(json.dumps(dataclasses.asdict(self), indent=2) + "\n")

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
        _check_names(str(path), fields, known, required=[name for name, needed in known.items() if needed])
        try:
            return cls(**fields)
        except (ValueError, TypeError) as error:
            raise ValueError(f"{path}: {one_line(error)}") from error


def standard(game, data, sample_shape, network=None, width=64, latent_dim=None, learning_rate=None, **fields):
    """The usual recipe for a game on data of some shape: DCGAN networks for images, an MLP of 3 x 512 for points.

    Args:
        game: a dict as `Recipe.game`.
        data: a dict as `Recipe.data`.
        sample_shape: (height, width, channels) or (dimensions,).
        network: "dcgan" or "mlp"; None chooses.
        width: filters of a DCGAN's finest stage, or 8 units of an MLP's layers for each.
        learning_rate: of both optimizers; None: the usual one.
        fields: the rest of `Recipe`.
    """
    bounds.check("width", width)
    shape = list(sample_shape)
    network = network or ("dcgan" if len(shape) == 3 else "mlp")
    if network == "dcgan":
        latent_dim = 128 if latent_dim is None else latent_dim
        # The WGAN paper's critics have batch normalisation; a gradient penalty does not allow it.
        normalization = None if game["name"] == "wgan_gp" else "batch"
        generator = {"name": "dcgan_generator", "image_shape": shape, "latent_dim": latent_dim, "width": width}
        critic = {"name": "dcgan_critic", "image_shape": shape, "width": width, "normalization": normalization}
    elif network == "mlp":
        depth = 4 if len(shape) == 3 else 3
        latent_dim = (128 if len(shape) == 3 else 2) if latent_dim is None else latent_dim
        size = {"units": 8 * width, "depth": depth}
        generator = {"name": "mlp_generator", "output_shape": shape, "latent_dim": latent_dim, **size}
        critic = {"name": "mlp_critic", "input_shape": shape, **size}
    else:
        raise ValueError(f"network is {network!r}; expected 'dcgan' or 'mlp'.")
    usual = {} if learning_rate is None else optimizers_at(game["name"], learning_rate)
    if shape == [2]:
        usual["batch_size"] = 256
    if shape == [2] and game["name"] == "wgan_gp":
        # The settings of the improved-WGAN code for points in the plane.
        game = {"gradient_penalty_weight": 0.1, **game}
        adam = {
            "name": "adam",
            "learning_rate": 1e-4 if learning_rate is None else learning_rate,
            "beta_1": 0.5,
            "beta_2": 0.9,
        }
        usual |= {"generator_optimizer": adam, "critic_optimizer": adam}
    fields = usual | fields
    return Recipe(game=game, generator=generator, critic=critic, data=data, **fields)


def optimizers_at(game, learning_rate):
    """The paper's optimizers for a game with another learning rate, as fields of a recipe."""
    spec = {
        "gan": {"name": "adam", "learning_rate": learning_rate, "beta_1": 0.5},
        "wgan": {"name": "rmsprop", "learning_rate": learning_rate, "epsilon": RMSPROP_EPSILON},
        "wgan_gp": {"name": "adam", "learning_rate": learning_rate, "beta_1": 0.0, "beta_2": 0.9},
    }[game]
    return {"generator_optimizer": spec, "critic_optimizer": spec}


def _call(spec, registry, *given):
    return registry[spec["name"]](*given, **{k: v for k, v in spec.items() if k != "name"})


def _optimizer(spec):
    rate = spec.get("learning_rate")
    scheduled = {"learning_rate": _call(rate, SCHEDULES)} if isinstance(rate, dict) else {}
    return _call({**spec, **scheduled}, OPTIMIZERS)


def _check_optimizer(field, spec):
    if isinstance(spec, dict) and isinstance(spec.get("learning_rate"), dict):
        _check_call(f"{field} 'learning_rate'", spec["learning_rate"], SCHEDULES)
        spec = {k: v for k, v in spec.items() if k != "learning_rate"}
    _check_call(field, spec, OPTIMIZERS)


def _check_call(field, spec, registry, given=()):
    """`spec` names an entry of `registry` and arguments that it takes."""
    _check_names(field, spec, None, required=("name",))
    if not isinstance(spec["name"], str) or spec["name"] not in registry:
        raise ValueError(
            f"{field} names {shown(spec['name'])}{_near(spec['name'], registry)}; expected {_list(registry)}."
        )
    parameters = parameters_of(registry[spec["name"]])
    needed = [k for k, p in parameters.items() if p.default is p.empty and k not in given]
    where = f"{field} {spec['name']!r}"
    _check_names(where, spec, ["name", *(k for k in parameters if k not in given)], needed)
    for name, value in spec.items():
        if name != "name":
            _check_value(f"{where} {name!r}", name, value, parameters[name].default)


def _check_value(where, name, value, default):
    """`value` is of the kind of a parameter's default; of one that has none, or None, as its name says."""
    if name.endswith("_shape"):
        fits = isinstance(value, list | tuple) and all(type(side) is int for side in value)
        expected = "a shape as a list of whole numbers"
    elif isinstance(default, bool):
        fits, expected = isinstance(value, bool), "true or false"
    elif isinstance(default, int):
        fits, expected = type(value) is int, "a whole number"
    elif isinstance(default, float):
        fits, expected = _is_number(value), "a number"
    elif isinstance(default, str) or name == "normalization":
        fits, expected = value is None or isinstance(value, str), "a string or null"
    elif default is None:
        fits, expected = value is None or _is_number(value), "a number or null"
    else:
        fits, expected = _is_number(value), "a number"
    if not fits:
        raise ValueError(f"{where} is {shown(value)}; expected {expected}.")
    if _is_number(value):
        bounds.check(name, value, where)


def _is_number(value):
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def parameters_of(function):
    """The named parameters of a function, or of a class's __init__ and its bases' as far as **kwargs reaches."""
    found = {}
    for step in inspect.getmro(function) if inspect.isclass(function) else (function,):
        parameters = inspect.signature(step.__init__ if inspect.isclass(step) else step).parameters
        found = {**parameters, **found}
        if not any(p.kind is p.VAR_KEYWORD for p in parameters.values()) or step.__module__.startswith("keras"):
            break
    kinds = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    return {k: p for k, p in found.items() if p.kind in kinds and k != "self"}


def _check_names(where, fields, known, required=()):
    if not isinstance(fields, dict):
        raise ValueError(f"{where} is {shown(fields)}; expected an object with names and values.")
    for name in fields:
        if known is not None and name not in known:
            raise ValueError(f"{where} has no {name!r}{_near(name, known)}; expected {_list(known)}.")
    missing = [name for name in required if name not in fields]
    if missing:
        raise ValueError(f"{where} lacks {_list(missing)}.")


def _near(name, known):
    near = difflib.get_close_matches(str(name), list(known), 1)
    return f" (did you mean {near[0]!r}?)" if near else ""


def _list(names):
    return ", ".join(map(repr, names))
