from geoflow.ground.study import Entry, Study, Values


class Denoiser(Values):
    """label: name in tables, figures and summary keys; denoiser: a name with parameters."""

    label: str
    denoiser: Entry


class Denoising(Study):
    """Plug-and-play reconstruction: denoisers in forward-backward splitting.

    tasks: inpainting, deblurring; noise: standard deviation in training; data_noise: standard deviation of the data y;
    images: number of test images; shown: number of images that are stored as pictures.

    residual: maximum over the images; psnr: peak signal-to-noise ratio in dB, mean over the images; averagedness:
    maximum over pairs of (|Dx - Dy|^2 + |(I - D)x - (I - D)y|^2 / depth - |x - y|^2) / |x - y|^2, at most 0 for `depth`
    firmly non-expansive layers; denoised: psnr of plain denoising; residual (key): last divided by first; growth:
    largest ratio of consecutive residuals; gain: psnr minus that of the data; diverged: number of runs. Keys are the
    worst over the seeds, and means for psnr.
    """

    tables = {
        "iterations": "iteration residual psnr denoiser seed task",
        "constants": "denoiser seed bound found averagedness psnr",
        "pictures": "denoiser task image row column value",
    }
    summary = """
        {lipschitz_bound,lipschitz_found,averagedness,denoised,diverged}/<denoiser>
        {residual,growth,psnr,gain}/<denoiser>/<task>
    """
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
