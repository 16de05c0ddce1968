/* 64 stiff springs of frequency 50, as src/geoflow/problems/fput.py writes it. */
#define M 64
#define D (4 * M)

static inline double cube(double x) { return x * x * x; }

static inline double velocity(const double *p, int k) { return p[k]; }

static inline void force(const double *restrict q, double *restrict F)
{
    double s[M + 1];
    s[0] = cube(q[0] - q[M]), s[M] = -cube(q[M - 1] + q[2 * M - 1]);
    for (int i = 0; i < M - 1; i++)
        s[i + 1] = cube(q[i + 1] - q[M + i + 1] - q[i] - q[M + i]);
    for (int i = 0; i < M; i++) {
        F[i] = s[i + 1] - s[i];
        F[M + i] = s[i + 1] + s[i] - 2500.0 * q[M + i];
    }
}
