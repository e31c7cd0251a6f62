"""How good the tutorial way gets with the zoo's networks: the bar that its WGAN-GP is held against.

    python -m tools.zoo.tutorial_quality

trains `benchmarks.speed.tutorial.WGANGP` with the networks, the batch and the iterations of the preset's recipe, so
that the critic sees as many images (but each real one five times in a row, as the tutorial has it), by the optimizers
that the tutorial has, Adam(2e-4, 0.5, 0.9). It scores the generator as training by the recipe does and writes
scores.json to --out; a run that was stopped goes on from its last evaluation. At the end it scores the best and the
final state by the seeds of the zoo's cards and writes tools/zoo/tutorial_quality.json.
"""

import datetime
import pathlib

import keras
import tensorflow as tf

from benchmarks import command_line, machine
from benchmarks.speed import tutorial
from tools.zoo import scores
from wgan_keras import callbacks, data, presets
from wgan_keras.files.saving import whole_file, write_json
from wgan_keras.models.counting import Counting
from wgan_keras.models.sampling import Sampling
from wgan_keras.models.terminate_on_nan import TerminateOnNaN

MODULE = "tools.zoo.tutorial_quality"
RESULT = pathlib.Path(__file__).parent / "tutorial_quality.json"
CHOSEN = "best_{iteration}.weights.h5"


class Tutorial(Sampling, Counting, tutorial.WGANGP):
    """The tutorial's model, with what it takes to be scored."""

    latent_prior = "normal"

    def predict_on_batch(self, latents):
        return self.generator.predict_on_batch(latents)


class Keep(keras.callbacks.Callback):
    """After every epoch the whole state to resume from, and the generator if an `Evaluate` before found it best."""

    def __init__(self, out, evaluate):
        super().__init__()
        self.out, self.evaluate = out, evaluate

    def set_model(self, model):
        super().set_model(model)
        state = tf.train.Checkpoint(
            generator=model.generator,
            critic=model.critic,
            generator_optimizer=model.generator_optimizer,
            critic_optimizer=model.critic_optimizer,
        )
        self.manager = tf.train.CheckpointManager(state, self.out / "state", max_to_keep=1)

    def restore(self):
        """Puts the last state back, if there is one."""
        self.manager.restore_or_initialize()

    def on_epoch_end(self, epoch, logs=None):
        if self.evaluate.last is self.evaluate.best:
            iteration = self.evaluate.best["iteration"]
            with whole_file(self.out / CHOSEN.format(iteration=iteration)) as temporary:
                self.model.generator.save_weights(temporary)
        self.manager.save()  # last: a run that is resumed lacks nothing


def build(recipe):
    """The tutorial's model with the networks of a recipe, compiled and its optimizers built."""
    game = recipe.build()
    model = Tutorial(tutorial.plain(game.generator), tutorial.plain(game.critic), n_critic=game.n_critic)
    model.compile(keras.optimizers.Adam(2e-4, 0.5, 0.9), keras.optimizers.Adam(2e-4, 0.5, 0.9))
    model.generator_optimizer.build(model.generator.trainable_variables)
    model.critic_optimizer.build(model.critic.trainable_variables)
    return model


def train(recipe, out):
    """Trains to the recipe's last iteration, from the last evaluation if `out` has one.

    Returns (model, the `callbacks.Evaluate`). One real batch a step is drawn, by the recipe's seed; the latents are
    TensorFlow's own draws and start afresh when a run is resumed.
    """
    model = build(recipe)
    every = recipe.evaluation["every"]
    evaluate = callbacks.Evaluate(
        recipe.evaluation["protocol"], path=out / "scores.json", data_name=recipe.data["name"]
    )
    keep = Keep(out, evaluate)
    keep.set_model(model)
    keep.restore()
    done = model.generator_iterations
    images = data.load_raw(recipe.data["name"], "train")
    model.fit(
        data.stream(images, recipe.batch_size, recipe.seed, first_batch=done),
        initial_epoch=done // every,
        epochs=recipe.iterations // every,
        steps_per_epoch=every,
        shuffle=False,  # done by the stream
        callbacks=[evaluate, TerminateOnNaN(), keep],
        verbose=2,
    )
    return model, evaluate


def score(model, evaluate, recipe, out):
    """{"best", "final"}, in the form of a preset's metadata."""
    evaluations = scores.references(recipe)
    final = scores.of_state(model, evaluations)
    model.generator.load_weights(out / CHOSEN.format(iteration=evaluate.best["iteration"]))
    best = {**scores.of_state(model, evaluations), "iteration": evaluate.best["iteration"]}
    return {"best": best, "final": final}


def main():
    parser = command_line.parser(MODULE, __doc__)
    parser.add_argument("--recipe", default="wgan_gp_fashion_mnist", help="of a preset, a run or a JSON file")
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("runs/tutorial"), help="the run's folder")
    parser.add_argument("--result", type=pathlib.Path, default=RESULT)
    arguments = parser.parse_args()
    recipe = presets.open_recipe(arguments.recipe)
    arguments.out.mkdir(parents=True, exist_ok=True)
    model, evaluate = train(recipe, arguments.out)
    result = {
        "command": f"python -m {MODULE} --recipe {arguments.recipe}",
        "date": datetime.date.today().isoformat(),
        "machine": machine.in_words(),
        "keras": keras.__version__,
        "training_seed": recipe.seed,
        "sampling_seeds": list(scores.SAMPLING_SEEDS),
        "iterations": recipe.iterations,
        "batch_size": recipe.batch_size,
        **score(model, evaluate, recipe, arguments.out),
        "history": evaluate.history,
    }
    write_json(arguments.result, result)


if __name__ == "__main__":
    main()
