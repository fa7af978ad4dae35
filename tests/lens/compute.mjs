// Runs network.js and gradients.js on a folder that test_scripts.py wrote, and writes what they give: for each frame one
// row of float32 numbers in `out.bin`, in the order of its first line in `out.json`.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [scripts, folder] = process.argv.slice(2);
const { Network } = await import(join(scripts, 'network.js'));
const { contributions, gradient, integratedGradients } = await import(join(scripts, 'gradients.js'));

const file = (name) => {
  const bytes = readFileSync(join(folder, name));
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
};
const network = Network.of(JSON.parse(readFileSync(join(folder, 'network.json'))), file('weights.tflite'));
const frames = new Float32Array(file('frames.bin'));
const factors = Array.from({ length: 11 }, (_, at) => (at === 3 ? 1 : at === 8 ? -1 : 0));

const parts = [];
const write = (values) => parts.push(Buffer.from(Float32Array.from(values).buffer));
for (let start = 0; start < frames.length; start += 784) {
  const frame = frames.slice(start, start + 784);
  const activations = network.forward(frame);
  for (const { values, before } of activations.values()) {
    write(values);
    write(before);
  }
  write(gradient(network, activations, factors));
  const { attributions, sum, difference } = await integratedGradients(network, frame, factors, { steps: 8 });
  write(attributions);
  write([sum, difference]);
  write(contributions(network, activations)?.values ?? []);
  write(network.probabilities(network.logits(frame)));
  write(network.forward(frame, { knocked: { [network.layers[2].name]: new Set([1, 2]) } }).get('logits').values);
}
writeFileSync(join(folder, 'out.bin'), Buffer.concat(parts));
