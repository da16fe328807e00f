import type { Json, JsonObject } from '../../../src/model/message.ts';
import { isObject, textOf } from './json.ts';
import { refuse } from './refusal.ts';

/** What all strict schemas of a request hold together; there are limits on the sums. */
export interface SchemaSums {
  optional: number;
  unions: number;
}

const UNSUPPORTED: Readonly<Record<string, readonly string[]>> = {
  object: ['minProperties', 'maxProperties', 'patternProperties', 'propertyNames'],
  array: ['maxItems', 'uniqueItems', 'contains', 'prefixItems'],
  string: ['minLength', 'maxLength'],
  integer: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
};

/**
 * Item 28: the subset of JSON Schema that strict tools and structured outputs compile. Refuses the first thing
 * outside of it; `where` is the path that the error names. Adds to `sums`.
 */
export function checkSchema(schema: JsonObject, where: string, sums: SchemaSums = { optional: 0, unions: 0 }): void {
  const types = Array.isArray(schema['type']) ? schema['type'] : [schema['type']];
  if (types.length > 1 || Array.isArray(schema['anyOf'])) sums.unions += 1;
  for (const type of types.map((type) => textOf(type))) {
    const bad = UNSUPPORTED[type]?.find((keyword) => schema[keyword] !== undefined);
    if (bad !== undefined) refuse(28, `${where}: For '${type}' type, property '${bad}' is not supported`);
  }
  const least = schema['minItems'];
  if (least !== undefined && least !== 0 && least !== 1) {
    refuse(28, `${where}: For 'array' type, 'minItems' values other than 0 or 1 are not supported`);
  }
  if (/\(\?(?:[=!]|<[=!])/.test(textOf(schema['pattern']))) {
    refuse(28, `${where}: lookarounds in 'pattern' are not supported`);
  }
  const reference = schema['$ref'];
  if (typeof reference === 'string' && !reference.startsWith('#')) {
    refuse(28, `${where}: external '$ref' is not supported`);
  }
  if (types.includes('object')) checkObject(schema, where, sums);
  for (const [name, part] of partsOf(schema)) checkSchema(part, `${where}.${name}`, sums);
}

function checkObject(schema: JsonObject, where: string, sums: SchemaSums): void {
  if (schema['additionalProperties'] !== false) {
    refuse(28, `${where}: For 'object' type, 'additionalProperties' must be explicitly set to false`);
  }
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  const properties = isObject(schema['properties']) ? Object.keys(schema['properties']) : [];
  sums.optional += properties.filter((name) => !required.includes(name)).length;
}

function partsOf(schema: JsonObject): Array<[string, JsonObject]> {
  const holders: Array<[string, Json | undefined]> = [
    ...named('properties', schema['properties']),
    ...named('$defs', schema['$defs']),
    ...named('definitions', schema['definitions']),
    ['items', schema['items']],
    ...listed('anyOf', schema['anyOf']),
    ...listed('allOf', schema['allOf']),
  ];
  return holders.flatMap(([name, part]): Array<[string, JsonObject]> => (isObject(part) ? [[name, part]] : []));
}

function named(holder: string, value: Json | undefined): Array<[string, Json]> {
  return isObject(value) ? Object.entries(value).map(([name, part]) => [`${holder}.${name}`, part]) : [];
}

function listed(holder: string, value: Json | undefined): Array<[string, Json]> {
  return Array.isArray(value) ? value.map((part, index) => [`${holder}.${index}`, part]) : [];
}

/** The limits on the strict schemas of one request, taken together. */
export function checkSums(strictTools: number, sums: SchemaSums): void {
  if (strictTools > 20) refuse(28, `tools: at most 20 tools may be strict. Found ${strictTools}.`);
  if (sums.optional > 24) {
    refuse(28, `tools: strict schemas may have at most 24 optional parameters in total. Found ${sums.optional}.`);
  }
  if (sums.unions > 16) {
    refuse(28, `tools: strict schemas may have at most 16 parameters with a union type. Found ${sums.unions}.`);
  }
}
