from geoflow.ground.study import Entry, Study, Values


class Denoiser(Values):
    """label: its name in tables, figures and summary keys; denoiser: a name with parameters."""

    label: str
    denoiser: Entry


class Denoising(Study):
    """Denoisers plugged into forward-backward splitting.

    tasks: inpainting, deblurring; noise: standard deviation in training; data_noise: of the data y; images: of the test
    set; shown: how many of them are kept as pictures. residual: the largest over the images; psnr: peak signal-to-noise
    ratio in dB, the mean over the images.

    lipschitz_found, lipschitz_bound; averagedness: the largest over pairs of |Dx - Dy|^2 + |(I - D)x - (I - D)y|^2 /
    depth - |x - y|^2 over |x - y|^2, at most 0 for `depth` firmly non-expansive layers; denoised: psnr of plain
    denoising; residual (key): the last over the first; growth: the largest ratio of consecutive residuals; gain: psnr
    over the data's own; diverged: runs. The worst over the seeds; means for psnr.
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
