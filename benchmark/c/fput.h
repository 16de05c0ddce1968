/* 64 stiff springs of frequency 50, as src/geoflow/problems/fput.py writes it. */
#define M 64
#define D (4 * M)

static inline double cube(double x) { return x * x * x; }

static inline double velocity(const double *p, int k) { return p[k]; }

static inline void force(const double *restrict q, double *restrict F)
{
    for (int i = 0; i < M; i++)
        F[i] = 0;
    for (int i = 0; i < M; i++)
        F[M + i] = -2500.0 * q[M + i];
    double left = cube(q[0] - q[M]), right = cube(q[M - 1] + q[2 * M - 1]);
    F[0] -= left, F[M] += left;
    F[M - 1] -= right, F[2 * M - 1] -= right;
    for (int i = 0; i < M - 1; i++) {
        double spring = cube(q[i + 1] - q[M + i + 1] - q[i] - q[M + i]);
        F[i + 1] -= spring, F[M + i + 1] += spring;
        F[i] += spring, F[M + i] += spring;
    }
}
