"""Which game reaches which score: the same random search for each, its winner trained anew by several seeds.

    python -m benchmarks.study --trials 24 --iterations 1000 --retrain-iterations 20000

searches the space of "Are GANs Created Equal?" for each game on Fashion-MNIST, with the same budget for each, then
trains each winner by three seeds. Games may be played one by one, by --games. Each search and each training is kept
in --out as soon as it is over, and the same command goes on with what lies in --work and --out after a kill:

    README.md            every score in a table, and what it does not show
    expected_best.png    the expected best score against the number of trials, a curve a game
    trainings.png        the scores of the long trainings by iteration, a panel a game
    presets/NAME.json    the scores of a preset as it is, and of its hyperparameters trained as the winners are
    GAME/study.json      the command, the machine, the search, the winner's recipe, the scores of its trainings
    GAME/                search.json, trials.csv, report.html and its pictures
"""

import contextlib
import pathlib

from benchmarks import command_line
from benchmarks.study import RESULTS, game, page, preset
from benchmarks.study.retraining import EVALUATIONS, Retraining
from wgan_keras.files.folders import hold
from wgan_keras.games import GAMES
from wgan_keras.runtime import output


def parse():
    parser = command_line.parser("benchmarks.study", __doc__)
    parser.add_argument("--games", nargs="+", choices=list(GAMES), default=list(GAMES))
    parser.add_argument("--data", default="fashion_mnist", help="a data set by name")
    parser.add_argument("--protocol", help="how samples are scored; the one that goes with the data")
    parser.add_argument("--width", type=int, default=32, help="filters of the finest stage; %(default)s")
    parser.add_argument("--batch-size", type=int, default=64, help="m; %(default)s")
    parser.add_argument("--ema-decay", type=float, default=0.999, help="of the averaged generator; %(default)s")
    parser.add_argument("--trials", type=int, default=24, help="of each game; %(default)s")
    parser.add_argument("--iterations", type=int, default=1000, help="generator iterations of a trial; %(default)s")
    parser.add_argument("--epoch-iterations", type=int, help="iterations between evaluations; a fifth of a trial")
    parser.add_argument(
        "--retrain-iterations",
        type=int,
        help=f"train winners and presets for so many, a multiple of {EVALUATIONS}; not at all",
    )
    parser.add_argument("--retrain-seeds", type=int, default=3, help="how often; %(default)s")
    parser.add_argument("--presets", nargs="*", default=[], help="to compare with, by name or folder")
    parser.add_argument("--workers", type=int, default=1, help="trials at once")
    parser.add_argument("--seed", type=int, default=0, help="of hyperparameters and samples; %(default)s")
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("runs/study"), help="searches and runs")
    parser.add_argument("--out", type=pathlib.Path, default=RESULTS, help="what is kept")
    options = parser.parse_args()
    if (options.retrain_iterations or 0) % EVALUATIONS:
        parser.error(f"--retrain-iterations is {options.retrain_iterations}; expected a multiple of {EVALUATIONS}.")
    return options


@output.may_fail()
def main():
    options = parse()
    with contextlib.ExitStack() as held:
        for name in [*options.games, *(["presets"] if options.presets else [])]:
            held.enter_context(hold(options.out / name))
        study(options)


def study(options):
    game.refuse_another(options)
    presets = [preset.Preset(name, options) for name in options.presets]
    games = [game.Game(name, options) for name in options.games]
    for each in games:
        each.search()
    retraining = Retraining(options, games[0].planned.hypermodel.evaluation)
    for each in presets:
        each.score(retraining)
    if options.retrain_iterations:
        for each in [*games, *presets]:
            each.retrain(retraining)
    page.write(options.out)


if __name__ == "__main__":
    main()
