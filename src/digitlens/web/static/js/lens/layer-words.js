// A layer in plain words.

import { NOT_A_DIGIT } from '../answers.js';
import { number } from './numbers.js';
import { leftToRight, t, tn } from '../words.js';

/**
 * Titles of all layers, such as "Convolution 2", and what each does, in one line.
 * @param {object[]} layers of a network's description
 * @returns {{title: string, what: string, facts: string}[]} `facts`: shape and parameters
 */
export function layerWords(layers) {
  const counts = {};
  return layers.map((layer, place) => {
    counts[layer.kind] = (counts[layer.kind] ?? 0) + 1;
    const isLast = place === layers.length - 1;
    return {
      title: isLast ? t('The scores') : titleOf(layer.kind, counts[layer.kind]),
      what: whatOf(layer, isLast),
      facts: factsOf(layer),
    };
  });
}

/**
 * How the layers and units of a network are called. A spot is {row, column, channel}; people count from 1.
 * @param {object[]} layers
 */
export function makeWording(layers) {
  const titles = new Map(layers.map(({ name }, place) => [name, layerWords(layers)[place].title]));
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  const last = layers.at(-1).name;
  const title = (name) => titles.get(name);

  /** "Convolution 1, map 5" */
  const map = (name, channel) => (byName.get(name).kind === 'input'
    ? title(name)
    : t('{title}, map {map}', { title: title(name), map: number(channel + 1) }));

  /** "map 5, row 13, column 9"; of a score "the score of 7" */
  function spot(name, { row, column, channel }) {
    const layer = byName.get(name);
    const values = { map: number(channel + 1), row: number(row + 1), column: number(column + 1) };
    if (name === last) return t('the score of “{answer}”', { answer: answerWords(channel) });
    if (layer.kind === 'input') return t('row {row}, column {column}', values);
    if (isPicture(layer)) return t('map {map}, row {row}, column {column}', values);
    const from = byName.get(layer.inputs[0]);
    if (layer.kind !== 'flatten' || !isPicture(from)) return t('number {map}', values);
    const { width, channels } = sizeOf(from.shape);
    const place = Math.floor(channel / channels);
    const source = { row: Math.floor(place / width), column: place % width, channel: channel % channels };
    return t('number {map}, from {source}', { ...values, source: spot(from.name, source) });
  }

  /** "Convolution 1, map 5, row 13, column 9" */
  const unit = (name, place) => (name === last
    ? t('The score of “{answer}”', { answer: answerWords(place.channel) })
    : t('{title}, {spot}', { title: title(name), spot: spot(name, place) }));
  /** The same, shorter where the layer only hands on what a map gave. */
  const source = (name, place) => (byName.get(name).kind === 'flatten' ? spot(name, place) : unit(name, place));
  return { title, map, spot, unit, source };
}

/** Rows, columns and channels of a layer; what is no picture is one place with many channels. */
export function sizeOf(shape) {
  return shape.length === 3 ? { height: shape[0], width: shape[1], channels: shape[2] } : { height: 1, width: 1, channels: shape.at(-1) };
}

/** Whether its channels are maps, so pictures. */
export const isPicture = ({ shape }) => shape.length === 3;

/** "3", "not a digit". @param {number} place of the answer, 0 to 10 */
export const answerWords = (place) => (place === NOT_A_DIGIT ? t('not a digit') : String(place));

/** What the activation function does, in a clause. */
export function activationWords(activation) {
  return {
    relu: t('ReLU: below zero becomes zero, the rest stays'),
    relu6: t('ReLU6: below zero becomes zero, above six becomes six'),
    tanh: t('tanh: squeezed between −1 and 1'),
    sigmoid: t('sigmoid: squeezed between 0 and 1'),
    leaky_relu: t('leaky ReLU: below zero becomes a small part of it'),
    elu: t('ELU: below zero levels off'),
    hard_swish: t('hard swish: below zero fades to zero'),
  }[activation] ?? t('activation');
}

function titleOf(kind, count) {
  const values = { number: number(count) };
  return {
    input: t('The frame'),
    convolution: t('Convolution {number}', values),
    depthwise: t('Convolution map by map {number}', values),
    max_pool: t('Pooling {number}', values),
    average_pool: t('Pooling {number}', values),
    flatten: t('One long row'),
    dense: t('Dense layer {number}', values),
    add: t('Addition {number}', values),
    activation: t('Activation {number}', values),
    mean: t('Mean {number}', values),
    scale: t('Scaling {number}', values),
  }[kind] ?? kind;
}

function whatOf(layer, isLast) {
  const { height, width, channels } = sizeOf(layer.shape);
  const [rows, columns] = layer.kernel?.shape?.slice(-3) ?? [];
  const values = {
    count: number(channels), height: number(height), width: number(width), numbers: number(height * width * channels),
    rows: number(layer.kernelShape?.[0] ?? rows ?? 0), columns: number(layer.kernelShape?.[1] ?? columns ?? 0),
    down: number(layer.pool?.[0] ?? 0), across: number(layer.pool?.[1] ?? 0),
    inputs: number(layer.kernelShape?.at(-2) ?? 0),
  };
  if (isLast) return t('{count} sums over all {inputs} numbers, one for each answer', values);
  return {
    input: t('{height} × {width} grey values, ink bright'),
    convolution: layer.kernelShape?.[2] === 1
      ? t('{count} kernels of {rows} × {columns} slide over the frame')
      : t('{count} kernels of {rows} × {columns} slide over the maps above'),
    depthwise: t('one kernel of {rows} × {columns} for each map'),
    max_pool: t('the strongest of each {down} × {across} is kept'),
    average_pool: t('the mean of each {down} × {across}'),
    flatten: t('the same {numbers} numbers, now in one row'),
    dense: t('{count} sums over all {inputs} numbers'),
    add: t('two layers, added place by place'),
    activation: activationWords(layer.activation),
    mean: t('the mean of each map'),
    scale: t('each map times a number, plus a number'),
  }[layer.kind]?.replace(/\{(\w+)\}/g, (_, name) => values[name]) ?? '';
}

function factsOf({ shape, parameters }) {
  const size = leftToRight(shape.map((side) => number(side)).join(' × '));
  if (!parameters) return size;
  return `${size} · ${tn('{shown} parameter', '{shown} parameters', parameters, { shown: number(parameters) })}`;
}
