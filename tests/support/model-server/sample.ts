import type { Json, JsonObject } from '../../../src/model/message.ts';
import { isObject } from './json.ts';

/** The smallest value that fits a JSON schema: what a model without anything to say would answer. */
export function sample(schema: JsonObject, root: JsonObject = schema, depth = 0): Json {
  // A schema that contains itself would never end; the empty answer is as small as it gets.
  if (depth > 16) return null;
  const of = (part: Json | undefined) => (isObject(part) ? sample(part, root, depth + 1) : null);

  if (typeof schema['$ref'] === 'string') return of(resolve(schema['$ref'], root));
  if (schema['const'] !== undefined) return schema['const'];
  if (Array.isArray(schema['enum'])) return schema['enum'][0] ?? null;
  const choices = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(choices)) return of(choices.find((choice) => isObject(choice) && isNull(choice)) ?? choices[0]);
  if (Array.isArray(schema['allOf'])) return of(schema['allOf'].find(isObject));

  const types = Array.isArray(schema['type']) ? schema['type'] : [schema['type']];
  const type = types.includes('null') ? 'null' : types[0];
  if (type === 'object') return sampleObject(schema, of);
  if (type === 'array') return Array.from({ length: numberOf(schema['minItems']) }, () => of(schema['items']));
  if (type === 'integer' || type === 'number') return numberOf(schema['minimum']);
  if (type === 'boolean') return false;
  if (type === 'string') return 'ok'.padEnd(numberOf(schema['minLength']), '.');
  return null;
}

function sampleObject(schema: JsonObject, of: (part: Json | undefined) => Json): JsonObject {
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  return Object.fromEntries(required.map((name) => [String(name), of(properties[String(name)])]));
}

function isNull(schema: JsonObject): boolean {
  return schema['type'] === 'null' || schema['const'] === null;
}

function numberOf(value: Json | undefined): number {
  return typeof value === 'number' ? value : 0;
}

function resolve(reference: string, root: JsonObject): Json | undefined {
  let at: Json | undefined = root;
  for (const step of reference.replace(/^#\/?/, '').split('/').filter(Boolean)) {
    at = isObject(at) ? at[step] : undefined;
  }
  return at;
}
