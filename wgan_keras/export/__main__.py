"""The process that `elsewhere.write` starts."""

import sys

from wgan_keras.export.elsewhere import convert

convert(*sys.argv[1:])
