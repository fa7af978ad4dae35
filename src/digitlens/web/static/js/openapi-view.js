// An OpenAPI 3 document as a plain list of operations to show. Pure: no document, no network.

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/**
 * @param {object} openapi an OpenAPI 3 document
 * @returns {{method: string, path: string, summary: string, description: string, bodyTypes: string[],
 *   bodyDescription: string, answers: {status: string, description: string, example: object | null}[]}[]}
 */
export function operationsOf(openapi) {
  const operations = Object.entries(openapi.paths ?? {}).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => operationOf(method, path, item[method], openapi)));
  const takesBody = ({ bodyTypes }) => Number(bodyTypes.length > 0);
  return operations.sort((a, b) => takesBody(b) - takesBody(a)); // what people came for, before the health checks
}

function operationOf(method, path, operation, openapi) {
  return {
    method: method.toUpperCase(),
    path,
    summary: operation.summary ?? '',
    description: operation.description ?? '',
    bodyTypes: Object.keys(operation.requestBody?.content ?? {}),
    bodyDescription: operation.requestBody?.description ?? '',
    answers: Object.entries(operation.responses ?? {}).map(([status, response]) => answerOf(status, response, openapi)),
  };
}

function answerOf(status, response, openapi) {
  const { description = '', content = {} } = resolve(response, openapi);
  const [first] = Object.values(content);
  return { status, description, example: first ? exampleOf(first, openapi) : null };
}

function exampleOf({ example, examples, schema }, openapi) {
  if (example !== undefined) return example;
  const [named] = Object.values(examples ?? {});
  if (named) return named.value;
  return schema ? skeletonOf(schema, openapi) : null;
}

/** What a value of a schema looks like where no example is given: names with their types. */
export function skeletonOf(schema, openapi, depth = 0) {
  const { type, properties, items, example } = resolve(schema, openapi);
  if (example !== undefined) return example;
  if (depth > 8) return '…';
  if (properties) {
    return Object.fromEntries(Object.entries(properties).map(([name, part]) => [name, skeletonOf(part, openapi, depth + 1)]));
  }
  if (items) return [skeletonOf(items, openapi, depth + 1)];
  return Array.isArray(type) ? type.join(' | ') : type ?? 'any';
}

/** Follow a local reference such as "#/components/schemas/Error". */
function resolve(part, openapi) {
  if (!part?.$ref) return part ?? {};
  const target = part.$ref.split('/').slice(1).reduce((place, name) => place?.[name], openapi);
  return resolve(target, openapi);
}
