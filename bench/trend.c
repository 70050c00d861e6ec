/*
 * The yardstick of the trend kernel: Theil-Sen slope and Mann-Kendall Z of every pixel as one would write them in C, a
 * plain loop in single precision with a quickselect for the median. One thread, made-up seeded stack, 8 % missing.
 *
 * Run: gcc -O3 -o /tmp/trend bench/trend.c -lm && /tmp/trend [years ...]
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { SIDE = 512, PIXELS = SIDE * SIDE, REPEATS = 3 };

static uint32_t state;

/* Mulberry32: uniform in [0, 1); the same stack as in kernels.ts. */
static double uniform(void) {
  state += 0x6d2b79f5u;
  uint32_t word = (state ^ (state >> 15)) * (1 | state);
  word = (word + (word ^ (word >> 7)) * (61 | word)) ^ word;
  return (word ^ (word >> 14)) / 4294967296.0;
}

static void fill(float *stack, int years) {
  state = (uint32_t)years;
  for (int pixel = 0; pixel < PIXELS; pixel++) {
    double level = 0.2 + 0.7 * uniform();
    double drift = 0.02 * (uniform() - 0.5);
    for (int t = 0; t < years; t++) {
      double noise = uniform();
      noise += uniform();
      noise = 0.05 * (noise + uniform() - 1.5);
      double cover = fmin(1, fmax(0, level + drift * t + noise));
      stack[(size_t)t * PIXELS + pixel] = uniform() < 0.08 ? NAN : (float)cover;
    }
  }
}

/* Hoare's quickselect: the value of rank k, none before it larger, none after it smaller. */
static float select_rank(float *values, int n, int k) {
  int left = 0, right = n - 1;
  while (left < right) {
    float pivot = values[(left + right) >> 1];
    int i = left, j = right;
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i > j) break;
      float value = values[i];
      values[i++] = values[j];
      values[j--] = value;
    }
    if (k <= j) right = j;
    else if (k >= i) left = i;
    else break;
  }
  return values[k];
}

static void trend(const float *stack, int years, float *slope, float *z) {
  float *x = malloc(years * sizeof *x);
  float *t = malloc(years * sizeof *t), *slopes = malloc((size_t)years * years / 2 * sizeof *slopes + 8);
  for (int pixel = 0; pixel < PIXELS; pixel++) {
    int n = 0;
    for (int k = 0; k < years; k++) {
      float value = stack[(size_t)k * PIXELS + pixel];
      if (value == value) {
        x[n] = value;
        t[n++] = 2000 + k;
      }
    }
    if (n < 4) {
      slope[pixel] = z[pixel] = NAN;
      continue;
    }
    int s = 0, m = 0;
    for (int i = 0; i < n - 1; i++) {
      for (int j = i + 1; j < n; j++) {
        float rise = x[j] - x[i];
        s += (rise > 0) - (rise < 0);
        slopes[m++] = rise / (t[j] - t[i]);
      }
    }
    float upper = select_rank(slopes, m, m / 2), lower = upper;
    if (m % 2 == 0) {
      lower = slopes[0];
      for (int i = 1; i < m / 2; i++)
        if (slopes[i] > lower) lower = slopes[i];
    }
    for (int i = 1; i < n; i++) {
      float value = x[i];
      int place = i;
      for (; place > 0 && x[place - 1] > value; place--) x[place] = x[place - 1];
      x[place] = value;
    }
    double variance = n * (n - 1.) * (2 * n + 5);
    for (int i = 0; i < n;) {
      int end = i + 1;
      while (end < n && x[end] == x[i]) end++;
      double size = end - i;
      variance -= size * (size - 1) * (2 * size + 5);
      i = end;
    }
    slope[pixel] = (lower + upper) / 2;
    z[pixel] = s == 0 ? 0 : (float)((s - (s > 0 ? 1 : -1)) / sqrt(variance / 18));
  }
  free(x);
  free(t);
  free(slopes);
}

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec + now.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
  int all[] = {5, 10, 20, 40};
  int count = argc > 1 ? argc - 1 : 4;
  for (int a = 0; a < count; a++) {
    int years = argc > 1 ? atoi(argv[a + 1]) : all[a];
    float *stack = malloc(sizeof(float) * PIXELS * (size_t)years);
    float *slope = malloc(sizeof(float) * PIXELS), *z = malloc(sizeof(float) * PIXELS);
    fill(stack, years);
    double best = INFINITY;
    for (int repeat = 0; repeat < REPEATS; repeat++) {
      double start = seconds();
      trend(stack, years, slope, z);
      best = fmin(best, seconds() - start);
    }
    double sum = 0;
    for (int i = 0; i < PIXELS; i++)
      if (slope[i] == slope[i]) sum += fabs(slope[i]) + fabs(z[i]);
    printf("C n = %-3d %.3f Mpixel/s (sum %.9g)\n", years, PIXELS / best / 1e6, sum);
    free(stack);
    free(slope);
    free(z);
  }
  return 0;
}
