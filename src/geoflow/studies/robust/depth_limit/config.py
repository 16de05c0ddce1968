from geoflow.ground.study import Study


class DepthLimit(Study):
    """Weights that are functions of time, sampled by networks of different depths.

    degree: degree of the polynomials; hidden: number of rows of A; control_cost: weight of the running cost in
    training; training_depth: number of layers in training; points, noise: number of points and noise of the two moons.

    error: largest distance of an output from that of the limit, divided by the largest output. Two controls use RK4:
    `rk4_frozen` keeps the weights of t_n through the whole layer; `rk4_noise` has independent random weights of equal
    size in each layer, and its limit is its own network of REFERENCE layers. deepest: error of the deepest network;
    accuracy (key): of the shallowest; largest_gap: of slope and declared order over `methods`.
    """

    tables = {"errors": "method depth h error accuracy in_fit", "paths": "network point label t x y"}
    summary = "{slope,deepest,accuracy}/<method|negative_control> declared/<method> largest_gap accuracy_limit"
    methods: list[str]
    depths: list[int]
    hidden: int
    degree: int
    training_depth: int
    training_steps: int
    learning_rate: float
    control_cost: float
    points: int
    noise: float
    seed: int
