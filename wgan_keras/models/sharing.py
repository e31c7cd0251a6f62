"""Batches that several devices share: which sizes there are, and games whose losses would come out differently."""

import math

import numpy as np
from keras import ops

from wgan_keras import backend

_SAME = {"float32": 1e-3, "bfloat16": 5e-2}  # of two ways to compute one loss, relative to 1 or to the loss


def check_divides(m, model):
    """Refuses a minibatch that the devices cannot share evenly, or of which a view makes no whole images.

    Raises:
        ValueError: names the nearest sizes that do.
    """
    joins = math.prod(view.joins for view in model.views)
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
    state, of_shares = model.validation_seed_generator.state, []
    before = ops.convert_to_numpy(state)
    whole = model.validation_logs(*parts)
    state.assign(before)
    with model.on_devices():
        backend.on_each_device(lambda *own: of_shares.append(backend.averaged(model.validation_logs(*own))), parts)
    state.assign(before)
    tolerance = _SAME["bfloat16" if "bfloat16" in str(model.generator.compute_dtype) else "float32"]
    for name, value in whole.items():
        a, b = float(value), float(of_shares[0][name])
        if not np.isclose(a, b, rtol=tolerance, atol=tolerance, equal_nan=True):
            raise ValueError(
                f"The game's {name} is {a:.6g} on a batch and {b:.6g} where {model.device_count} devices share it: a "
                "loss, a penalty, a view or a layer takes of the batch what is no mean over samples. Let it take that "
                "of all devices, wgan_keras.shares.whole(scores), or train on one device."
            )
