import { isObject, textOf } from './json.ts';
import { refuse } from './refusal.ts';
import type { Asked } from './request.ts';
import { checkSchema, checkSums } from './strict-schema.ts';

const TOOL_FIELDS = [
  ...['type', 'name', 'description', 'input_schema', 'cache_control', 'strict', 'eager_input_streaming'],
  ...['input_examples', 'defer_loading', 'allowed_callers'],
];

/** Items 25 to 28: what a tool definition must look like. Tools that the server runs itself are taken as they are. */
export function checkTools({ tools, body }: Asked): void {
  if (body['tools'] !== undefined && !Array.isArray(body['tools'])) refuse(27, 'tools: Input should be a valid list');
  const sums = { optional: 0, unions: 0 };
  let strict = 0;
  for (const [index, tool] of tools.entries()) {
    if ((tool['type'] ?? 'custom') !== 'custom') continue;
    const at = `tools.${index}.custom`;
    const name = textOf(tool['name']);
    if (name === '') refuse(25, `${at}.name: Field required`);
    if (name.length > 128) refuse(25, `${at}.name: String should have at most 128 characters`);
    if (!/^[a-zA-Z0-9_-]+$/.test(name)) {
      refuse(25, `${at}.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'`);
    }
    const extra = Object.keys(tool).find((field) => !TOOL_FIELDS.includes(field));
    if (extra !== undefined) refuse(5, `${at}.${extra}: Extra inputs are not permitted`);

    const schema = tool['input_schema'];
    if (!isObject(schema)) refuse(27, `${at}.input_schema: Field required`);
    if (schema['type'] !== 'object') {
      refuse(
        27,
        `${at}.input_schema.type: ${schema['type'] === undefined ? 'Field required' : "Input should be 'object'"}`,
      );
    }
    const choice = ['oneOf', 'allOf', 'anyOf'].find((keyword) => schema[keyword] !== undefined);
    if (choice !== undefined) {
      refuse(27, `${at}.input_schema: input_schema does not support oneOf, allOf, or anyOf at the top level`);
    }
    if (tool['strict'] === true) {
      strict += 1;
      checkSchema(schema, `${at}.input_schema`, sums);
    }
  }
  checkSums(strict, sums);
  const names = tools.map((tool) => textOf(tool['name']));
  if (new Set(names).size < names.length) refuse(26, 'tools: Tool names must be unique.');
}

/** Items 29 and 30: which tool the model may or must use. */
export function checkToolChoice({ body, tools, rules }: Asked): void {
  const choice = body['tool_choice'];
  if (choice === undefined) return;
  const type = isObject(choice) ? textOf(choice['type']) : '';
  if (!isObject(choice) || !['auto', 'any', 'tool', 'none'].includes(type)) {
    refuse(29, "tool_choice: Input should be 'auto', 'any', 'tool' or 'none'");
  }
  if (tools.length === 0) refuse(29, 'tool_choice may only be specified while providing tools.');
  const forced = type === 'any' || type === 'tool';
  if (forced && !rules.forcedTools) {
    refuse(30, 'tool_choice: type "tool" and "any" are not supported for this model.');
  }
  const name = textOf(choice['name']);
  if (type === 'tool' && !tools.some((tool) => tool['name'] === name)) {
    refuse(29, `tool_choice: Tool '${name}' not found in provided tools`);
  }
}
