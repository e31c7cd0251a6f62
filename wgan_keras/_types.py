"""Names for what signatures take and give."""

import os
from typing import Any, TypeAlias

Tensor: TypeAlias = Any  # of Keras's backend; an array of NumPy is taken as well
PathLike: TypeAlias = str | os.PathLike[str]
Logs: TypeAlias = dict[str, Any] | None  # what Keras hands to callbacks
MixedIntoModel: Any = object  # base of what is mixed into a `keras.Model`, which comes later in the order of bases
