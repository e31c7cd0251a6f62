"""Batches that several devices share: which sizes there are, and games whose losses would come out differently."""

import numpy as np
from keras import ops

from wgan_keras import backend
from wgan_keras.views.view import joined_by

_SAME = {"float32": 1e-3, "bfloat16": 5e-2}  # of two ways to compute one loss, relative to 1 or to the loss


def check_divides(m, model):
    """Refuses a minibatch that the devices cannot share evenly, or of which a view makes no whole images.

    Raises:
        ValueError: names the nearest sizes that do.
    """
    joins = joined_by(model.views)
    multiple = joins * model.device_count
    if m % multiple == 0:
        return
    if joins > 1:
        why = f"{type(model.views[-1]).__name__} makes one of {joins} images"
        why += f" on each of {model.device_count} devices" if model.device_count > 1 else ""
    else:
        why = f"{model.device_count} devices share it"
    below = m // multiple * multiple
    near = f"{below} or {below + multiple}" if below else f"{multiple}"
    raise ValueError(f"The batch size is {m}, and {why}; expected a multiple of {multiple}, such as {near}.")


def check_shares(model, images, labels):
    """Measures that the game's losses on shares of a batch are those on the whole batch.

    A loss that is no mean over samples, or a layer that looks at others' samples, gives itself away.

    Raises:
        ValueError: they are not.
    """
    parts = [ops.convert_to_tensor(part) for part in (images, labels) if part is not None]

    def on_shares():
        found = []
        with model.on_devices():
            backend.on_each_device(lambda *own: found.append(backend.averaged(measured(model, *own))), parts)
        return found[0]

    for name, whole, of_shares in differing(model, parts, on_shares):
        raise ValueError(
            f"The game's {name} is {whole:.6g} on a batch and {of_shares:.6g} where {model.device_count} devices share "
            "it: a loss, a penalty, a view or a layer takes of the batch what is no mean over samples. Let it take "
            "that of all devices, wgan_keras.shares.whole(scores), or train on one device."
        )


def measured(model, *parts):
    """The validation's logs, and what layers add to the loss of their network, which a step descends as well."""
    logs, passes = model.validated(*parts)
    added = {role: ops.convert_to_tensor(each.of_passes(), "float32") for role, each in passes.items()}
    return {**logs, **{f"{role}_regularization": value for role, value in added.items()}}


def differing(model, parts, divided):
    """Yields (name, on the whole batch, divided) of what is `measured` on `parts`, a batch, and differs.

    Args:
        divided: function () -> the same, computed another way from the same random numbers.
    """
    state = model.validation_seed_generator.state

    def both():
        before = ops.copy(state)
        whole = measured(model, *parts)
        state.assign(before)
        other = divided()
        state.assign(before)
        return whole, other

    whole, other = backend.once(both, [state])
    tolerance = _SAME["bfloat16" if "bfloat16" in str(model.generator.compute_dtype) else "float32"]
    for name, value in whole.items():
        a, b = float(value), float(other[name])
        if not np.isclose(a, b, rtol=tolerance, atol=tolerance, equal_nan=True):
            yield name, a, b
