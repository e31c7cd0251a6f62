"""The usual recipe for a game on data of some shape."""

from collections.abc import Sequence
from typing import Any

from wgan_keras import _spec, optimizers
from wgan_keras._schema import check, parameters
from wgan_keras._text import did_you_mean
from wgan_keras.games import GAMES
from wgan_keras.networks.registry import NETWORKS
from wgan_keras.networks.sizes import Width
from wgan_keras.parts import find
from wgan_keras.presets.recipe import Recipe
from wgan_keras.views import VIEWS
from wgan_keras.views.view import shape_shown_by

_OPTIONS = {"classes": "--labels (in Python class_names)", "conditioning": "--conditioning (in Python conditioning)"}


def standard(
    game: dict[str, Any],
    data: dict[str, Any],
    sample_shape: Sequence[int],
    network: str | None = None,
    width: int = 64,
    latent_dim: int | None = None,
    learning_rate: float | None = None,
    class_names: Sequence[str] | None = None,
    conditioning: str | None = None,
    **fields: Any,
) -> Recipe:
    """The usual recipe for a game on data of some shape: DCGAN networks for images, an MLP of 3 x 512 for points.

    Args:
        game: a dict as `Recipe.game`.
        data: a dict as `Recipe.data`.
        sample_shape: (height, width, channels) or (dimensions,).
        network: "dcgan", "resnet", "mlp" or the name of a registered pair; None chooses.
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
    given = kind.usual_arguments(tuple(shape), learning_rate)
    game = {**given.pop("game", {}), **game}
    usual: dict[str, Any] = {role: optimizers.to_spec(optimizer) for role, optimizer in given.items()}
    if shape == [2]:
        usual["batch_size"] = 256
    sizes = (width, latent_dim, kind.default_critic_normalization)
    views = [find(VIEWS, view, "views") for view in game.get("views", ())]
    shapes = {"generator": shape, "critic": list(shape_shown_by(views, shape))}
    names = {"generator": f"{family}_generator", "critic": kind.default_critic.format(family=family)}
    networks = {role: _usual_network(name, (shapes[role], *sizes)) for role, name in names.items()}
    if class_names is not None:
        game["class_names"] = list(class_names)
        for role in kind.labeled_networks:
            _check_takes("classes", game["name"], role, networks[role]["name"])
            networks[role]["classes"] = len(class_names)
    if conditioning is not None:
        _check_takes("conditioning", game["name"], "critic", networks["critic"]["name"])
        networks["critic"]["conditioning"] = conditioning
    return Recipe(game=game, data=data, **networks, **(usual | fields))


def check_game(game: dict[str, Any]) -> None:
    """What is given of the usual recipe's game is right, whatever the data, which need not be read to be told so.

    Raises:
        ValueError: a game or a part of it that nobody has registered, or an argument that it does not take.
    """
    kind = GAMES.find(game["name"])
    later = [name for name, p in parameters(kind).items() if p.required and name not in game]  # of networks and shape
    _spec.check("game", game, GAMES, later)


def _usual_network(name, sizes):
    usual = getattr(NETWORKS.get(name), "usual", None)
    if usual is None:
        raise ValueError(_no_usual(name))
    return _spec.of(name, usual(*sizes))


def _no_usual(name):
    if name in NETWORKS:
        return (
            f"{name!r} is registered without usual=, the arguments of the usual recipe; give them to register_network, "
            "or name the networks and their arguments in a recipe."
        )
    family, _, role = name.rpartition("_")
    families = [each.removesuffix("_generator") for each in NETWORKS if each.endswith("_generator")]
    complete = [each for each in families if f"{each}_{role}" in NETWORKS]
    known = " or ".join(map(repr, complete))
    return (
        f"network is {family!r}{did_you_mean(family, complete)}, and no network {name!r} is registered; expected "
        f"{known}, a pair of your own of which both are registered, or a recipe file, which may name any two networks."
    )


def _check_takes(argument, game, role, network):
    """ValueError, which names the option, if a network of the usual recipe is built without an argument."""
    if argument not in parameters(NETWORKS.find(network)):
        of_game = network == GAMES.find(game).default_critic
        other = "take another game" if of_game else "name other networks (--network)"
        raise ValueError(
            f"The {role} of {game!r} is {network!r}, which takes no {argument}; leave out {_OPTIONS[argument]}, or "
            f"{other}."
        )


def optimizers_at(game: str, learning_rate: float) -> dict[str, Any]:
    """The paper's optimizers for a game with another learning rate, as fields of a recipe."""
    specs = map(optimizers.to_spec, GAMES.find(game).default_optimizers(learning_rate))
    return dict(zip(optimizers.ROLES, specs, strict=True))
