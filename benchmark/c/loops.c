/* The loops that a C programmer would write, for the problem in the header PROBLEM: D numbers, positions first.

Each takes `steps` steps of size h from `state`, leaves the last state there and every `every`-th in `states`, and
returns the number of fixed-point sweeps. */
#include <float.h>
#include <math.h>
#include <string.h>
#include PROBLEM

#define H (D / 2)
#define RESTRICT(type) type *restrict

static inline void kick(double *y, const double *F, double h)
{
    for (int k = 0; k < H; k++)
        y[H + k] += h * F[k];
}

static inline void drift(double *y, double h)
{
    for (int k = 0; k < H; k++)
        y[k] += h * velocity(y + H, k);
}

static inline void field(const double *restrict y, double *restrict f)
{
    for (int k = 0; k < H; k++)
        f[k] = velocity(y + H, k);
    force(y, f + H);
}

#define SAMPLE                                                                                     \
    if ((n + 1) % every == 0)                                                                      \
    memcpy(states + (n + 1) / every * D, y, sizeof y)

long stormer_verlet(RESTRICT(double) state, double h, long steps, long every, RESTRICT(double) states)
{
    double y[D], F[H];
    memcpy(y, state, sizeof y);
    force(y, F);
    for (long n = 0; n < steps; n++) {
        kick(y, F, h / 2);
        drift(y, h);
        force(y, F);
        kick(y, F, h / 2);
        SAMPLE;
    }
    memcpy(state, y, sizeof y);
    return 0;
}

long yoshida_4(RESTRICT(double) state, double h, long steps, long every, RESTRICT(double) states)
{
    const double a = 1.3512071919596578 * h, b = -1.7024143839193153 * h; /* 1/(2 - 2^(1/3)), 1 - 2a */
    double y[D], F[H];
    memcpy(y, state, sizeof y);
    force(y, F);
    for (long n = 0; n < steps; n++) {
        kick(y, F, a / 2);
        drift(y, a);
        force(y, F);
        kick(y, F, (a + b) / 2);
        drift(y, b);
        force(y, F);
        kick(y, F, (a + b) / 2);
        drift(y, a);
        force(y, F);
        kick(y, F, a / 2);
        SAMPLE;
    }
    memcpy(state, y, sizeof y);
    return 0;
}

long rk4(RESTRICT(double) state, double h, long steps, long every, RESTRICT(double) states)
{
    double y[D], Y[D], K0[D], K1[D], K2[D], K3[D];
    memcpy(y, state, sizeof y);
    for (long n = 0; n < steps; n++) {
        field(y, K0);
        for (int k = 0; k < D; k++)
            Y[k] = y[k] + h * 0.5 * K0[k];
        field(Y, K1);
        for (int k = 0; k < D; k++)
            Y[k] = y[k] + h * 0.5 * K1[k];
        field(Y, K2);
        for (int k = 0; k < D; k++)
            Y[k] = y[k] + h * K2[k];
        field(Y, K3);
        for (int k = 0; k < D; k++)
            y[k] += h * (K0[k] / 6 + K1[k] / 3 + K2[k] / 3 + K3[k] / 6);
        SAMPLE;
    }
    memcpy(state, y, sizeof y);
    return 0;
}

/* Y_i = y + h sum_j a_ij f(Y_j) by sweeps to stagnation, from stages that extrapolate those of the last step by P. */
static inline __attribute__((always_inline)) long
fixed_point(const int s, const double A[s][s], const double b[s], const double P[s][s], RESTRICT(double) state,
            double h, long steps, long every, RESTRICT(double) states)
{
    double y[D], Y[s][D], K[s][D];
    long sweeps = 0;
    memcpy(y, state, sizeof y);
    field(y, K[0]);
    for (int i = 1; i < s; i++)
        memcpy(K[i], K[0], sizeof K[0]);
    for (long n = 0; n < steps; n++) {
        double scale = 1, previous = INFINITY;
        for (int k = 0; k < D; k++)
            scale = fabs(y[k]) > scale ? fabs(y[k]) : scale;
        for (int i = 0; i < s; i++)
            for (int k = 0; k < D; k++) {
                double sum = 0;
                for (int j = 0; j < s; j++)
                    sum += (n ? P : A)[i][j] * K[j][k];
                Y[i][k] = y[k] + h * sum;
            }
        for (int sweep = 0; sweep < 200; sweep++) {
            double delta = 0;
            for (int i = 0; i < s; i++)
                field(Y[i], K[i]);
            for (int i = 0; i < s; i++)
                for (int k = 0; k < D; k++) {
                    double sum = 0;
                    for (int j = 0; j < s; j++)
                        sum += A[i][j] * K[j][k];
                    double new = y[k] + h * sum, change = fabs(new - Y[i][k]);
                    delta = change > delta ? change : delta;
                    Y[i][k] = new;
                }
            sweeps++;
            if (delta == 0 || (delta >= previous && delta <= 1000 * DBL_EPSILON * scale))
                break;
            previous = delta;
        }
        for (int k = 0; k < D; k++) {
            double sum = 0;
            for (int j = 0; j < s; j++)
                sum += b[j] * K[j][k];
            y[k] += h * sum;
        }
        SAMPLE;
    }
    memcpy(state, y, sizeof y);
    return sweeps;
}

long implicit_midpoint(RESTRICT(double) state, double h, long steps, long every, RESTRICT(double) states)
{
    static const double A[1][1] = {{0.5}}, b[1] = {1};
    return fixed_point(1, A, b, A, state, h, steps, every, states);
}

/* Gauss's two stages, and P = A E: the line through (c_j, K_j), c = 1/2 -+ r, at 1 + c_i makes K_i sum_j E_ij K_j. */
#define GAUSS_2                                                                                    \
    const double r = sqrt(3) / 6, x = 1 / (2 * r);                                                 \
    const double A[2][2] = {{0.25, 0.25 - r}, {0.25 + r, 0.25}}, b[2] = {0.5, 0.5};                \
    const double E[2][2] = {{1 - x, x}, {-x, 1 + x}};                                              \
    double P[2][2];                                                                                \
    for (int i = 0; i < 2; i++)                                                                    \
        for (int j = 0; j < 2; j++)                                                                \
    P[i][j] = A[i][0] * E[0][j] + A[i][1] * E[1][j]

long gauss_2(RESTRICT(double) state, double h, long steps, long every, RESTRICT(double) states)
{
    GAUSS_2;
    return fixed_point(2, A, b, P, state, h, steps, every, states);
}

#include "newton.h"

long gauss_2_newton(RESTRICT(double) state, double h, long steps, long every, RESTRICT(double) states)
{
    GAUSS_2;
    return newton(A, b, P, state, h, steps, every, states);
}
