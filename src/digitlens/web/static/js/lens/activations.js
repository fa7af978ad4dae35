// Activation functions and their slopes, as LiteRT computes them. Pure.

/** Name to `of(before, alpha)` and `slope(before, value, alpha)`, where `value` is what `of` gave. At a kink: the left one. */
export const ACTIVATIONS = {
  relu: { of: (x) => (x > 0 ? x : 0), slope: (x) => (x > 0 ? 1 : 0) },
  relu6: { of: (x) => Math.min(Math.max(x, 0), 6), slope: (x) => (x > 0 && x < 6 ? 1 : 0) },
  tanh: { of: Math.tanh, slope: (x, value) => 1 - value * value },
  sigmoid: { of: (x) => 1 / (1 + Math.exp(-x)), slope: (x, value) => value * (1 - value) },
  leaky_relu: { of: (x, alpha) => (x > 0 ? x : alpha * x), slope: (x, value, alpha) => (x > 0 ? 1 : alpha) },
  elu: { of: (x) => (x > 0 ? x : Math.expm1(x)), slope: (x) => (x > 0 ? 1 : Math.exp(x)) },
  hard_swish: {
    of: (x) => (x * Math.min(Math.max(x + 3, 0), 6)) / 6,
    slope: (x) => (x <= -3 ? 0 : x >= 3 ? 1 : (2 * x + 3) / 6),
  },
};
