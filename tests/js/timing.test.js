import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { debounce, latest } from '../../src/digitlens/web/static/js/timing.js';

function waiting() {
  const calls = [];
  const task = (signal, name) => new Promise((resolve, reject) => { calls.push({ signal, name, resolve, reject }); });
  return { calls, task };
}

test('only the latest run gives its answer, and the one before is aborted', async () => {
  const { calls, task } = waiting();
  const runs = latest(task);
  const first = runs.run('first');
  const second = runs.run('second');
  assert.equal(calls[0].signal.aborted, true);
  calls[1].resolve('two');
  calls[0].resolve('one');
  assert.equal(await first, undefined);
  assert.equal(await second, 'two');
});

test('an overtaken run that fails is silent, the latest one is not', async () => {
  const { calls, task } = waiting();
  const runs = latest(task);
  const first = runs.run();
  const second = runs.run();
  calls[0].reject(new Error('aborted'));
  calls[1].reject(new Error('offline'));
  assert.equal(await first, undefined);
  await assert.rejects(second, /offline/);
});

test('cancel silences the run under way', async () => {
  const { calls, task } = waiting();
  const runs = latest(task);
  const first = runs.run();
  runs.cancel();
  calls[0].resolve('one');
  assert.equal(await first, undefined);
});

test('a debounced action waits for a pause, runs at once on demand, and can be cancelled', async () => {
  let count = 0;
  const action = debounce(() => { count += 1; }, 60);
  action.later();
  await sleep(30);
  action.later();
  await sleep(30);
  assert.equal(count, 0, 'asked again before the pause was over');
  await sleep(90);
  assert.equal(count, 1);
  action.later();
  action.now();
  assert.equal(count, 2);
  action.later();
  action.cancel();
  await sleep(90);
  assert.equal(count, 2);
});
