"""The number of devices changes nothing but the time: facts stated in a process whose CPU is several devices.

test_jax.py states them on JAX.
"""

import pathlib

FACTS = pathlib.Path(__file__).with_name("device_facts.py")
PYTEST_ON_FOUR_CPUS = """
import sys, pytest
from wgan_keras.runtime import startup
startup.load_keras()
import tensorflow as tf
four = [tf.config.LogicalDeviceConfiguration()] * 4
tf.config.set_logical_device_configuration(tf.config.list_physical_devices("CPU")[0], four)
sys.exit(pytest.main(sys.argv[1:]))
"""


def test_the_facts_of_several_devices_hold_with_tensorflow(run_on, selected):
    done = run_on("tensorflow", "-c", PYTEST_ON_FOUR_CPUS, *selected, FACTS)
    assert done.returncode == 0 and " passed" in done.stdout, done.stdout + done.stderr
