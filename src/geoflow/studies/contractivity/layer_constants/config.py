from geoflow.ground.study import Study


class LayerConstants(Study):
    """Lipschitz constant of a layer x -> phi_h(x) of V(x) = 1^T S(A x + b) with h = c 2 r / ||A||^2, r the radius of
    its scheme, for each c of `relative_steps`.

    sampled: largest ratio |phi(x) - phi(y)| / |x - y| of `points` random pairs, near and far, and random weights;
    searched: the same after gradient ascent (Adam) on weights and pairs from `restarts` starts; proved: worst case
    over all convex potentials with this L; bound: Lipschitz bound of the layer. disorder: largest of sampled -
    proved, searched - proved and proved - bound; above_one: largest of all four at c <= 1, minus one.
    """

    tables = {"constants": "method relative_step sampled searched proved bound status"}
    summary = "{sampled,searched,proved,bound}/<scheme>/<relative_step> disorder above_one failures"
    schemes: list[str]
    relative_steps: list[float]
    dimension: int
    hidden: int
    points: int
    restarts: int
    iterations: int
    seed: int
