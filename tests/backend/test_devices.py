"""The number of devices changes nothing but the time: facts stated in processes whose CPU is several devices."""

import pathlib

FOLDER = pathlib.Path(__file__).parent
PYTEST_ON_FOUR_CPUS = """
import sys, pytest, tensorflow as tf
four = [tf.config.LogicalDeviceConfiguration()] * 4
tf.config.set_logical_device_configuration(tf.config.list_physical_devices("CPU")[0], four)
sys.exit(pytest.main(sys.argv[1:]))
"""


def test_the_facts_of_several_devices_hold_with_tensorflow(run_on):
    arguments = ("-q", "-p", "no:cacheprovider", FOLDER / "replica_facts.py")
    done = run_on("tensorflow", "-c", PYTEST_ON_FOUR_CPUS, *arguments)
    assert done.returncode == 0 and " passed" in done.stdout, done.stdout + done.stderr
