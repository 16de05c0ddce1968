"""Optional logging of training epochs to TensorBoard.

If the environment variable GEOFLOW_TENSORBOARD=FOLDER is set, a training writes FOLDER/<label>. Requires
`pip install 'geoflow[tensorboard]'`. Results do not depend on it.
"""

import math
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from geoflow.ground import InputError

VARIABLE = "GEOFLOW_TENSORBOARD"


def logger(label: str) -> Callable[[Mapping[str, Any]], None]:
    """Return a function that logs the row of an epoch; it does nothing unless the variable names a folder.

    Raises InputError if the variable is set and the package is not installed.
    """
    folder = os.environ.get(VARIABLE)
    if not folder:
        return lambda row: None
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:
        raise InputError(
            f"{VARIABLE} is set, but tensorboard is not installed; pip install 'geoflow[tensorboard]', or unset it."
        ) from None
    writer = SummaryWriter(str(Path(folder) / re.sub(r"\W+", "_", label)))

    def log(row: Mapping[str, Any]) -> None:
        for key, value in row.items():
            if key != "epoch" and not math.isnan(value):
                writer.add_scalar(key, value, row["epoch"])
        writer.flush()

    return log
