"""Optional logging of training epochs to TensorBoard.

If GEOFLOW_TENSORBOARD=FOLDER is set, a training writes FOLDER/<label>. Results do not depend on it.
"""

import math
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any


def logger(label: str) -> Callable[[Mapping[str, Any]], None]:
    """Return a function that logs the row of an epoch; it does nothing unless the variable names a folder."""
    folder = os.environ.get("GEOFLOW_TENSORBOARD")
    if not folder:
        return lambda row: None
    from torch.utils.tensorboard import SummaryWriter

    writer = SummaryWriter(str(Path(folder) / re.sub(r"\W+", "_", label)))

    def log(row: Mapping[str, Any]) -> None:
        for key, value in row.items():
            if key != "epoch" and not math.isnan(value):
                writer.add_scalar(key, value, row["epoch"])
        writer.flush()

    return log
