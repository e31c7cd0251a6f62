"""Do the games' losses follow the quality of the samples: rank correlation of each curve with the score in training.

    python -m benchmarks.papers.meaningful_loss

Source: the WGAN paper, arXiv 1701.07875, section 4.3: Figure 4 (WGAN's estimate falls as the samples get better;
constant where training fails), Figure 5 (the GAN's estimate of the JS divergence does not follow them), Figure 9 (nor
does its generator's loss). The paper judges bedrooms by eye; here they are Fashion-MNIST's garments and the judge is
the Fréchet distance under a classifier's features, low when the samples are good. A curve follows quality when its rank
correlation with that score is high. A new critic's estimate first rises from nothing, whatever the samples do: the
numbers leave this warm-up out, which was decided after a first run, and the notes give the correlations with it.
WGAN-GP, in training and on held-out images, stands beside the paper's games. The failing run's learning rate, which the
paper does not print, is 0.05. Reduced: 1,000 iterations, DCGAN of width 16, perceptrons of 4 x 256, both Wasserstein
GANs at four times their papers' rates, a quarter of an hour a seed on one core; `--full`: 20,000 iterations, width 64,
4 x 512. Tried: at 500 iterations and the paper's rate WGAN's samples had hardly begun to get better, and its estimate
followed them with DCGAN (0.98) and not with perceptrons (0.03).
"""

from benchmarks.papers.meaningful_loss.trainings import FULL, REDUCED

__all__ = ["FULL", "REDUCED"]
