"""What training on JAX promises by itself, and which backends there are."""

import pathlib

FOLDER = pathlib.Path(__file__).parent
FACTS = [*sorted(FOLDER.glob("jax_*_facts.py")), FOLDER / "device_facts.py"]
FOUR_CPUS = "--xla_force_host_platform_device_count=4"
PYTEST_WITHOUT_TENSORFLOW = """
import sys, pytest
sys.modules["tensorflow"] = sys.modules["tensorflow_datasets"] = None  # to import them fails
sys.exit(pytest.main(sys.argv[1:]))
"""
# Without what Keras imports wherever it is installed: in half the time.
IMPORT = "import sys; sys.modules |= dict.fromkeys(('tensorflow', 'sklearn', 'matplotlib')); import wgan_keras"


def test_the_facts_of_training_and_of_several_devices_hold_on_jax_without_tensorflow(run_on_jax, selected):
    """In one process, as to start it takes as long as a tenth of them."""
    done = run_on_jax("-c", PYTEST_WITHOUT_TENSORFLOW, *selected, *FACTS, XLA_FLAGS=FOUR_CPUS)
    assert done.returncode == 0 and " passed" in done.stdout, done.stdout + done.stderr


def test_another_backend_is_refused_with_a_sentence(run_on):
    done = run_on("numpy", "-c", IMPORT)
    assert done.returncode == 1
    assert (
        "ImportError: wgan_keras trains on Keras's TensorFlow and JAX backends, and Keras runs on 'numpy' here. Set "
        in (done.stderr)
    )
