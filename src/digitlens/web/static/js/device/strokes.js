// Strokes on a pad to a Reading, with nothing but the network that answers for one frame. Pure.
// Strokes that lie near each other compete in groups: alone, or several together as one digit. The network says how well
// each group reads, and the best way to divide a cluster is found by dynamic programming.

import { NOT_A_DIGIT, softmax } from '../answers.js';
import { boxAround, canBeOne, clustersOf, markOf, sharedWidth, writingHeight } from './marks.js';
import { normalise, quantised } from './normalise.js';
import { join } from './paint.js';
import { orderRows, strokesAmong, textOf } from './rows.js';

const ALTERNATIVES = 3;
const LIKELY = 0.5;
// A group that reads badly costs no more than this; without an end, one scribble would decide about its neighbours.
const LEAST = 0.02;
// A dot by itself costs less than joining it to a digit beside it: 7.1 has a point, and a digit beside a speck none.
const DOT_ALONE = 0.3;
// What it counts, in nats a stroke, that strokes of one digit lie over or under each other and not side by side.
const TOGETHER = 1.5;
// A cluster of more strokes is a scribble: it is read as one mark, whatever it is.
const MOST_IN_A_CLUSTER = 24;
const MOST_FRAMES = 96; // in one reading: a third of a second on a laptop
const MOST_KEPT = 2000; // answers of groups that may be asked for again
const SLICE_MS = 12; // then the page gets its turn

/**
 * A reader of strokes. Keep it: it knows the answers of groups that did not change since the last time.
 * @param {{classify: (frame: Float32Array) => Promise<Float32Array>, description: object}} runtime
 * @returns {{read: (strokes: object[], size: {width: number, height: number}, signal?: AbortSignal) => Promise<object>,
 *   readInk: (values: Float32Array, width: number, height: number) => Promise<object>}}
 *   a Reading as the API gives it; each digit also has its `frame`, Float32Array (784,)
 */
export function createStrokeReader({ classify, description }) {
  const answers = new Map(); // ids of a group's strokes -> {marks, box, frame, probabilities}

  async function read(strokes, size, signal) {
    const work = { left: MOST_FRAMES, since: now(), signal };
    const marks = [];
    for (const stroke of strokes) {
      if (stroke.points.length > 0) marks.push(markOf(stroke));
      await giveWay(work);
    }
    const isOnlyDots = marks.every(({ isDot }) => isDot);
    const height = writingHeight(isOnlyDots ? marks : marks.filter(({ isDot }) => !isDot));
    const { clusters, isNear } = clustersOf(marks, height);
    const groups = [];
    for (const cluster of clusters) groups.push(...await divide(cluster, height, isNear, work));
    return readingOf(groups, size, description);
  }

  /** Read ink that is one mark as it stands. Values and result as in `normalise` and `read`. */
  async function readInk(values, width, height) {
    const frame = quantised(normalise(values, width, height));
    const probabilities = softmax(await classify(frame), description.temperature);
    return readingOf([{ marks: [], box: [0, 0, width, height], frame, probabilities }], { width, height }, description);
  }

  /** The groups of a cluster that read best, [{marks, box, frame, probabilities}]. */
  async function divide(cluster, height, isNear, work) {
    if (cluster.length > MOST_IN_A_CLUSTER) return [await judge(cluster, work)];
    const byPlace = [...cluster].sort((a, b) => a.box[0] + a.box[2] / 2 - b.box[0] - b.box[2] / 2);
    const one = await bestPartition(cluster, height, isNear, work);
    const two = byPlace.every((mark, index) => mark === cluster[index]) ? one : await bestPartition(byPlace, height, isNear, work);
    return one.score >= two.score ? one.groups : two.groups;
  }

  async function bestPartition(marks, height, isNear, work) {
    const best = [{ score: 0, groups: [] }]; // of the first n marks
    for (let end = 1; end <= marks.length; end += 1) {
      for (let start = end - 1; start >= Math.max(0, end - 4); start -= 1) {
        const together = marks.slice(start, end);
        if (!canBeOne(together, height, isNear)) continue;
        const group = await judge(together, work);
        const score = best[start].score + worthOf(group);
        if (!best[end] || score > best[end].score) best[end] = { score, groups: [...best[start].groups, group] };
      }
    }
    return best[marks.length];
  }

  /** What the network says of some marks as one. */
  async function judge(marks, work) {
    const key = marks.map(({ id }) => id).sort((a, b) => a - b).join();
    if (answers.has(key)) return answers.get(key);
    if (work.left <= 0 || marks.every(({ isDot }) => isDot)) return unread(marks);
    work.left -= 1;
    const ink = join(marks.map((mark) => mark.ink));
    const frame = quantised(normalise(ink.values, ink.width, ink.height));
    const group = { marks, box: boxAround(marks), frame, probabilities: softmax(await classify(frame), description.temperature) };
    if (answers.size >= MOST_KEPT) answers.clear();
    answers.set(key, group);
    await giveWay(work);
    return group;
  }

  return { read, readInk };
}

