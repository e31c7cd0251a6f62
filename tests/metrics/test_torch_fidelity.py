"""The same numbers as torch-fidelity, where it is installed."""

import json
import subprocess
import sys

import numpy as np
import pytest

from wgan_keras import metrics

pytestmark = pytest.mark.needs_torch_fidelity

# PyTorch and TensorFlow in one process can end it, so the reference has its own.

REFERENCE = """
import json, sys
import numpy as np, torch
from torch_fidelity import metric_fid, metric_isc, metric_kid, metric_prc

arrays = np.load(sys.argv[1])
real, fake = torch.from_numpy(arrays["real"]), torch.from_numpy(arrays["fake"])
fid = metric_fid.fid_statistics_to_metric(
    metric_fid.fid_features_to_statistics(real), metric_fid.fid_features_to_statistics(fake), verbose=False)
kid = metric_kid.kid_features_to_metric(real, fake, kid_subsets=2, kid_subset_size=len(real), verbose=False)
prc = metric_prc.prc_features_to_metric(real, fake, prc_neighborhood=5, verbose=False)
isc = metric_isc.isc_features_to_metric(torch.from_numpy(arrays["logits"]), splits=5, shuffle=False)
print(json.dumps({**fid, **kid, **prc, **isc}))
"""


@pytest.fixture(scope="module")
def arrays():
    random = np.random.default_rng(0)
    return {
        "real": random.normal(size=(400, 32)),
        "fake": random.normal(0.2, 1.3, size=(400, 32)),
        "logits": random.normal(0, 2, size=(300, 10)),
    }


@pytest.fixture(scope="module")
def expected(arrays, tmp_path_factory):
    file = tmp_path_factory.mktemp("torch_fidelity") / "arrays.npz"
    np.savez(file, **arrays)
    run = subprocess.run(
        [sys.executable, "-c", REFERENCE, str(file)], capture_output=True, text=True, check=True, timeout=300
    )
    return json.loads(run.stdout.splitlines()[-1])


def test_frechet_distance(arrays, expected):
    distance = metrics.frechet_distance(arrays["real"], arrays["fake"])
    assert distance == pytest.approx(expected["frechet_inception_distance"], abs=1e-6)


def test_kernel_distance(arrays, expected):
    """Subsets as large as the sets leave nothing to the two libraries' different random generators."""
    score = metrics.kernel_distance(arrays["real"], arrays["fake"], subsets=2, subset_size=400)
    assert score.mean == pytest.approx(expected["kernel_inception_distance_mean"], rel=1e-9)


def test_inception_score(arrays, expected):
    """Without a shuffle their splits are consecutive, ours interleaved: row r of their part p is our row 5 r + p."""
    odds = np.exp(arrays["logits"]).reshape(5, 60, 10).swapaxes(0, 1).reshape(300, 10)
    score = metrics.inception_score(odds / odds.sum(axis=1, keepdims=True), splits=5, seed=None)
    assert score.mean == pytest.approx(expected["inception_score_mean"], rel=1e-9)
    assert score.std == pytest.approx(expected["inception_score_std"], rel=1e-6)


def test_precision_and_recall(arrays, expected):
    """Which set is the real one changed between its versions; ours are compared as a pair."""
    score = metrics.prdc(arrays["real"], arrays["fake"], k=5)
    reference = sorted([expected["precision"], expected["recall"]])
    assert sorted([score.precision, score.recall]) == pytest.approx(reference, abs=1e-6)
    assert score.recall > 0.9 > 0.3 > score.precision  # the fakes are the wider set
