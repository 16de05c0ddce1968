/* Many orbits of the problem in the header PROBLEM at once: blocks of LANES states, component by component.

`states` holds `members` rows of D numbers, at the start and at the end. */
#include <math.h>
#include PROBLEM

#define H (D / 2)
#define LANES 32

/* The step of one lane, with its state in registers; the loop around it is what the compiler makes vectors of. */
static inline void verlet_step(double *restrict y, double *restrict F, double h)
{
    for (int k = 0; k < H; k++)
        y[H + k] += h / 2 * F[k];
    for (int k = 0; k < H; k++)
        y[k] += h * velocity(y + H, k);
    force(y, F);
    for (int k = 0; k < H; k++)
        y[H + k] += h / 2 * F[k];
}

static inline void rk4_step(double *restrict y, double *restrict F, double h)
{
    double Y[D], K[4][D];
    const double a[4] = {0, 0.5, 0.5, 1}, b[4] = {1. / 6, 1. / 3, 1. / 3, 1. / 6};
    (void)F;
    for (int i = 0; i < 4; i++) {
        for (int k = 0; k < D; k++)
            Y[k] = i ? y[k] + h * a[i] * K[i - 1][k] : y[k];
        for (int k = 0; k < H; k++)
            K[i][k] = velocity(Y + H, k);
        force(Y, K[i] + H);
    }
    for (int k = 0; k < D; k++)
        y[k] += h * (b[0] * K[0][k] + b[1] * K[1][k] + b[2] * K[2][k] + b[3] * K[3][k]);
}

#define ENSEMBLE(name, step)                                                                       \
    void name(double *restrict states, long members, double h, long steps)                         \
    {                                                                                              \
        for (long low = 0; low < members; low += LANES) {                                          \
            long size = members - low < LANES ? members - low : LANES;                             \
            double block[D][LANES] = {{0}}, forces[H][LANES];                                      \
            for (long l = 0; l < size; l++)                                                        \
                for (int k = 0; k < D; k++)                                                        \
                    block[k][l] = states[(low + l) * D + k];                                       \
            for (int l = 0; l < LANES; l++) {                                                      \
                double q[H], F[H];                                                                 \
                for (int k = 0; k < H; k++)                                                        \
                    q[k] = block[k][l];                                                            \
                force(q, F);                                                                       \
                for (int k = 0; k < H; k++)                                                        \
                    forces[k][l] = F[k];                                                           \
            }                                                                                      \
            for (long n = 0; n < steps; n++)                                                       \
                for (int l = 0; l < LANES; l++) {                                                  \
                    double y[D], F[H];                                                             \
                    for (int k = 0; k < D; k++)                                                    \
                        y[k] = block[k][l];                                                        \
                    for (int k = 0; k < H; k++)                                                    \
                        F[k] = forces[k][l];                                                       \
                    step(y, F, h);                                                                 \
                    for (int k = 0; k < D; k++)                                                    \
                        block[k][l] = y[k];                                                        \
                    for (int k = 0; k < H; k++)                                                    \
                        forces[k][l] = F[k];                                                       \
                }                                                                                  \
            for (long l = 0; l < size; l++)                                                        \
                for (int k = 0; k < D; k++)                                                        \
                    states[(low + l) * D + k] = block[k][l];                                       \
        }                                                                                          \
    }

ENSEMBLE(stormer_verlet, verlet_step)
ENSEMBLE(rk4, rk4_step)
