"""The epochs of a training in TensorBoard, for those who ask for it: an optional package.

GEOFLOW_TENSORBOARD=FOLDER, where a training writes FOLDER/<label>; `pip install
'geoflow[tensorboard]'` beforehand. Results do not depend on it.
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
    """Takes the row of each epoch; does nothing unless the variable names a folder.

    Raises InputError when it does and the package is not installed.
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
