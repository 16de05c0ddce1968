"""What the study `denoising` takes and returns."""

from dataclasses import dataclass

from geoflow.ground.study import DATASETS, DENOISERS, Entry, Study


@dataclass
class Denoiser:
    """label: its name in tables, figures and summary keys; denoiser: a name with parameters."""

    named = {"denoiser": DENOISERS}
    label: str
    denoiser: Entry


@dataclass
class Denoising(Study):
    """Denoisers plugged into forward-backward splitting.

    tasks: inpainting, deblurring; noise: in training; data_noise: of the data; images: of the test
    set; shown: how many of them are kept as pictures.
    """

    tables = {
        "iterations": "iteration residual psnr denoiser seed task",
        "constants": "denoiser seed bound found averagedness psnr",
        "pictures": "denoiser task image row column value",
    }
    summary = """
        lipschitz_bound/<denoiser> lipschitz_found/<denoiser> averagedness/<denoiser> denoised/<denoiser>
        diverged/<denoiser> residual/<denoiser>/<task> growth/<denoiser>/<task> psnr/<denoiser>/<task>
        gain/<denoiser>/<task>
    """
    named = {"dataset": DATASETS}
    dataset: Entry
    denoisers: list[Denoiser]
    tasks: list[str]
    noise: float
    data_noise: float
    training_steps: int
    batch: int
    learning_rate: float
    images: int
    iterations: int
    shown: int
    seeds: list[int]
