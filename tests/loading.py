"""How Keras is loaded for tests, and what is left out or done once then: no test speaks of it.

Keras, its backends and Python do the same again and again where a test makes a small game, trains it for two steps and
saves it; here they do it once, which takes a twelfth from the time of all tests.
"""

import functools
import inspect
import os
import types
import typing
import weakref

os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")  # the facts are stated for a CPU
# The threads of NumPy and scikit-learn wait for each other at full speed: where other tests run beside, half the time
# of those that score samples.
os.environ.setdefault("OMP_NUM_THREADS", "1")
# XLA's older way to write machine code takes half the time, and in one part a tenth less; in TensorFlow and JAX, and in
# processes started from here.
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_use_fusion_emitters=false --xla_cpu_parallel_codegen_split_count=1")

from wgan_keras.runtime import startup

startup.load_keras()  # without what Keras imports wherever it is installed: in half the time

import keras
from keras.src.saving import saving_lib

signatures = weakref.WeakKeyDictionary()
read_signature = inspect._signature_from_function


def signature_of(cls, function, **options):
    """The signature of a function, which Keras reads whenever it makes or calls a layer."""
    if not isinstance(function, types.FunctionType) or options.get("eval_str"):
        return read_signature(cls, function, **options)
    if function not in signatures:
        signatures[function] = read_signature(cls, function, **options)
    return signatures[function]


inspect._signature_from_function = signature_of
if hasattr(typing, "_get_protocol_attrs"):  # TensorFlow asks of every tensor; from Python 3.12 on they are kept
    typing._get_protocol_attrs = functools.cache(typing._get_protocol_attrs)
# Keras keeps these names under another key than it looks for: it makes a layer and an optimizer for them at every save.
saving_lib.get_attr_skipset = functools.cache(saving_lib.get_attr_skipset)

if keras.backend.backend() == "tensorflow":
    import tensorflow as tf
    from tensorflow.python.ops import gen_resource_variable_ops
    from tensorflow.python.util import tf_stack

    # A variable under a name that TensorFlow has not met takes 0.5 ms more.
    named = gen_resource_variable_ops.var_handle_op
    gen_resource_variable_ops.var_handle_op = lambda *, debug_name="", **given: named(**given)
    # Where each operation was made: a twentieth of the time to trace a step.
    nowhere = tf_stack.extract_stack()
    tf_stack.extract_stack = lambda stacklevel=1: nowhere
    # To rewrite the graph of a step takes longer than the few steps that a test trains.
    tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})
    # Seeded, TensorFlow makes all its kernels anew: a fifth of the time of all tests, where `set_random_seed` seeds it
    # again and again. What Keras draws does not hang on that seed.
    seed_tensorflow, tf.random.set_seed = tf.random.set_seed, lambda seed: None
else:
    import threading

    from jax._src.interpreters import mlir

    # JAX fills a context with its dialects for every program it compiles, and an eager step is a hundred of them.
    kept, make_context = threading.local(), mlir.make_ir_context

    def context_of_thread():
        if not hasattr(kept, "context"):
            kept.context = make_context()
        return kept.context

    mlir.make_ir_context = context_of_thread
