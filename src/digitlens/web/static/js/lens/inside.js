// What the inside views ask of a network. Pure: runs in the worker, in the page and in node.

/** @returns {Float32Array} (11,), the logits of a frame */
export const logitsOf = (network, frame) => logitsFrom(network.forward(frame));

/** @returns {Map<string, {values: Float32Array, shape: number[]}>} by name of the layer */
export const activationsOf = (network, frame, knocked = {}) => network.forward(frame, { knocked });

/** The answer with some channels silenced. @returns {Float32Array} (11,) probabilities */
export const answerWithout = (network, frame, knocked) => network.probabilities(logitsFrom(network.forward(frame, { knocked })));

/**
 * How much each channel of a layer matters for this frame: the answer without it, one channel after the other.
 * @yields {{channel: number, of: number}}
 * @returns {{channel: number, probabilities: Float32Array, change: number}[]} largest change first; `change` is half the
 *   sum of the absolute differences of the probabilities, the total variation distance, in [0, 1]
 */
export function* knockEach(network, frame, layer, knocked = {}) {
  const { shape } = network.layers.find(({ name }) => name === layer);
  const channels = shape.at(-1);
  const activations = network.forward(frame, { knocked });
  const real = network.probabilities(logitsFrom(activations));
  const found = [];
  for (let channel = 0; channel < channels; channel += 1) {
    if (knocked[layer]?.has(channel)) continue;
    const without = { ...knocked, [layer]: new Set([...(knocked[layer] ?? []), channel]) };
    const probabilities = network.probabilities(logitsFrom(network.forward(frame, { knocked: without, after: { layer, activations } })));
    found.push({ channel, probabilities, change: variation(real, probabilities) });
    yield { channel: channel + 1, of: channels };
  }
  return found.sort((one, other) => other.change - one.change);
}

/** Total variation distance of two answers, in [0, 1]. */
export const variation = (one, other) => one.reduce((sum, value, place) => sum + Math.abs(value - other[place]), 0) / 2;

const logitsFrom = (activations) => [...activations.values()].at(-1).values;