const now = () => globalThis.performance.now();

async function giveWay(work) {
  if (now() - work.since > SLICE_MS) {
    await new Promise((resolve) => { setTimeout(resolve); });
    work.since = now();
  }
  work.signal?.throwIfAborted();
}

/** Marks that nobody need look at: a dot, or what is beyond all bounds. */
function unread(marks) {
  const probabilities = new Float32Array(NOT_A_DIGIT + 1);
  probabilities[NOT_A_DIGIT] = 1;
  return { marks, box: boxAround(marks), frame: null, probabilities };
}

function worthOf({ marks, probabilities }) {
  if (marks.every(({ isDot }) => isDot)) return Math.log(DOT_ALONE);
  const confidence = Math.max(...probabilities.subarray(0, NOT_A_DIGIT));
  const together = marks.length === 1 ? 0 : TOGETHER * (marks.length - 1) * (2 * sharedWidth(marks) - 1);
  return Math.log(Math.max(LEAST, confidence)) + together;
}

function readingOf(groups, { width, height }, { review_threshold: threshold, version }) {
  const within = ({ box }) => clipped(box, width, height);
  const isDigit = ({ probabilities }) => probabilities[NOT_A_DIGIT] < LIKELY;
  const digits = groups.filter(isDigit).map((group) => digitOf(group, within(group), threshold));
  const rows = orderRows(digits);
  const strokes = rows.flatMap(strokesAmong);
  const rejected = [...groups.filter((group) => !isDigit(group)).map(within), ...strokes.map(({ box }) => box)];
  const lines = rows.map((row) => row.filter((digit) => !strokes.includes(digit))).filter((row) => row.length > 0)
    .map((row) => ({ text: textOf(row, rejected), digits: row }));
  return {
    text: lines.map(({ text }) => text).join('\n'),
    lines,
    rejected: rejected.map((box) => ({ box })),
    width,
    height,
    model: version,
  };
}

function digitOf({ probabilities, frame }, box, threshold) {
  const ranked = [...probabilities.subarray(0, NOT_A_DIGIT).entries()].sort(([a, p], [b, q]) => q - p || a - b);
  const [value, confidence] = ranked[0];
  return { value, confidence, doubtful: confidence < threshold, box, alternatives: ranked.slice(1, 1 + ALTERNATIVES), frame };
}

/** A box in whole px, as much of it as lies on the pad. */
function clipped([left, top, width, height], padWidth, padHeight) {
  const [x, y] = [Math.max(0, Math.floor(left)), Math.max(0, Math.floor(top))];
  return [x, y, Math.max(1, Math.min(padWidth, Math.ceil(left + width)) - x), Math.max(1, Math.min(padHeight, Math.ceil(top + height)) - y)];
}
