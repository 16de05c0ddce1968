from geoflow.ground.study import Entry, Study, Values


class Learner(Values):
    """first_kick: share of the kick before the drift, 1/2 for Störmer-Verlet, 1 for symplectic Euler."""

    label: str
    first_kick: float
    training_steps: int


class LearnedHamiltonian(Study):
    """V(q) + |A^T p|^2 / 2, V a tanh network of the inner `widths`, learnt from states at `samples` times h, 2h, ... of
    `points` orbits from [-1, 1]^4 of sum_i (q_i^4 / 4 + q_i^2 / 2) + p^T M p / 2, M = [[5, -1], [-1, 5]].

    schedule: see `fit`; total_steps is added; tests: number of new orbits, of length `time`.

    loss: mean square over all data after training; mse: mean square error of new orbits of the learnt Hamiltonian;
    errors: its root at one time; diagonal, off_diagonal: of A A^T; potential: error of V(q_1, 0.4), shifted to zero at
    q_1 = -1, and its largest size on [-1, 1], potential_error. Keys: over the seeds.
    """

    tables = {
        "errors": "network seed t error",
        "potential": "network seed q error",
        "constants": "network seed loss mse diagonal off_diagonal potential_error",
    }
    summary = "{least,median,most}_{loss,mse,diagonal,off_diagonal,potential_error}/<network>"
    networks: list[Learner]
    widths: list[int]
    h: float
    samples: int
    points: int
    batch: int
    learning_rate: float
    schedule: Entry
    tests: int
    time: float
    seeds: list[int]
