/* Kepler's problem, as src/geoflow/problems/kepler.py writes it. */
#define D 4

static inline double velocity(const double *p, int k) { return p[k]; }

static inline void force(const double *restrict q, double *restrict F)
{
    double r2 = q[0] * q[0] + q[1] * q[1], r3 = r2 * sqrt(r2);
    F[0] = -q[0] / r3;
    F[1] = -q[1] / r3;
}
