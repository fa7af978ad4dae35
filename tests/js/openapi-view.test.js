import assert from 'node:assert/strict';
import { test } from 'node:test';

import { operationsOf, skeletonOf } from '../../src/digitlens/web/static/js/openapi-view.js';

const OPENAPI = {
  paths: {
    '/api/v1/readings': {
      post: {
        summary: 'Read a picture.',
        requestBody: { description: 'One picture.', content: { 'image/*': {}, 'multipart/form-data': {} } },
        responses: {
          200: { description: 'Read', content: { 'application/json': { schema: { $ref: '#/components/schemas/Readings' } } } },
          413: { $ref: '#/components/responses/TooLarge' },
        },
      },
    },
    '/healthz': { get: { responses: { 200: { description: 'OK' } } } },
  },
  components: {
    schemas: {
      Readings: { type: 'object', properties: { readings: { type: 'array', items: { $ref: '#/components/schemas/Page' } } } },
      Page: { type: 'object', properties: { text: { type: 'string' }, page: { type: 'integer' } } },
    },
    responses: { TooLarge: { description: 'Too large', content: { 'application/json': { example: { error: { code: 'too_large' } } } } } },
  },
};

test('operations that take a picture come first, then the order of the document', () => {
  const turned = { ...OPENAPI, paths: Object.fromEntries(Object.entries(OPENAPI.paths).reverse()) };
  assert.equal(operationsOf(turned)[0].path, '/api/v1/readings');
  assert.deepEqual(operationsOf(OPENAPI).map(({ method, path }) => `${method} ${path}`), ['POST /api/v1/readings', 'GET /healthz']);
});

test('an operation has its content types and its answers', () => {
  const [post, health] = operationsOf(OPENAPI);
  assert.deepEqual(post.bodyTypes, ['image/*', 'multipart/form-data']);
  assert.deepEqual(post.answers[1], { status: '413', description: 'Too large', example: { error: { code: 'too_large' } } });
  assert.deepEqual(health.answers, [{ status: '200', description: 'OK', example: null }]);
});

test('where no example is given, the schema shows what the answer looks like', () => {
  assert.deepEqual(operationsOf(OPENAPI)[0].answers[0].example, { readings: [{ text: 'string', page: 'integer' }] });
});

test('a schema that holds itself comes to an end', () => {
  const openapi = { components: { schemas: { Node: { properties: { next: { $ref: '#/components/schemas/Node' } } } } } };
  assert.match(JSON.stringify(skeletonOf({ $ref: '#/components/schemas/Node' }, openapi)), /…/);
});
