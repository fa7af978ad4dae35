import assert from 'node:assert/strict';
import test from 'node:test';

import {
  MOST_ZOOM, centredOn, middles, moved, nextTowards, pointAt, toSheet, toWindow, wholeSheet, zoomAt,
} from '../../src/digitlens/web/static/js/lens/sheet.js';

const SIDE = 500;
const near = (one, other) => assert.ok(Math.abs(one.x - other.x) < 1e-9 && Math.abs(one.y - other.y) < 1e-9, JSON.stringify([one, other]));

test('the whole sheet stands in the window with a margin', () => {
  near(toWindow(wholeSheet(), { x: 0, y: 1 }, SIDE), { x: 20, y: 480 });
});

test('a point of the window and its place belong together', () => {
  const view = { zoom: 3, x: 0.4, y: 0.6 };
  near(toWindow(view, toSheet(view, { x: 120, y: 333 }, SIDE), SIDE), { x: 120, y: 333 });
});

test('what is under the finger stays there while zooming', () => {
  const finger = { x: 300, y: 200 };
  const view = zoomAt(wholeSheet(), 4, finger, SIDE);
  assert.equal(view.zoom, 4);
  near(toSheet(view, finger, SIDE), toSheet(wholeSheet(), finger, SIDE));
});

test('zoom has both ends, and the smallest shows the whole sheet in the middle', () => {
  assert.equal(zoomAt(wholeSheet(), 1000, { x: 0, y: 0 }, SIDE).zoom, MOST_ZOOM);
  assert.deepEqual(zoomAt({ zoom: 6, x: 0.9, y: 0.1 }, 0.01, { x: 0, y: 0 }, SIDE), { zoom: 1, x: 0.5, y: 0.5 });
});

test('the window does not leave the sheet', () => {
  assert.deepEqual(moved({ zoom: 2, x: 0.5, y: 0.5 }, 1e6, -1e6, SIDE), { zoom: 2, x: 0.75, y: 0.25 });
  assert.deepEqual(centredOn(wholeSheet(), { x: 0, y: 1 }, 4), { zoom: 4, x: 0.125, y: 0.875 });
  assert.equal(centredOn({ zoom: 9, x: 0.5, y: 0.5 }, { x: 0.5, y: 0.5 }, 4).zoom, 9);
});

test('a finger finds the nearest digit within its reach', () => {
  const places = [{ x: 0.5, y: 0.5 }, { x: 0.52, y: 0.5 }];
  assert.equal(pointAt(wholeSheet(), places, { x: 258, y: 251 }, SIDE, 20), 1);
  assert.equal(pointAt(wholeSheet(), places, { x: 300, y: 300 }, SIDE, 20), -1);
});

test('an arrow key goes to a digit in its direction', () => {
  const places = [{ x: 0.5, y: 0.5 }, { x: 0.6, y: 0.52 }, { x: 0.9, y: 0.5 }, { x: 0.5, y: 0.2 }];
  assert.equal(nextTowards(places, places[0], 1, 0), 1);
  assert.equal(nextTowards(places, places[0], 0, -1), 3);
  assert.equal(nextTowards(places, places[0], -1, 0), -1);
});

test('from every digit, arrow keys reach another one', () => {
  const places = Array.from({ length: 60 }, (_, at) => ({ x: ((at * 37) % 60) / 60, y: ((at * 17) % 60) / 60 }));
  for (const place of places) {
    const next = [[1, 0], [-1, 0], [0, 1], [0, -1]].map(([dx, dy]) => nextTowards(places, place, dx, dy));
    assert.ok(next.some((index) => index >= 0));
  }
});

test('the middle of a group is its median', () => {
  const places = [{ x: 0, y: 0 }, { x: 0.2, y: 0.1 }, { x: 1, y: 1 }, { x: 0.5, y: 0.5 }];
  assert.deepEqual(middles(places, [7, 7, 7, 1]), [{ label: 7, x: 0.2, y: 0.1 }, { label: 1, x: 0.5, y: 0.5 }]);
});
