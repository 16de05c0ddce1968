/* Sun and five planets, as src/geoflow/problems/outer_solar_system.py writes it. */
#define D 36
#define BODIES 6

static const double G = 2.95912208286e-4;
static const double m[BODIES] = {1.00000597682,      0.000954786104043,  0.000285583733151,
                                 0.0000437273164546, 0.0000517759138449, 1 / 1.3e8};

static inline double velocity(const double *p, int k) { return p[k] / m[k / 3]; }

static inline void force(const double *restrict q, double *restrict F)
{
    for (int k = 0; k < 3 * BODIES; k++)
        F[k] = 0;
    for (int i = 0; i < BODIES; i++)
        for (int j = 0; j < i; j++) {
            double dx = q[3 * i] - q[3 * j], dy = q[3 * i + 1] - q[3 * j + 1],
                   dz = q[3 * i + 2] - q[3 * j + 2];
            double r2 = dx * dx + dy * dy + dz * dz;
            double g = G * m[i] * m[j] / (r2 * sqrt(r2));
            F[3 * i] -= g * dx, F[3 * i + 1] -= g * dy, F[3 * i + 2] -= g * dz;
            F[3 * j] += g * dx, F[3 * j + 1] += g * dy, F[3 * j + 2] += g * dz;
        }
}
