/* Gauss's method with two stages by Newton's method: one matrix I - h A (x) J a step, J by differences of the field,
factorised with row exchanges; iterated to stagnation from stages that extrapolate those of the last step. */
#define ROWS (2 * D)

static inline void factorise(double B[restrict ROWS][ROWS], int pivots[restrict ROWS])
{
    for (int k = 0; k < ROWS; k++) {
        int best = k;
        for (int i = k + 1; i < ROWS; i++)
            if (fabs(B[i][k]) > fabs(B[best][k]))
                best = i;
        pivots[k] = best;
        if (best != k)
            for (int j = 0; j < ROWS; j++) {
                double other = B[k][j];
                B[k][j] = B[best][j];
                B[best][j] = other;
            }
        for (int i = k + 1; i < ROWS; i++) {
            double factor = B[i][k] /= B[k][k];
            for (int j = k + 1; j < ROWS; j++)
                B[i][j] -= factor * B[k][j];
        }
    }
}

static inline void solve(double B[restrict ROWS][ROWS], const int pivots[restrict ROWS], double r[restrict ROWS])
{
    for (int k = 0; k < ROWS; k++) {
        double other = r[k];
        r[k] = r[pivots[k]];
        r[pivots[k]] = other;
    }
    for (int k = 0; k < ROWS; k++)
        for (int i = k + 1; i < ROWS; i++)
            r[i] -= B[i][k] * r[k];
    for (int k = ROWS - 1; k >= 0; k--) {
        for (int j = k + 1; j < ROWS; j++)
            r[k] -= B[k][j] * r[j];
        r[k] /= B[k][k];
    }
}

static inline void matrix(const double A[2][2], const double *restrict y, double h, double scale,
                          double B[restrict ROWS][ROWS])
{
    const double e = 0x1p-26 * scale;
    double f[D], ahead[D], shifted[D];
    field(y, f);
    for (int l = 0; l < D; l++) {
        memcpy(shifted, y, sizeof shifted);
        shifted[l] += e;
        field(shifted, ahead);
        for (int k = 0; k < D; k++) {
            double slope = (ahead[k] - f[k]) / e;
            for (int i = 0; i < 2; i++)
                for (int j = 0; j < 2; j++)
                    B[i * D + k][j * D + l] = (i == j && k == l) - h * A[i][j] * slope;
        }
    }
}

static long newton(const double A[2][2], const double b[2], const double P[2][2], RESTRICT(double) state, double h,
                   long steps, long every, RESTRICT(double) states)
{
    double y[D], Y[2][D], K[2][D], B[ROWS][ROWS], r[ROWS];
    int pivots[ROWS];
    long sweeps = 0;
    memcpy(y, state, sizeof y);
    field(y, K[0]);
    memcpy(K[1], K[0], sizeof K[0]);
    for (long n = 0; n < steps; n++) {
        double scale = 1, previous = INFINITY;
        for (int k = 0; k < D; k++)
            scale = fabs(y[k]) > scale ? fabs(y[k]) : scale;
        for (int i = 0; i < 2; i++)
            for (int k = 0; k < D; k++)
                Y[i][k] = y[k] + h * ((n ? P : A)[i][0] * K[0][k] + (n ? P : A)[i][1] * K[1][k]);
        matrix(A, y, h, scale, B);
        factorise(B, pivots);
        for (int sweep = 0; sweep < 200; sweep++) {
            double delta = 0;
            for (int i = 0; i < 2; i++)
                field(Y[i], K[i]);
            for (int i = 0; i < 2; i++)
                for (int k = 0; k < D; k++)
                    r[i * D + k] = y[k] + h * (A[i][0] * K[0][k] + A[i][1] * K[1][k]) - Y[i][k];
            solve(B, pivots, r);
            for (int i = 0; i < 2; i++)
                for (int k = 0; k < D; k++) {
                    double change = r[i * D + k];
                    delta = fabs(change) > delta ? fabs(change) : delta;
                    Y[i][k] += change;
                }
            sweeps++;
            if (delta == 0 || (delta >= previous && delta <= 1000 * DBL_EPSILON * scale))
                break;
            previous = delta;
        }
        for (int k = 0; k < D; k++)
            y[k] += h * (b[0] * K[0][k] + b[1] * K[1][k]);
        SAMPLE;
    }
    memcpy(state, y, sizeof y);
    return sweeps;
}
